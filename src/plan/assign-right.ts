import type { Answer } from '../access/answer.ts';
import type { OperatorRights } from '../access/operator-rights.ts';
import { guidAtEnd, parseGuid } from '../base/guid.ts';
import type { AssignStep } from '../formats/plan.ts';

/** Whether the operator may take the step (EA-42). */
export function assignRight(step: AssignStep, { canAssign }: Pick<OperatorRights, 'canAssign'>): Answer {
  const role = guidAtEnd(step.roleDefinitionId);
  if (role === undefined) return { state: 'no', because: [{ kind: 'roleIdOdd', roleDefinitionId: step.roleDefinitionId }] };
  return canAssign(role, step.principalType, parseGuid(step.principalId));
}
