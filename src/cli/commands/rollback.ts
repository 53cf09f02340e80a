import path from 'node:path';
import type { Bundle } from '../../migrate/bundle.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { KnownError } from '../../model/known-error.ts';
import { rollBack, type WayBack } from '../../rollback/roll-back.ts';
import { askConsent } from '../consent.ts';
import { findBundles, readBundleFile } from '../edges/bundle-files.ts';
import type { Io } from '../io.ts';
import { afterRollback } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { isFile, readTextFile } from '../read-text-file.ts';
import { reportResults } from '../report-results.ts';
import { withPorts } from '../run-migration.ts';
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

/** Flips back, one vault after the other: the flag first, because that ends an outage. */
export async function rollbackCommand(request: RollbackRequest, io: Io): Promise<number> {
  const { ways, labels } = await waysBack(request, io);
  await askConsent('rollback', ways.map(vaultName), request.yes, io);
  const session = await openSession(request, 'write', io);
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
  labels: StepLabels = way.kind === 'staged' ? planLabels(way.plan) : bundleLabels(way.bundle),
): Promise<VaultResult> {
  const planDigest = way.kind === 'staged' ? way.plan.digest : way.bundle.planDigest;
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

/** @throws KnownError (usage) when nothing fits. */
async function waysBack({ what, state }: RollbackRequest, io: Io): Promise<WaysBack> {
  const bundles = path.join(stateFolder(state, io.cwd).root, 'bundles');
  const file = path.resolve(io.cwd, what);
  if (await isFile(file)) {
    const text = await readTextFile(file, io.cwd, 'the file', 'BUNDLE_UNREADABLE');
    if (!/"format"\s*:\s*"keyturn-plan"/.test(text.slice(0, 2000))) return { ways: [fromBundle(await readBundleFile(file))] };
    return waysOfPlan(what, bundles, io);
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
  const message = `\`${what}\` is no file, and \`${path.relative(io.cwd, bundles) || bundles}\` has no rollback bundle of such a vault`;
  throw new KnownError(
    'usage',
    'BUNDLE_MISSING',
    message,
    'give the bundle file, the plan file, or the --state folder of the run that flipped',
  );
}

/** A vault that was flipped goes back by its bundle; one that was only staged by the plan. */
async function waysOfPlan(file: string, bundles: string, io: Io): Promise<WaysBack> {
  const plan = await loadPlan(file, io.cwd);
  const ways: WayBack[] = [];
  for (const vaultPlan of plan.vaults.filter((vault) => vault.state === 'ready')) {
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

function vaultName(way: WayBack): string {
  const id = way.kind === 'bundle' ? way.bundle.vaultId : way.vaultPlan.vaultId;
  return id.slice(id.lastIndexOf('/') + 1);
}
