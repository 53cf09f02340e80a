import type { RoleAssignment } from '../model/role.ts';
import { describeScope } from '../words/scope-words.ts';
import type { AccessFacts } from './access-facts.ts';
import { shownGroup } from './membership.ts';

/** An assignment in a sentence: role, whom it names if that is a group, and where. */
export function describeAssignment(
  { assignment }: { readonly assignment: Pick<RoleAssignment, 'scope' | 'roleDefinitionId' | 'principalId'> },
  facts: AccessFacts,
): string {
  const role = facts.role(assignment.roleDefinitionId)?.name ?? assignment.roleDefinitionId;
  const group =
    facts.principals.get(assignment.principalId)?.kind === 'group' ? ` of \`${shownGroup(assignment.principalId, facts)}\`` : '';
  return `\`${role}\`${group} ${describeScope(assignment.scope)}`;
}
