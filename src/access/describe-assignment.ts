import type { RoleAssignment } from '../model/role.ts';
import { type Scope, scopeLevel } from '../model/scope.ts';
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

export function describeScope(scope: Scope): string {
  const parts = scope.split('/');
  const last = parts.at(-1) ?? '';
  switch (scopeLevel(scope)) {
    case 'root':
      return 'at the root';
    case 'managementGroup':
      return `at the management group \`${last}\``;
    case 'subscription':
      return 'at the subscription';
    case 'resourceGroup':
      return `at the resource group \`${last}\``;
    case 'resource':
      return `at \`${last}\``;
    case 'object':
      return `on \`${parts.slice(-2).join('/')}\``;
  }
}
