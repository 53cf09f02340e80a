import { type Bundle, plannedAssignment, plannedRole } from '../migrate/bundle.ts';
import { openJournal } from '../migrate/journal.ts';
import type { MigrationPorts } from '../migrate/ports.ts';
import { readVaultNow } from '../migrate/vault-now.ts';
import { resultOfError, stopIfAsked, type VaultResult } from '../migrate/vault-result.ts';
import { assignSteps, flipStep, roleSteps } from '../migrate/vault-run.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { KnownError } from '../model/known-error.ts';
import type { VaultId } from '../model/vault-id.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { plannedIdentity } from '../plan/basis.ts';
import type { Plan, VaultPlan } from '../plan/plan.ts';
import { assertMayGoBack } from './assert-may-go-back.ts';
import { removeAssignments } from './remove-assignments.ts';
import { restoreVault } from './restore-vault.ts';

/** What there is to go back with: the bundle of a flip, or, for a vault that was only staged, its plan. */
export type WayBack =
  | { readonly kind: 'bundle'; readonly bundle: Bundle }
  | { readonly kind: 'staged'; readonly plan: Plan; readonly vaultPlan: VaultPlan };

export interface RollbackOptions {
  /** Also delete the role assignments and custom roles that the journal says were begun by us. Those that were there already always stay. */
  readonly removeAssignments: boolean;
  readonly signal?: AbortSignal;
}

/** An assignment of the plan, as a rollback has to know it. */
export type OwnAssignment = Bundle['assignments'][number];

/** One vault on its way back. */
export interface RollbackRun {
  readonly id: VaultId;
  readonly vaultId: string;
  readonly tenantId: string;
  readonly cloud: string;
  readonly planDigest: string;
  /** What tells the vault from another of the same id. */
  readonly was: { readonly tenantId: string; readonly createdAt?: string | undefined };
  readonly bundle?: Bundle | undefined;
  /** The journal's name for the flip: undoing it is told under the same one. */
  readonly flip: string;
  readonly assignments: readonly OwnAssignment[];
  readonly roles: NonNullable<Bundle['roles']>;
  readonly options: RollbackOptions;
  readonly ports: MigrationPorts;
  readonly catalogue: Catalogue;
}

/**
 * Takes one vault back: the flag first, because that ends an outage; then the policies if they moved; then, if asked, our
 * assignments. Can be repeated at any point. Never throws: a result says it all.
 */
export async function rollBack(
  way: WayBack,
  options: RollbackOptions,
  deps: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): Promise<VaultResult> {
  const { ports } = deps;
  const vaultId = way.kind === 'bundle' ? way.bundle.vaultId : way.vaultPlan.vaultId;
  const where = { vaultId, name: parseVaultId(vaultId)?.name ?? vaultId };
  try {
    const run = rollbackRun(way, options, deps);
    stopIfAsked(options.signal);
    const held = await ports.holds.hold(run.id);
    try {
      ports.onEvent({ kind: 'phase', phase: 'rollback', vaultId });
      const because = await goBack(run);
      return finished({ ...where, outcome: 'done', phase: 'rollback', because, lines: [] }, ports);
    } finally {
      await held.release();
    }
  } catch (error) {
    return finished(resultOfError(where, error, 'rollback'), ports);
  }
}

async function goBack(run: RollbackRun): Promise<string> {
  const now = await readVaultNow(run.ports.facts, run.id, run);
  await assertMayGoBack(run, now);
  await openJournal(run.ports.journal, run.planDigest, run.ports.clock.now());
  const restored = await restoreVault(run, now);
  if (!run.options.removeAssignments) return restored;
  return `${restored}; ${await removeAssignments(run, now)}`;
}

function rollbackRun(
  way: WayBack,
  options: RollbackOptions,
  deps: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): RollbackRun {
  const more = way.kind === 'bundle' ? fromBundle(way.bundle) : fromPlan(way.plan, way.vaultPlan);
  const id = parseVaultId(more.vaultId);
  if (id === undefined)
    throw new KnownError('usage', 'BUNDLE_UNREADABLE', `\`${more.vaultId}\` names no vault`, 'give an untouched bundle');
  return { ...more, ...deps, id, options };
}

function fromBundle(bundle: Bundle) {
  const { vaultId, tenantId, cloud, planDigest, assignments, flipStep: flip } = bundle;
  const was = { tenantId: bundle.vaultTenantId, createdAt: bundle.vaultCreatedAt };
  return { vaultId, tenantId, cloud, planDigest, was, bundle, flip, assignments, roles: bundle.roles ?? [] };
}

function fromPlan(plan: Plan, vaultPlan: VaultPlan) {
  const assignments = assignSteps(vaultPlan).map(plannedAssignment);
  const roles = roleSteps(vaultPlan).map(plannedRole);
  const flip = flipStep(vaultPlan)?.id ?? '';
  const { tenantId, cloud, digest: planDigest } = plan;
  const was = plannedIdentity(vaultPlan.basis) ?? { tenantId };
  return { vaultId: vaultPlan.vaultId, tenantId, cloud, planDigest, was, flip, assignments, roles };
}

function finished(result: VaultResult, { onEvent }: MigrationPorts): VaultResult {
  onEvent({ kind: 'vaultDone', vaultId: result.vaultId, outcome: result.outcome, because: result.because });
  return result;
}
