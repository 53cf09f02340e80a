import { parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import { placeOf, samePlace } from '../readers/place.ts';
import { readRoleAssignment, type StoredAssignment } from '../readers/role-assignment.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { sameScope, scopeOfId } from './at-scope.ts';
import { requireAction } from './authorize.ts';
import { assignmentNamed, removeAssignment } from './live-assignments.ts';
import { principalTypeOf } from './principal-type.ts';
import { badRequest } from './refusals.ts';
import { refuseByPolicy, refuseRemovalByPolicy } from './refuse-by-policy.ts';
import { refuseLocked } from './refuse-locked.ts';
import { requireAssignableRole } from './require-assignable-role.ts';
import { requireScope } from './require-scope.ts';
import { assignmentAttributes } from './role-assignment-attributes.ts';
import { type AssignmentRequest, checkPrincipal, readAssignmentRequest } from './role-assignment-request.ts';

const action = 'Microsoft.Authorization/roleAssignments';
const path = '{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}';

export const roleAssignmentWriteRoutes: readonly ArmRoute[] = [
  { name: 'RoleAssignments_Create', method: 'PUT', path, versions: versions.roleAssignments, query: [], act: putAssignment },
  {
    name: 'RoleAssignments_Delete',
    method: 'DELETE',
    path,
    versions: versions.roleAssignments,
    query: ['tenantid'],
    act: deleteAssignment,
  },
];

function idOf({ scope, places }: ArmCall): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${places.roleAssignmentName ?? ''}`;
}

function putAssignment(call: ArmCall): Answer {
  const { context, scope } = call;
  const request = readAssignmentRequest(call.places.roleAssignmentName ?? '', call.body);
  requireScope(context.state, scope);
  const attributes = assignmentAttributes('request', {
    properties: { ...objectAt(call.body, 'properties'), ...attributesFrom(call, request) },
  });
  requireAction(call, `${action}/write`, scope, { attributes, over: idOf(call) });
  refuseLocked(context, 'write', idOf(call));
  const existing = assignmentNamed(context, request.name);
  if (existing !== undefined) return updateAssignment(call, existing, request);
  requireAssignableRole(call, request.roleId);
  const { principalType } = checkPrincipal(context, request);
  refuseByPolicy(call, idOf(call), 'roleAssignments', { ...objectAt(call.body, 'properties'), principalType });
  refuseTwin(call, request);
  refuseFullSubscription(call);
  return createAssignment(call, request, principalType);
}

/** The type as the directory knows it counts in conditions, also where the request leaves it out. */
function attributesFrom({ context }: ArmCall, { principalId, principalType }: AssignmentRequest): JsonObject {
  const known = principalTypeOf(context.state.directory.get(principalId)?.kind);
  return { principalType: principalType ?? known };
}

/** The same name again: description and condition may change, nothing else. */
function updateAssignment({ context, caller, scope }: ArmCall, existing: JsonObject, request: AssignmentRequest): Answer {
  if (!isTheSame(readRoleAssignment(existing), request, scope))
    throw badRequest(
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  const key = (stringAt(existing, 'id') ?? '').toLowerCase();
  const stored = context.state.roleAssignments.get(key);
  const { description, condition, conditionVersion } = request;
  const stamps = { updatedOn: new Date(context.clock.now()).toISOString(), updatedBy: caller.objectId };
  const body = { ...existing, properties: { ...objectAt(existing, 'properties'), description, condition, conditionVersion, ...stamps } };
  if (stored !== undefined) stored.body = body;
  return { status: 200, body };
}

/** The same role for the same principal at the same place. */
function isTheSame(other: StoredAssignment, { principalId, roleId }: AssignmentRequest, scope: string): boolean {
  return other.principalId === principalId && other.roleId === roleId && samePlace(other.place, placeOf(scope) ?? ['?']);
}

/** @throws ServiceError 409 when another assignment gives the same role to the same principal at the same scope */
function refuseTwin({ context, scope }: ArmCall, request: AssignmentRequest): void {
  const twin = context.state.roleAssignments
    .by('principal', request.principalId)
    .find(({ body, removedAt }) => removedAt === undefined && isTheSame(readRoleAssignment(body), request, scope));
  if (twin === undefined) return;
  const name = stringAt(twin.body, 'name') ?? '';
  const id = (parseGuid(name) ?? name).replaceAll('-', '');
  throw new ServiceError(
    409,
    'RoleAssignmentExists',
    `The role assignment already exists. The ID of the existing role assignment is ${id}.`,
  );
}

/** @throws ServiceError 400; assignments at management groups do not count (EA-51) */
function refuseFullSubscription({ context, scope }: ArmCall): void {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0].toLowerCase();
  if (subscription === undefined) return;
  const count = context.state.roleAssignments.by('subscription', subscription).filter(({ removedAt }) => removedAt === undefined).length;
  if (count >= context.assignmentLimit)
    throw badRequest(
      'RoleAssignmentLimitExceeded',
      `The role assignment limit for the subscription has been exceeded. No more role assignments can be created (${count}).`,
    );
}

function createAssignment(call: ArmCall, request: AssignmentRequest, principalType: string): Answer {
  const { context, caller, scope } = call;
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  const at = new Date(context.clock.now()).toISOString();
  const properties = {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${request.roleId}`,
    principalId: request.principalId,
    principalType,
    scope: scope === '' ? '/' : scope,
    condition: request.condition,
    conditionVersion: request.conditionVersion,
    createdOn: at,
    updatedOn: at,
    createdBy: caller.objectId,
    updatedBy: caller.objectId,
    delegatedManagedIdentityResourceId: null,
    description: request.description,
  };
  const id = idOf(call);
  const body = { properties, id, type: 'Microsoft.Authorization/roleAssignments', name: request.name };
  context.state.roleAssignments.set(id.toLowerCase(), { body, since: context.clock.now() });
  // The answer to a creation does not name the creator yet.
  return { status: 201, body: { ...body, properties: { ...properties, createdBy: null } } };
}

function deleteAssignment(call: ArmCall): Answer {
  const { context, scope } = call;
  const name = call.places.roleAssignmentName ?? '';
  requireScope(context.state, scope);
  const found = assignmentNamed(context, name);
  const existing = found !== undefined && sameScope(scopeOfId(stringAt(found, 'id') ?? '?'), scope) ? found : undefined;
  const attributes = existing === undefined ? {} : assignmentAttributes('resource', existing);
  requireAction(call, `${action}/delete`, scope, { attributes, over: idOf(call) });
  refuseLocked(context, 'delete', idOf(call));
  if (existing === undefined) return { status: 204 };
  refuseRemovalByPolicy(call, idOf(call), 'roleAssignments', objectAt(existing, 'properties'));
  removeAssignment(context, (stringAt(existing, 'id') ?? '').toLowerCase());
  return { status: 200, body: existing };
}
