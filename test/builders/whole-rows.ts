import type { JsonObject } from '../../src/base/json.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import type { ScheduleInstance } from '../../src/model/schedule-instance.ts';

/** A permission block with the four lists that Azure always writes. */
function wholeBlock(block: object): JsonObject {
  return { actions: [], notActions: [], dataActions: [], notDataActions: [], ...block };
}

type Row = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, unknown>> };

/** A role definition as Azure lists it, from what a test says of it. */
export function wholeRole(row: Row): JsonObject {
  const properties = { type: 'BuiltInRole', assignableScopes: ['/'], ...row.properties };
  return { ...row, properties: { ...properties, permissions: blocksOf(row.properties?.permissions) } };
}

/** A deny assignment as Azure lists it, from what a test says of it. */
export function wholeDeny(row: Row): JsonObject {
  const properties = { denyAssignmentName: 'deny', excludePrincipals: [], doNotApplyToChildScopes: false, ...row.properties };
  return { ...row, properties: { ...properties, permissions: blocksOf(row.properties?.permissions) } };
}

function blocksOf(permissions: unknown): readonly JsonObject[] {
  return (Array.isArray(permissions) ? (permissions as readonly object[]) : []).map(wholeBlock);
}

/** What Azure lists in PIM of assignments that have no end: an instance for each (EA-35). */
export function lastingInstances(assignments: readonly RoleAssignment[]): readonly ScheduleInstance[] {
  return assignments.map(({ id, scope, roleDefinitionId, principalId }) => {
    const instance = { id: `${id}/instance`, scope, roleDefinitionId, principalId, assignmentType: 'Assigned', originRoleAssignmentId: id };
    return { ...instance, raw: {} };
  });
}
