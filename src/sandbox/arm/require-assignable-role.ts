import { type Guid, guidAtEnd } from '../../base/guid.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from '../../base/json.ts';
import type { ArmCall } from './arm-context.ts';
import { shownAt } from './at-scope.ts';
import { assignableScopesOf, replicatedRoles } from './read-role-definitions.ts';
import { badRequest, notFound } from './refusals.ts';

/**
 * A role can be assigned where it has replicated, at or below one of its assignable scopes; one with data actions of its
 * own not at a management group (EA-20).
 * @throws ServiceError 404 or 400
 */
export function requireAssignableRole({ context, scope }: Pick<ArmCall, 'context' | 'scope'>, id: Guid): void {
  const role = replicatedRoles(context).find((body) => guidAtEnd(stringAt(body, 'id') ?? '') === id);
  if (role === undefined) throw notFound('RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
  const properties = objectAt(role, 'properties');
  if (stringAt(properties, 'type')?.toLowerCase() === 'builtinrole') return;
  const isManagementGroup = /^\/+providers\/+microsoft\.management\//i.test(scope);
  const isDataRole = objectsAt(properties, 'permissions').some((block) => stringsAt(block, 'dataActions').length > 0);
  const reaching = assignableScopesOf(role).some(shownAt(context.state, scope, 'above'));
  if (reaching && !(isManagementGroup && isDataRole)) return;
  throw badRequest(
    'RoleAssignmentScopeNotAssignableToRoleDefinition',
    `The role definition '${id}' cannot be assigned at the scope '${scope}': it is not within the assignable scopes of the role.`,
  );
}
