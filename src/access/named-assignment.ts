import { compareText } from '../base/compare-text.ts';
import type { NamedAssignment } from '../model/reason.ts';
import type { RoleAssignment } from '../model/role.ts';
import type { AccessFacts } from './access-facts.ts';
import { namedGroup } from './membership.ts';

/** An assignment as reasons name it: role, whom it names if that is a group, and where. */
export function namedAssignment(
  { assignment }: { readonly assignment: Pick<RoleAssignment, 'id' | 'scope' | 'roleDefinitionId' | 'principalId'> },
  facts: AccessFacts,
): NamedAssignment {
  const { id, scope, roleDefinitionId, principalId } = assignment;
  const roleName = facts.role(roleDefinitionId)?.name ?? roleDefinitionId;
  const toGroup = facts.principals.get(principalId)?.kind === 'group' ? { toGroup: namedGroup(principalId, facts) } : {};
  return { roleName, scope, ...toGroup, assignmentId: id };
}

/** By role, then those that name no group, then the narrowest scope. */
export function compareAssignments(a: NamedAssignment, b: NamedAssignment): number {
  return (
    compareText(a.roleName, b.roleName) ||
    compareText(a.toGroup?.name ?? '', b.toGroup?.name ?? '') ||
    b.scope.split('/').length - a.scope.split('/').length ||
    compareText(a.scope, b.scope) ||
    compareText(a.assignmentId, b.assignmentId)
  );
}
