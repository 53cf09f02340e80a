import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import type { Bundle } from '../formats/bundle.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { selectionOf } from '../inventory/selection.ts';
import { readBundleFile } from '../local/bundle-files.ts';
import { removalLines } from '../migrate/removal-lines.ts';
import type { StateStore } from '../migrate/state-ports.ts';
import { vaultIdOf, type WayBack } from '../migrate/way-back.ts';
import { plannedIdentity } from '../plan/basis.ts';
import { plainText } from '../report/plain-text.ts';
import type { Io } from './io.ts';
import { openState } from './open-state.ts';
import type { CommonOptions } from './options.ts';
import { bundleLabels, planLabels, type StepLabels } from './output/migration-view.ts';
import { type PartRequest, partOfPlan } from './part-of-plan.ts';
import { loadPlan } from './plan-files.ts';
import { isFile, readTextFile } from './read-text-file.ts';
import { selectionFromOptions } from './selection-from-options.ts';
import type { Session } from './session.ts';
import { viewOf } from './view.ts';

interface WayRequest extends CommonOptions, PartRequest {
  readonly what: string;
  readonly removeAssignments?: boolean;
}

export interface WaysBack {
  readonly ways: readonly WayBack[];
  /** Vaults that the plan blocks: an earlier one may have staged them, which only Azure can tell. */
  readonly perhaps?: readonly WayBack[];
  /** A plan knows people by their names, a bundle by their ids. */
  readonly labels?: StepLabels;
}

/** @returns undefined for a vault that has no bundle here, of which only Azure can tell. @throws KnownError (usage) when nothing fits. */
export async function waysBack(request: WayRequest, io: Io): Promise<WaysBack | undefined> {
  const { what, removeAssignments = false } = request;
  const { bundles } = await openState(request, io);
  const file = path.resolve(io.cwd, what);
  if (await isFile(file)) {
    const text = await readTextFile(file, io.cwd, 'the file', 'BUNDLE_UNREADABLE');
    if (!/"format"\s*:\s*"keyturn-plan"/.test(text.slice(0, 2000))) {
      assertWhole(request, 'a rollback bundle is of one vault');
      return { ways: [fromBundle(await readBundleFile(file))] };
    }
    return waysOfPlan(what, bundles, request, io);
  }
  assertWhole(request, `\`${what}\` is not a plan file`);
  const found = await bundles.find(what);
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
  const message = `\`${what}\` is not a file, and \`${bundles.name}\` has no rollback bundle of such a vault`;
  throw new KnownError(
    'usage',
    'BUNDLE_MISSING',
    message,
    `give the bundle file, the plan file, or the --state folder of the run that flipped; where nothing was flipped, \`keyturn rollback ${what} --remove-assignments\` removes what keyturn assigned`,
  );
}

/** @throws KnownError USAGE (usage): only a plan has vaults to choose from. */
function assertWhole({ only, except, wave }: PartRequest, because: string): void {
  if (only === undefined && except === undefined && wave === undefined) return;
  throw new KnownError(
    'usage',
    'USAGE',
    `${because}: \`--only\`, \`--except\` and \`--wave\` choose vaults of a plan`,
    'leave them out, or give the plan file',
  );
}

/** A vault without a bundle: what keyturn made there is known by its names. @throws KnownError (usage) VAULT_UNKNOWN. */
export async function wayOfVault(what: string, session: Session | undefined, io: Io): Promise<WaysBack> {
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

/** Shows whatever bears our names at the vaults, one line each. A vault that cannot be read now tells so when its turn comes. */
export async function withRemovals(named: WaysBack, session: Session, request: CommonOptions, io: Io): Promise<WaysBack> {
  const { ways, perhaps = [] } = named;
  const estate = await session.read(selectionOf([...ways, ...perhaps].map(vaultIdOf)), sparing).catch((error: unknown) => {
    if (error instanceof KnownError) return undefined;
    throw error;
  });
  if (estate === undefined) return named;
  const linesOf = (way: WayBack) => removalLines(way, estate).map((line) => `  ${vaultName(way)}: ${line}`);
  const meant = [...ways, ...perhaps.filter((way) => linesOf(way).length > 0)];
  const shown = meant.flatMap(linesOf);
  const view = viewOf(request, io);
  view.note(shown.length === 0 ? 'keyturn has made nothing there that Azure lists' : 'to be removed, as Azure lists it:');
  for (const line of shown) view.note(plainText(line));
  return { ...named, ways: meant };
}

const sparing = { assignedTo: 'never' } as const;

/** A vault that was flipped goes back by its bundle; one that was only staged by the plan. */
async function waysOfPlan(file: string, bundles: StateStore['bundles'], part: PartRequest, io: Io): Promise<WaysBack> {
  const plan = await loadPlan(file, io.cwd);
  const { vaults } = partOfPlan(plan, part);
  const ways: WayBack[] = [];
  for (const vaultPlan of vaults.filter(({ state }) => state === 'ready' || state === 'repair')) {
    const found = await bundles.find(vaultPlan.vaultId);
    const bundle = found.find((one) => one.planDigest === plan.digest);
    ways.push(bundle === undefined ? { kind: 'staged', plan, vaultPlan } : fromBundle(bundle));
  }
  const perhaps = vaults.filter(({ state }) => state === 'blocked').map((vaultPlan) => wayOfBlocked(plan, vaultPlan));
  return { ways, perhaps, labels: planLabels(plan) };
}

function wayOfBlocked({ tenantId, cloud }: Plan, { vaultId: id, basis }: VaultPlan): WayBack {
  return { kind: 'vault', vault: { id, vaultTenantId: plannedIdentity(basis)?.tenantId ?? tenantId, tenantId, cloud } };
}

function fromBundle(bundle: Bundle): WayBack {
  return { kind: 'bundle', bundle };
}

export function labelsOf(way: WayBack): StepLabels {
  switch (way.kind) {
    case 'bundle':
      return bundleLabels(way.bundle);
    case 'staged':
      return planLabels(way.plan);
    case 'vault':
      return new Map();
  }
}

export function vaultName(way: WayBack): string {
  const id = vaultIdOf(way);
  return id.slice(id.lastIndexOf('/') + 1);
}
