import { isElsewhere, type JournalEntry, lastEventOf, type StepState, stepState } from '../formats/journal.ts';
import type { VaultPlan } from '../formats/plan.ts';
import type { PermissionModel } from '../model/vault.ts';

/** How far a vault has come. */
export interface VaultStatus {
  readonly vaultId: string;
  readonly name: string;
  readonly state:
    | 'blocked'
    | 'alreadyOnRbac'
    | 'planned'
    | 'staging'
    | 'staged'
    | 'settled'
    | 'verified'
    | 'flipped'
    | 'flippedBack'
    | 'rolledBack'
    | 'repaired'
    | 'gone';
  /** What Azure says now; null when it could not be read. */
  readonly permissionModel: PermissionModel | null;
  /** `done`: those that Azure lists now, null when that could not be read. `journalled`: those that the journal here calls done. */
  readonly assignments: { readonly done: number | null; readonly planned: number; readonly journalled: number };
  /** Steps that were begun and have no end, neither in the journal nor in Azure: the next run asks Azure about them. */
  readonly open: readonly string[];
  /** Whether the journal here says that keyturn flipped it: then a rollback goes back without a question. */
  readonly flipJournalled: boolean;
  /** What is not as it should be for the state that was reached, in words. */
  readonly wrong: readonly string[];
  /** What could not be read, so that nobody can say, in words. */
  readonly unknown: readonly string[];
}

/** What Azure shows of a planned vault. */
export type VaultSeen =
  | { readonly kind: 'unread'; readonly because: string }
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'seen';
      readonly permissionModel: PermissionModel;
      /** Ids of the plan's steps whose work Azure lists; undefined when the lists could not be read. */
      readonly standing: ReadonlySet<string> | undefined;
      /** On Azure RBAC: what of the plan's promise does not hold, and what of it cannot be said. */
      readonly lacking?: readonly string[];
      readonly doubtful?: readonly string[];
    };

/** From Azure; the journal tells only what Azure cannot: what was begun, and by whom. */
export function vaultStatus(plan: VaultPlan, entries: readonly JournalEntry[], seen: VaultSeen): VaultStatus {
  const assigns = plan.steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const states = new Map(plan.steps.map((step) => [step.id, stepState(entries, step.id).state]));
  const journalled = assigns.filter((step) => states.get(step.id) === 'done');
  const standing = seen.kind === 'seen' ? seen.standing : undefined;
  const isOpen = (id: string) => ['began', 'undoBegan'].includes(states.get(id) ?? '') && standing?.has(id) !== true;
  const lost = standing === undefined ? [] : journalled.filter((step) => !standing.has(step.id));
  const done = standing === undefined ? null : assigns.filter((step) => standing.has(step.id)).length;
  const assignments = { done, planned: assigns.length, journalled: journalled.length };
  const state = stateOf(plan, entries, seen, assignments, states);
  return {
    vaultId: plan.vaultId,
    name: plan.name,
    state,
    permissionModel: seen.kind === 'seen' ? seen.permissionModel : null,
    assignments,
    open: plan.steps.filter((step) => isOpen(step.id)).map((step) => step.id),
    flipJournalled: plan.steps.some(({ kind, id }) => kind === 'flip' && isFlipOfOurs(stepState(entries, id))),
    wrong: [
      ...(state === 'gone' ? ['Azure knows no such vault'] : []),
      ...(state === 'flippedBack' ? ['it was flipped, and is on access policies again'] : []),
      ...(state === 'flipped' && isFlippedElsewhere(plan, entries, states)
        ? ['it was flipped elsewhere: the journal here knows of no flip']
        : []),
      ...(lost.length > 0 && state !== 'rolledBack'
        ? [`${lost.length} of the role assignments that were made ${lost.length === 1 ? 'is' : 'are'} gone`]
        : []),
      ...(seen.kind === 'seen' ? (seen.lacking ?? []) : []),
    ],
    unknown: unknownOf(plan, seen),
  };
}

function unknownOf(plan: VaultPlan, seen: VaultSeen): readonly string[] {
  if (seen.kind === 'unread') return [seen.because];
  if (seen.kind === 'gone') return [];
  const unread = seen.standing === undefined && plan.steps.length > 0 ? ['which role assignments there are could not be read'] : [];
  return [...unread, ...(seen.doubtful ?? [])];
}

/** As a rollback sees it: what was begun is asked about, and what somebody else did is not ours. */
function isFlipOfOurs(state: StepState): boolean {
  return state.state !== 'notBegun' && !isElsewhere(state);
}

/** Without any entry nobody here can say who flipped it: another machine may have. */
function isFlippedElsewhere(plan: VaultPlan, entries: readonly JournalEntry[], states: ReadonlyMap<string, string>): boolean {
  const flip = plan.steps.find((step) => step.kind === 'flip');
  return (
    lastEventOf(entries, plan.vaultId) !== undefined && flip !== undefined && ['notBegun', 'undone'].includes(states.get(flip.id) ?? '')
  );
}

function stateOf(
  plan: VaultPlan,
  entries: readonly JournalEntry[],
  seen: VaultSeen,
  { done, planned, journalled }: VaultStatus['assignments'],
  states: ReadonlyMap<string, string>,
): VaultStatus['state'] {
  if (plan.state === 'blocked' || plan.state === 'alreadyOnRbac') return plan.state;
  if (seen.kind === 'gone') return 'gone';
  const made = done ?? journalled;
  const isBegun = made > 0 || [...states.values()].some((state) => state !== 'notBegun');
  if (plan.state === 'repair') return made === planned ? 'repaired' : isBegun ? 'staging' : 'planned';
  if (seen.kind === 'seen' && seen.permissionModel === 'azureRbac') return 'flipped';
  const flip = plan.steps.find((step) => step.kind === 'flip');
  const flipped = flip === undefined ? undefined : states.get(flip.id);
  if (flipped === 'undone') return 'rolledBack';
  if (flipped === 'done' && seen.kind === 'seen') return 'flippedBack';
  if (made < planned) return isBegun ? 'staging' : 'planned';
  const last = lastEventOf(entries, plan.vaultId);
  if (last === 'verified' || last === 'bundleWritten') return 'verified';
  if (last === 'settled') return 'settled';
  return planned > 0 ? 'staged' : isBegun ? 'staging' : 'planned';
}
