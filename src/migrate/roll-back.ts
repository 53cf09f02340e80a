import { KnownError } from '../base/known-error.ts';
import { type Bundle, plannedAssignment, plannedRole } from '../formats/bundle.ts';
import { flipId } from '../formats/make-steps.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { assignSteps, roleSteps } from '../formats/planned-steps.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { plannedIdentity } from '../plan/basis.ts';
import { lenientJournal } from './lenient-journal.ts';
import { openJournal } from './open-journal.ts';
import { endedEarly } from './phases/ended-early.ts';
import type { MigrationPorts } from './ports.ts';
import { assertMayGoBack } from './rollback/assert-may-go-back.ts';
import { removeAssignments } from './rollback/remove-assignments.ts';
import { restoreVault } from './rollback/restore-vault.ts';
import type { RollbackOptions, RollbackRun } from './rollback/rollback-run.ts';
import { assertStillOnPolicies, goBackIfFlipped } from './rollback/still-on-policies.ts';
import type { VaultLease } from './state-ports.ts';
import { readVaultNow } from './vault-now.ts';
import { stopIfAsked, type VaultResult } from './vault-result.ts';
import { rollbackDigest, type VaultNamed, vaultIdOf, type WayBack } from './way-back.ts';

/**
 * Takes one vault back: the flag first, because that ends an outage; then the policies if they moved; then, if asked, our
 * assignments. Can be repeated at any point. Never throws: a result says it all.
 */
export async function rollBack(
  way: WayBack,
  options: RollbackOptions,
  deps: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): Promise<VaultResult> {
  const lines: string[] = [];
  const ports = { ...deps.ports, journal: lenientJournal(deps.ports.journal, (line) => lines.push(line)) };
  const vaultId = vaultIdOf(way);
  const where = { vaultId, name: parseVaultId(vaultId)?.name ?? vaultId };
  let run: RollbackRun | undefined;
  try {
    run = rollbackRun(way, options, { ...deps, ports });
    stopIfAsked(options.signal);
    const held = await holdOrDoWithout(run, lines);
    try {
      ports.onEvent({ kind: 'phase', phase: 'rollback', vaultId });
      const because = await goBack({ ...run, ports: { ...ports, lease: held } });
      return finished({ ...where, outcome: 'done', phase: 'rollback', because, lines }, ports);
    } finally {
      await held.release();
    }
  } catch (error) {
    const ended = endedEarly(where, error, { phase: 'rollback', signal: options.signal, standing: run?.standing ?? {} });
    return finished({ ...ended, lines: [...lines, ...ended.lines] }, ports);
  }
}

/** Another run on the vault stops a rollback; a disk that has no room for a lock does not: it may be an outage that is ended here. */
async function holdOrDoWithout({ ports, id }: RollbackRun, lines: string[]): Promise<VaultLease> {
  try {
    return await ports.holds.hold(id);
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'DISK') throw error;
    lines.push(`the rollback goes on without a lock on the vault: ${error.message}`);
    return { assertOurs: () => Promise.resolve(), release: () => Promise.resolve() };
  }
}

async function goBack(run: RollbackRun): Promise<string> {
  const now = await readVaultNow(run.ports.facts, run.id, run);
  run.standing.permissionModel = now.vault.permissionModel;
  await assertMayGoBack(run, now);
  await openJournal(run.ports.journal, run.planDigest, run.ports.clock.now());
  const restored = await restoreVault(run, now);
  run.standing.reached = restored;
  if (!run.options.removeAssignments) return restored;
  await assertStillOnPolicies(run);
  const removed = await removeAssignments(run, now);
  await goBackIfFlipped(run);
  return `${restored}; ${removed}`;
}

function rollbackRun(
  way: WayBack,
  options: RollbackOptions,
  deps: { readonly ports: MigrationPorts; readonly catalogue: Catalogue },
): RollbackRun {
  const more = { ...wayFrom(way), planDigest: rollbackDigest(way) };
  const id = parseVaultId(more.vaultId);
  if (id === undefined)
    throw new KnownError('usage', 'BUNDLE_UNREADABLE', `\`${more.vaultId}\` names no vault`, 'give an untouched bundle');
  return { ...more, ...deps, id, options, standing: {} };
}

/** What each way knows of the vault it leads back. */
export function wayFrom(way: WayBack) {
  switch (way.kind) {
    case 'bundle':
      return fromBundle(way.bundle);
    case 'staged':
      return fromPlan(way.plan, way.vaultPlan);
    case 'vault':
      return fromVault(way.vault);
  }
}

function fromBundle(bundle: Bundle) {
  const { vaultId, tenantId, cloud, assignments } = bundle;
  const was = { tenantId: bundle.vaultTenantId, createdAt: bundle.vaultCreatedAt };
  return { vaultId, tenantId, cloud, was, bundle, flip: flipOf(vaultId), assignments, roles: bundle.roles ?? [] };
}

function fromPlan(plan: Plan, vaultPlan: VaultPlan) {
  const assignments = assignSteps(vaultPlan).map(plannedAssignment);
  const roles = roleSteps(vaultPlan).map(plannedRole);
  const { tenantId, cloud } = plan;
  const was = plannedIdentity(vaultPlan.basis) ?? { tenantId };
  const { vaultId } = vaultPlan;
  return { vaultId, tenantId, cloud, was, flip: flipOf(vaultId), assignments, roles };
}

/** The flip's name follows from the vault, whatever a file says. */
function flipOf(vaultId: string): string {
  return flipId(vaultId);
}

function fromVault({ id: vaultId, vaultTenantId, tenantId, cloud }: VaultNamed) {
  return { vaultId, tenantId, cloud, was: { tenantId: vaultTenantId }, flip: '', assignments: [], roles: [] };
}

function finished(result: VaultResult, { onEvent }: MigrationPorts): VaultResult {
  onEvent({ kind: 'vaultDone', vaultId: result.vaultId, outcome: result.outcome, because: result.because });
  return result;
}
