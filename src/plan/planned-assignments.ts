import type { PlannedAssignment } from '../access/vault-question.ts';
import { guidAtEnd, parseGuid } from '../base/guid.ts';
import type { AssignStep } from '../formats/plan.ts';
import { parseScope } from '../model/scope.ts';

/** The plan's steps as the judgement asks for them. A step whose ids cannot be read is left out: it can cover nothing. */
export function plannedAssignments(steps: readonly AssignStep[]): readonly PlannedAssignment[] {
  return steps.flatMap((step) => {
    const scope = parseScope(step.scope);
    const roleDefinitionId = guidAtEnd(step.roleDefinitionId);
    const principalId = parseGuid(step.principalId);
    if (scope === undefined || roleDefinitionId === undefined || principalId === undefined) return [];
    const { principalType, condition } = step;
    const id = step.undo.assignmentId;
    return [{ id, scope, roleDefinitionId, principalId, principalType, ...(condition !== undefined && { condition }) }];
  });
}
