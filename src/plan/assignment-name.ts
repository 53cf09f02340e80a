import { idKey } from '../access/standing-assignment.ts';
import { digestOf } from '../base/canonical-json.ts';
import { type Guid, nameGuid } from '../base/guid.ts';
import type { AssignStep } from '../formats/plan.ts';
import { parseScope } from '../model/scope.ts';

/**
 * The name that we, and nobody else, give to an assignment: the same on every run and machine. Names of secrets compare with
 * case (EA-41), so conditions that differ in nothing else give it different names.
 */
export function assignmentName(scope: string, principalId: string, roleId: string, condition?: string): Guid {
  const at = parseScope(scope) ?? scope;
  return condition === undefined ? nameGuid(at, principalId, roleId) : nameGuid(at, principalId, roleId, digestOf(condition));
}

export function assignmentId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

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
