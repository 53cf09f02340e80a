import { itemsRead } from '../base/reading.ts';
import type { VaultPlan } from '../formats/plan.ts';
import type { Estate } from '../model/estate.ts';
import { assignmentKey } from './assignment-name.ts';
import { isOurRole, ourAssignments } from './bears-our-name.ts';

/** Ids of the plan's steps that keyturn has taken already, by whichever run, as Azure lists what they make. */
export type MadeAlready = ReadonlySet<string>;

export const nothingMade: MadeAlready = new Set();

/** @param estate as it was read for the plan, or later; what could not be read counts as not made. */
export function madeAlready(
  { vaults }: { readonly vaults: readonly VaultPlan[] },
  { subscriptions }: Pick<Estate, 'subscriptions'>,
): MadeAlready {
  const assigned = new Set(subscriptions.flatMap(ourAssignments).map(({ id }) => assignmentKey(id)));
  const defined = new Set<string>(
    subscriptions.flatMap(({ roleDefinitions }) =>
      itemsRead(roleDefinitions)
        .filter(isOurRole)
        .map((role) => role.id),
    ),
  );
  const isMade = (step: VaultPlan['steps'][number]): boolean => {
    if (step.kind === 'ensureRoleAssignment') return assigned.has(assignmentKey(step.undo.assignmentId));
    return step.kind === 'ensureRoleDefinition' && defined.has(step.name);
  };
  return new Set(vaults.flatMap(({ steps }) => steps.filter(isMade).map((step) => step.id)));
}
