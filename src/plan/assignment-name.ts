import { idKey } from '../access/standing-assignment.ts';
import { assignmentId, assignmentName } from '../formats/assignment-name.ts';
import type { AssignStep } from '../formats/plan.ts';

/** An assignment's id in one spelling. */
export function assignmentKey(id: string): string {
  return idKey(id);
}

/** Whether name and id are what they have to be: a file from elsewhere cannot make us touch another assignment. */
export function isOwnAssignment(
  claimed: Pick<AssignStep, 'scope' | 'principalId' | 'roleDefinitionId' | 'name' | 'condition'> & { readonly id: string },
): boolean {
  const name = assignmentName(claimed.scope, claimed.principalId, claimed.roleDefinitionId, claimed.condition);
  return claimed.name === name && claimed.id === assignmentId(claimed.scope, name);
}
