import { type Guid, parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../../base/json.ts';
import { covers } from '../evaluator/wildcard.ts';
import { ServiceError } from '../exchange.ts';
import type { ArmCall } from './arm-context.ts';
import { checkShape, type Shape } from './body-shape.ts';
import { kindOf, roleAt } from './read-role-definitions.ts';
import { badRequest } from './refusals.ts';
import { requireScope } from './require-scope.ts';

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

/** What a PUT of a role definition asks for. */
export interface RoleRequest {
  readonly id: Guid;
  readonly roleName: string;
  readonly description: string | null;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly JsonObject[];
}

/** @throws ServiceError 400 or 409 for what ARM does not take, naming it */
export function readRoleRequest(call: ArmCall, name: string): RoleRequest {
  checkShape(call.body, shape);
  const given = objectAt(call.body, 'properties');
  const id = checkId(call, name);
  const [type, roleName] = [stringAt(given, 'type') ?? '', stringAt(given, 'roleName') ?? ''];
  // Left out, it is a custom one: there is no other that could be made.
  if (type !== '' && type.toLowerCase() !== 'customrole')
    throw badRequest(
      'InvalidRoleDefinitionType',
      `The role definition '${name}' request is not valid. The Role definition type value '${type}' is not supported. The supported values are 'CustomRole'.`,
    );
  if (roleName === '') throw badRequest('RoleDefinitionNameNullOrEmpty', 'A role definition must have a non-empty, unique name.');
  const description = stringAt(given, 'description') ?? null;
  checkLengths(roleName, description);
  const request = {
    id,
    roleName,
    description,
    assignableScopes: stringsAt(given, 'assignableScopes'),
    permissions: objectsAt(given, 'permissions').map(
      ({ actions = [], notActions = [], dataActions = [], notDataActions = [] }): JsonObject => ({
        actions,
        notActions,
        dataActions,
        notDataActions,
      }),
    ),
  };
  checkAssignableScopes(call, request);
  for (const block of request.permissions) checkActions(call, block);
  return request;
}

function checkId({ context }: ArmCall, name: string): Guid {
  const id = parseGuid(name);
  if (id === undefined || id !== name.toLowerCase())
    throw badRequest('InvalidRoleDefinitionId', `The role definition ID '${name}' is not valid. Role definition ID must be a GUID.`);
  const existing = roleAt(context, id);
  if (existing !== undefined && kindOf(existing) !== 'customrole')
    throw new ServiceError(409, 'RoleDefinitionExists', 'The role definition ID is already in use by a built-in role.');
  return id;
}

/** The documented limits; in which words Azure refuses them is not. */
function checkLengths(roleName: string, description: string | null): void {
  if (roleName.length > 512)
    throw badRequest('RoleDefinitionNameTooLong', 'The name of a role definition must not be longer than 512 characters.');
  if (description !== null && description.length > 2048)
    throw badRequest('RoleDefinitionDescriptionTooLong', 'The description of a role definition must not be longer than 2048 characters.');
}

/** A role with data actions may be assignable in one management group, and yet not be assigned at it (EA-20). */
function checkAssignableScopes({ context }: ArmCall, { assignableScopes }: Pick<RoleRequest, 'assignableScopes'>): void {
  if (assignableScopes.length === 0 || assignableScopes.includes(''))
    throw badRequest(
      'MissingAssignableScopes',
      'A role definition must have at least one assignable scope and all assignable scopes must be neither null nor empty.',
    );
  const groups = assignableScopes.filter(isManagementGroup);
  if (groups.length > 1)
    throw badRequest('InvalidAssignableScopes', 'A role definition must not have more than one management group as an assignable scope.');
  for (const [index, scope] of assignableScopes.entries()) {
    if (isManagementGroup(scope)) continue;
    if (!/^\/subscriptions\/[^/]+/i.test(scope))
      throw badRequest(
        'LinkedInvalidPropertyId',
        `Property id '${scope}' at path 'properties.assignableScopes[${index}]' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}'.`,
      );
    requireScope(context.state, scope.replace(/\/$/, ''));
  }
}

function isManagementGroup(scope: string): boolean {
  return /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/i.test(scope);
}

/** Azure holds actions against what the providers offer. The sandbox knows the data actions of vaults only, and takes the others on trust. */
function checkActions({ context }: ArmCall, block: JsonObject): void {
  const lists = [
    ['InvalidActionOrNotAction', [...stringsAt(block, 'actions'), ...stringsAt(block, 'notActions')], () => true],
    [
      'InvalidDataActionOrNotDataAction',
      [...stringsAt(block, 'dataActions'), ...stringsAt(block, 'notDataActions')],
      (pattern: string) =>
        !/^\s*microsoft\.keyvault\//i.test(pattern) || context.state.dataActions.some((action) => covers(pattern, action)),
    ],
  ] as const;
  for (const [code, patterns, isKnown] of lists) {
    const wrong = patterns.find((pattern) => pattern.trim() === '' || pattern.split('*').length > 2 || !isKnown(pattern));
    if (wrong !== undefined) throw badRequest(code, `'${wrong}' does not match any of the actions supported by the providers.`);
  }
}
