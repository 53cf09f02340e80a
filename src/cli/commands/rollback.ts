import path from 'node:path';
import { selectionOf } from '../../inventory/selection.ts';
import type { Bundle } from '../../migrate/bundle.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { KnownError } from '../../model/known-error.ts';
import { plainText } from '../../report/plain-text.ts';
import { removalLines } from '../../rollback/removal-lines.ts';
import { rollBack, rollbackDigest, vaultIdOf, type WayBack } from '../../rollback/roll-back.ts';
import { askConsent } from '../consent.ts';
import { findBundles, readBundleFile } from '../edges/bundle-files.ts';
import type { Io } from '../io.ts';
import { afterRollback } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { isFile, readTextFile } from '../read-text-file.ts';
import { reportResults } from '../report-results.ts';
import { withPorts } from '../run-migration.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { stateFolder } from '../state-folder.ts';
import { viewOf } from '../view.ts';
import { bundleLabels, planLabels, type StepLabels } from '../views/migration-view.ts';

export interface RollbackRequest extends CommonOptions {
  /** A bundle file, a plan file, or a vault's name or id. */
  readonly what: string;
  readonly removeAssignments?: boolean;
  readonly yes?: boolean;
}

/**
 * Flips back, one vault after the other: the flag first, because that ends an outage. What is to be removed besides is read from
 * Azure and shown before anybody is asked.
 */
export async function rollbackCommand(request: RollbackRequest, io: Io): Promise<number> {
  const found = await waysBack(request, io);
  const opened = request.removeAssignments === true ? await openSession(request, 'write', io) : undefined;
  const { ways, labels } = found ?? (await wayOfVault(request.what, opened, io));
  if (opened !== undefined) await showRemovals(ways, opened, request, io);
  await askConsent('rollback', ways.map(vaultName), request.yes, io);
  const session = opened ?? (await openSession(request, 'write', io));
  const results: VaultResult[] = [];
  for (const way of ways) results.push(await goBack(way, session, request, io, labels));
  const code = reportResults(results, request, io);
  for (const line of afterRollback(results, request.removeAssignments === true, request.what)) viewOf(request, io).note(line);
  return code;
}

/** One way back, with the journal of the plan it belongs to. `labels` is for who knows more of the steps than a bundle does. */
export async function goBack(
  way: WayBack,
  session: Session,
  request: Omit<RollbackRequest, 'what'>,
  io: Io,
  labels: StepLabels = labelsOf(way),
): Promise<VaultResult> {
  const planDigest = rollbackDigest(way);
  const options = { removeAssignments: request.removeAssignments === true, signal: io.interrupted };
  return withPorts({ planDigest, labels }, session, request, io, (ports) =>
    rollBack(way, options, { ports, catalogue: session.catalogue }),
  );
}

interface WaysBack {
  readonly ways: readonly WayBack[];
  /** A plan knows people by their names, a bundle by their ids. */
  readonly labels?: StepLabels;
}

/** @returns undefined for a vault that has no bundle here, of which only Azure can tell. @throws KnownError (usage) when nothing fits. */
async function waysBack({ what, state, removeAssignments = false }: RollbackRequest, io: Io): Promise<WaysBack | undefined> {
  const bundles = path.join(stateFolder(state, io.cwd).root, 'bundles');
  const file = path.resolve(io.cwd, what);
  if (await isFile(file)) {
    const text = await readTextFile(file, io.cwd, 'the file', 'BUNDLE_UNREADABLE');
    if (!/"format"\s*:\s*"keyturn-plan"/.test(text.slice(0, 2000))) return { ways: [fromBundle(await readBundleFile(file))] };
    return waysOfPlan(what, bundles, removeAssignments, io);
  }
  const found = await findBundles(bundles, what);
  const [only] = found;
  if (only !== undefined && found.length === 1) return { ways: [fromBundle(only)] };
  if (found.length > 1) {
    throw new KnownError(
      'usage',
      'BUNDLE_AMBIGUOUS',
      `several vaults are called \`${what}\``,
      "give the vault's resource id, or the bundle file",
    );
  }
  if (removeAssignments) return undefined;
  const message = `\`${what}\` is no file, and \`${path.relative(io.cwd, bundles) || bundles}\` has no rollback bundle of such a vault`;
  throw new KnownError(
    'usage',
    'BUNDLE_MISSING',
    message,
    `give the bundle file, the plan file, or the --state folder of the run that flipped; where nothing was flipped, \`keyturn rollback ${what} --remove-assignments\` removes what keyturn assigned`,
  );
}

/** A vault without a bundle: what keyturn made there is known by its names. @throws KnownError (usage) VAULT_UNKNOWN. */
async function wayOfVault(what: string, session: Session | undefined, io: Io): Promise<WaysBack> {
  if (session === undefined) throw new Error('only a removal goes without a bundle');
  const { vaults, unreadable } = await session.read(await selectionFromOptions([what], {}, io), sparing);
  const [only] = vaults;
  if (only === undefined) {
    const because = unreadable.map(({ subject, because: why }) => `${subject}: ${why}`).join('; ');
    throw new KnownError('undetermined', 'VAULT_UNREADABLE', `\`${what}\` could not be read: ${because}`, 'get the right to read it');
  }
  const { id, tenantId: vaultTenantId } = only.vault;
  return { ways: [{ kind: 'vault', vault: { id, vaultTenantId, ...session.place } }] };
}

/** Whatever bears our names at the vaults, one line each. A vault that cannot be read now tells so when its turn comes. */
async function showRemovals(ways: readonly WayBack[], session: Session, request: RollbackRequest, io: Io): Promise<void> {
  const estate = await session.read(selectionOf(ways.map(vaultIdOf)), sparing).catch((error: unknown) => {
    if (error instanceof KnownError) return undefined;
    throw error;
  });
  if (estate === undefined) return;
  const view = viewOf(request, io);
  const shown = ways.flatMap((way) => removalLines(way, estate).map((line) => `  ${vaultName(way)}: ${line}`));
  view.note(shown.length === 0 ? 'keyturn has made nothing there that Azure lists' : 'to be removed, as Azure lists it:');
  for (const line of shown) view.note(plainText(line));
}

const sparing = { assignedTo: 'never' } as const;

/** A vault that was flipped goes back by its bundle; one that was only staged by the plan. */
async function waysOfPlan(file: string, bundles: string, removeAssignments: boolean, io: Io): Promise<WaysBack> {
  const plan = await loadPlan(file, io.cwd);
  const ways: WayBack[] = [];
  // An earlier plan may have staged what this one blocks.
  for (const vaultPlan of plan.vaults.filter(({ state }) => state === 'ready' || (removeAssignments && state === 'blocked'))) {
    const found = await findBundles(bundles, vaultPlan.vaultId);
    const bundle = found.find((one) => one.planDigest === plan.digest);
    ways.push(bundle === undefined ? { kind: 'staged', plan, vaultPlan } : fromBundle(bundle));
  }
  if (ways.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan changed no vault', 'there is nothing to roll back');
  return { ways, labels: planLabels(plan) };
}

function fromBundle(bundle: Bundle): WayBack {
  return { kind: 'bundle', bundle };
}

function labelsOf(way: WayBack): StepLabels {
  switch (way.kind) {
    case 'bundle':
      return bundleLabels(way.bundle);
    case 'staged':
      return planLabels(way.plan);
    case 'vault':
      return new Map();
  }
}

function vaultName(way: WayBack): string {
  const id = vaultIdOf(way);
  return id.slice(id.lastIndexOf('/') + 1);
}
