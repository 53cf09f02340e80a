import { parseScope } from '../../model/scope.ts';
import type { AssignStep, PlannedGain } from '../plan.ts';

/** A gain by an assignment that the plan makes, from the assignment and what is not told by it. */
export function ownGain(
  step: AssignStep,
  { principalId, principal, dataActions }: Pick<PlannedGain, 'principalId' | 'principal' | 'dataActions'>,
): PlannedGain {
  return {
    principalId,
    principal,
    dataActions,
    assignmentId: step.undo.assignmentId,
    roleDefinitionId: step.roleDefinitionId,
    roleName: step.roleName,
    scope: parseScope(step.scope) ?? step.scope,
    certain: true,
    cause: 'plan',
  };
}
