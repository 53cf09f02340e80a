import { guidAtEnd, parseGuid } from '../../model/guid.ts';
import { type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../../model/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { checkShape, type Shape } from './body-shape.ts';
import { standingAssignments } from './live-assignments.ts';
import { kindOf, renderRole, roleAt } from './read-role-definitions.ts';
import { badRequest } from './refusals.ts';
import { refuseLocked } from './refuse-locked.ts';
import { requireScope } from './require-scope.ts';

const path = '{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}';
const action = 'Microsoft.Authorization/roleDefinitions';

const shape: Shape = {
  members: {
    id: 'string',
    name: 'string',
    type: 'string',
    properties: {
      members: {
        roleName: 'string',
        description: 'string',
        type: 'string',
        assignableScopes: 'strings',
        permissions: {
          items: { members: { actions: 'strings', notActions: 'strings', dataActions: 'strings', notDataActions: 'strings' } },
        },
        createdOn: 'string',
        updatedOn: 'string',
        createdBy: 'string',
        updatedBy: 'string',
      },
    },
  },
};

export const roleDefinitionWriteRoutes: readonly ArmRoute[] = [
  { name: 'RoleDefinitions_CreateOrUpdate', method: 'PUT', path, versions: versions.roleDefinitions, query: [], act: putRole },
  { name: 'RoleDefinitions_Delete', method: 'DELETE', path, versions: versions.roleDefinitions, query: [], act: deleteRole },
];

function nameOf({ places }: ArmCall): string {
  return places.roleDefinitionId ?? '';
}

function putRole(call: ArmCall): Answer {
  const { context, caller, scope } = call;
  checkShape(call.body, shape);
  const given = objectAt(call.body, 'properties');
  const id = checkRole(call, given);
  requireScope(context.state, scope);
  for (const assignable of stringsAt(given, 'assignableScopes')) requireAction(call, `${action}/write`, assignable);
  const existing = roleAt(context, id);
  const roleName = stringAt(given, 'roleName') ?? '';
  refuseSameName(call, roleName, id);
  const at = new Date(context.clock.now()).toISOString();
  const before = existing && objectAt(existing, 'properties');
  const properties = {
    roleName,
    type: 'CustomRole',
    description: stringAt(given, 'description') ?? null,
    assignableScopes: stringsAt(given, 'assignableScopes'),
    permissions: objectsAt(given, 'permissions').map(({ actions = [], notActions = [], dataActions = [], notDataActions = [] }) => ({
      actions,
      notActions,
      dataActions,
      notDataActions,
    })),
    createdOn: before?.createdOn ?? at,
    updatedOn: at,
    createdBy: before?.createdBy ?? caller.objectId,
    updatedBy: caller.objectId,
  };
  const subscription = /^\/subscriptions\/[^/]+/i.exec(properties.assignableScopes[0] ?? '')?.[0] ?? '';
  const resourceId =
    existing === undefined ? `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}` : (stringAt(existing, 'id') ?? '');
  const body = { properties, id: resourceId, type: 'Microsoft.Authorization/roleDefinitions', name: id };
  context.state.roleDefinitions.set(resourceId.toLowerCase(), { body, since: context.clock.now() });
  return { status: 201, body: renderRole(body, call) };
}

function checkRole(call: ArmCall, given: JsonObject): ReturnType<typeof parseGuid> & string {
  const name = nameOf(call);
  const id = parseGuid(name);
  if (id === undefined)
    throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${name}' is not valid. Role definition ID must be a GUID.`);
  const existing = roleAt(call.context, id);
  if (existing !== undefined && kindOf(existing) !== 'customrole')
    throw new ServiceError(409, 'RoleDefinitionExists', 'The role definition ID is already in use by a built-in role.');
  const type = stringAt(given, 'type') ?? '';
  if (type.toLowerCase() !== 'customrole')
    throw badRequest(
      'InvalidRoleDefinitionType',
      `The role definition '${name}' request is not valid. The Role definition type value '${type}' is not supported. The supported values are 'CustomRole'.`,
    );
  if ((stringAt(given, 'roleName') ?? '') === '')
    throw badRequest('RoleDefinitionNameNullOrEmpty', 'A role definition must have a non-empty, unique name.');
  checkAssignableScopes(call, given);
  return id;
}

function checkAssignableScopes({ context }: ArmCall, given: JsonObject): void {
  const scopes = stringsAt(given, 'assignableScopes');
  if (scopes.length === 0 || scopes.includes(''))
    throw badRequest(
      'MissingAssignableScopes',
      'A role definition must have at least one assignable scope and all assignable scopes must be neither null nor empty.',
    );
  const withDataActions = objectsAt(given, 'permissions').some((block) => stringsAt(block, 'dataActions').length > 0);
  for (const [index, scope] of scopes.entries()) {
    const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/i.test(scope);
    if (!managementGroup && !/^\/subscriptions\/[^/]+/i.test(scope))
      throw badRequest(
        'LinkedInvalidPropertyId',
        `Property id '${scope}' at path 'properties.assignableScopes[${index}]' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}'.`,
      );
    if (managementGroup && withDataActions)
      throw badRequest(
        'InvalidRoleDefinition',
        'You cannot add data action permissions when you have a management group as an assignable scope.',
      );
    requireScope(context.state, scope.replace(/\/$/, ''));
  }
}

function refuseSameName({ context }: ArmCall, roleName: string, id: string): void {
  const taken = [...context.state.roleDefinitions.values()].some(
    ({ body }) =>
      stringAt(objectAt(body, 'properties'), 'roleName')?.toLowerCase() === roleName.toLowerCase() && stringAt(body, 'name') !== id,
  );
  if (taken)
    throw new ServiceError(409, 'RoleDefinitionWithSameNameExists', 'A role definition cannot be updated with a name that already exists.');
}

function deleteRole(call: ArmCall): Answer {
  const { context, scope } = call;
  const id = parseGuid(nameOf(call));
  requireScope(context.state, scope);
  requireAction(call, `${action}/delete`, scope);
  refuseLocked(context, 'delete', `${scope}/providers/Microsoft.Authorization/roleDefinitions/${nameOf(call)}`);
  const existing = id && roleAt(context, id);
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
