import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import { objectAt, stringAt } from '../../base/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireOnLinkedScopes } from './authorize.ts';
import { standingAssignments } from './live-assignments.ts';
import { assignableScopesOf, kindOf, renderRole, roleAt } from './read-role-definitions.ts';
import { badRequest } from './refusals.ts';
import { refuseByPolicy } from './refuse-by-policy.ts';
import { refuseLocked } from './refuse-locked.ts';
import { requireScope } from './require-scope.ts';
import { type RoleRequest, readRoleRequest } from './role-definition-request.ts';

const path = '{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}';
const action = 'Microsoft.Authorization/roleDefinitions';

export const roleDefinitionWriteRoutes: readonly ArmRoute[] = [
  { name: 'RoleDefinitions_CreateOrUpdate', method: 'PUT', path, versions: versions.roleDefinitions, query: [], act: putRole },
  { name: 'RoleDefinitions_Delete', method: 'DELETE', path, versions: versions.roleDefinitions, query: [], act: deleteRole },
];

function nameOf({ places }: ArmCall): string {
  return places.roleDefinitionId ?? '';
}

function idOf(call: ArmCall): string {
  return `${call.scope}/providers/Microsoft.Authorization/roleDefinitions/${nameOf(call)}`;
}

function putRole(call: ArmCall): Answer {
  const { context, caller, scope } = call;
  const { id, ...request } = readRoleRequest(call, nameOf(call));
  requireScope(context.state, scope);
  requireOnLinkedScopes(call, `${action}/write`, request.assignableScopes);
  refuseLocked(context, 'write', idOf(call));
  refuseByPolicy(call, idOf(call), 'roleDefinitions', objectAt(call.body, 'properties'));
  refuseSameName(call, request.roleName, id);
  const existing = roleAt(context, id);
  if (existing === undefined) refuseFullTenant(call);
  const at = new Date(context.clock.now()).toISOString();
  const before = existing && objectAt(existing, 'properties');
  const stamps = {
    createdOn: before?.createdOn ?? at,
    updatedOn: at,
    createdBy: before?.createdBy ?? caller.objectId,
    updatedBy: caller.objectId,
  };
  const resourceId = (existing && stringAt(existing, 'id')) ?? homeOf(id, request);
  const key = resourceId.toLowerCase();
  const body = {
    properties: { ...request, type: 'CustomRole', ...stamps },
    id: resourceId,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: id,
  };
  context.state.roleDefinitions.set(key, { body, since: context.state.roleDefinitions.get(key)?.since ?? context.clock.now() });
  // The answer to a creation does not name the creator yet.
  const answered = before === undefined ? { ...body, properties: { ...body.properties, createdBy: null } } : body;
  return { status: 201, body: renderRole(answered, call) };
}

/** A custom role's id names the subscription that it was made in. */
function homeOf(id: string, { assignableScopes }: Pick<RoleRequest, 'assignableScopes'>): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(assignableScopes[0] ?? '')?.[0] ?? '';
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

function refuseSameName({ context }: ArmCall, roleName: string, id: string): void {
  const taken = [...context.state.roleDefinitions.values()].some(
    ({ body }) =>
      stringAt(objectAt(body, 'properties'), 'roleName')?.toLowerCase() === roleName.toLowerCase() && stringAt(body, 'name') !== id,
  );
  if (taken)
    throw new ServiceError(409, 'RoleDefinitionWithSameNameExists', 'A role definition cannot be updated with a name that already exists.');
}

/** @throws ServiceError 400 (EA-20) */
function refuseFullTenant({ context }: ArmCall): void {
  const count = [...context.state.roleDefinitions.values()].filter(({ body }) => kindOf(body) === 'customrole').length;
  if (count >= context.customRoleLimit)
    throw badRequest('RoleDefinitionLimitExceeded', 'Role definition limit exceeded. No more role definitions can be created.');
}

function deleteRole(call: ArmCall): Answer {
  const { context, scope } = call;
  const id = parseGuid(nameOf(call));
  requireScope(context.state, scope);
  const existing = id && roleAt(context, id);
  const linked = existing === undefined || kindOf(existing) !== 'customrole' ? [] : assignableScopesOf(existing);
  requireOnLinkedScopes(call, `${action}/delete`, linked);
  refuseLocked(context, 'delete', idOf(call));
  if (existing === undefined) return { status: 204 };
  if (kindOf(existing) !== 'customrole')
    throw badRequest('InvalidRoleDefinitionType', `The role definition '${nameOf(call)}' is a built-in role and cannot be deleted.`);
  const used = standingAssignments(context).some(
    (body) => guidAtEnd(stringAt(objectAt(body, 'properties'), 'roleDefinitionId') ?? '') === id,
  );
  if (used) throw badRequest('RoleDefinitionHasAssignments', 'There are existing role assignments referencing role.');
  context.state.roleDefinitions.delete((stringAt(existing, 'id') ?? '').toLowerCase());
  return { status: 200, body: renderRole(existing, call) };
}
