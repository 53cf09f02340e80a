import { stepState } from '../migrate/journal.ts';
import type { JournalEntry } from '../migrate/ports.ts';
import type { PermissionModel } from '../model/vault.ts';
import type { VaultPlan } from '../plan/plan.ts';

/** How far a vault has come. */
export interface VaultStatus {
  readonly vaultId: string;
  readonly name: string;
  readonly state: 'blocked' | 'alreadyOnRbac' | 'planned' | 'staging' | 'staged' | 'settled' | 'verified' | 'flipped' | 'rolledBack';
  /** What Azure says now; null when it could not be read. */
  readonly permissionModel: PermissionModel | null;
  readonly assignments: { readonly done: number; readonly planned: number };
  /** Steps that were begun and have no end in the journal: the next run asks Azure about them. */
  readonly open: readonly string[];
}

export function vaultStatus(plan: VaultPlan, entries: readonly JournalEntry[], permissionModel: PermissionModel | null): VaultStatus {
  const assigns = plan.steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const states = new Map(plan.steps.map((step) => [step.id, stepState(entries, step.id).state]));
  const done = assigns.filter((step) => states.get(step.id) === 'done').length;
  const isOpen = (state: string | undefined) => state === 'began' || state === 'undoBegan';
  return {
    vaultId: plan.vaultId,
    name: plan.name,
    state: stateOf(plan, entries, permissionModel, { done, planned: assigns.length }, states),
    permissionModel,
    assignments: { done, planned: assigns.length },
    open: plan.steps.filter((step) => isOpen(states.get(step.id))).map((step) => step.id),
  };
}

function stateOf(
  plan: VaultPlan,
  entries: readonly JournalEntry[],
  model: PermissionModel | null,
  { done, planned }: VaultStatus['assignments'],
  states: ReadonlyMap<string, string>,
): VaultStatus['state'] {
  if (plan.state !== 'ready') return plan.state;
  if (model === 'azureRbac') return 'flipped';
  const flip = plan.steps.find((step) => step.kind === 'flip');
  if (flip !== undefined && states.get(flip.id) === 'undone') return 'rolledBack';
  const last = entries.filter((entry) => entry.vaultId === plan.vaultId).at(-1)?.event;
  if (last === 'verified' || last === 'bundleWritten') return 'verified';
  if (last === 'settled') return 'settled';
  if (planned > 0 && done === planned) return 'staged';
  return [...states.values()].every((state) => state === 'notBegun') ? 'planned' : 'staging';
}
