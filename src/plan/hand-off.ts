import type { Answer } from '../access/answer.ts';
import type { OperatorRights } from '../access/operator-rights.ts';
import type { AssignStep, RoleStep, VaultPlan } from '../formats/plan.ts';
import { commandFor } from '../formats/step-command.ts';
import { assignRight } from './assign-right.ts';

/**
 * Steps that whoever makes the plan may not take, each as a command for somebody who may. Once they are taken, `apply` finds
 * them taken; whoever applies the plan with the right takes them in any case.
 */
export function handOff(
  roles: readonly RoleStep[],
  steps: readonly AssignStep[],
  rights: Pick<OperatorRights, 'canAssign' | 'canDefineRoles'>,
): NonNullable<VaultPlan['handOff']> {
  const defining = roles.length > 0 && isForOthers(rights.canDefineRoles()) ? roles : [];
  const assigning = steps.filter((step) => isForOthers(assignRight(step, rights)));
  return [...defining, ...assigning].map((step) => ({ step: step.id, command: commandFor(step) }));
}

/** Where a deny assignment refuses everybody, the command would be refused as well. */
function isForOthers({ state, deniedBy }: Answer): boolean {
  return state !== 'yes' && deniedBy?.everyone !== true;
}
