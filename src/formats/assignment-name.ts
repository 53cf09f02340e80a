import { digestOf } from '../base/canonical-json.ts';
import type { Guid } from '../base/guid.ts';
import { nameGuid } from '../base/name-guid.ts';
import { parseScope } from '../model/scope.ts';

/**
 * The name that we, and nobody else, give to an assignment: the same on every run and machine, so that a plan need not hold it. Names
 * of secrets compare with case (EA-41), so conditions that differ in nothing else give it different names.
 */
export function assignmentName(scope: string, principalId: string, roleId: string, condition?: string): Guid {
  const at = parseScope(scope) ?? scope;
  return condition === undefined ? nameGuid(at, principalId, roleId) : nameGuid(at, principalId, roleId, digestOf(condition));
}

export function assignmentId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** The resource id of a custom role that is assignable at the scope. */
export function roleDefinitionId(scope: string, name: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
}
