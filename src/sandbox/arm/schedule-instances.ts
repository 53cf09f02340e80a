import { guidAtEnd, parseGuid } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { nameGuid } from '../../base/name-guid.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmContext, ArmRoute } from './arm-context.ts';
import { bodiesOf, listOnScope } from './list-on-scope.ts';
import { standingAssignments } from './live-assignments.ts';
import { principalFilter } from './read-role-assignments.ts';

const provider = '{scope}/providers/Microsoft.Authorization';
const filters = ['principalId', 'assignedTo()', 'asTarget()'];

export const scheduleInstanceRoutes: readonly ArmRoute[] = [
  {
    name: 'RoleAssignmentScheduleInstances_ListForScope',
    method: 'GET',
    path: `${provider}/roleAssignmentScheduleInstances`,
    versions: versions.schedules,
    query: ['$filter', '$skiptoken'],
    act: (call) =>
      list(call, 'Microsoft.Authorization/roleAssignmentScheduleInstances/read', activeInstances(call.context).map(namingSchedule)),
  },
  {
    name: 'RoleAssignmentSchedules_ListForScope',
    method: 'GET',
    path: `${provider}/roleAssignmentSchedules`,
    versions: versions.schedules,
    query: ['$filter', '$skiptoken'],
    act: (call) => list(call, 'Microsoft.Authorization/roleAssignmentSchedules/read', activeInstances(call.context).map(scheduleOf)),
  },
  {
    name: 'RoleEligibilityScheduleInstances_ListForScope',
    method: 'GET',
    path: `${provider}/roleEligibilityScheduleInstances`,
    versions: versions.schedules,
    query: ['$filter', '$skiptoken'],
    act: (call) =>
      list(call, 'Microsoft.Authorization/roleEligibilityScheduleInstances/read', bodiesOf(call.context.state.eligibleInstances)),
  },
];

/** Every list of PIM is refused to a tenant without a licence, with the code that clients know it by. */
function list(call: ArmCall, action: string, items: readonly JsonObject[]): Answer {
  if (call.context.state.licence === 'none') {
    const message = 'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.';
    throw new ServiceError(400, 'AadPremiumLicenseRequired', message);
  }
  return listOnScope(call, {
    action,
    items,
    filters,
    matches: (filter) => {
      const target = filter.has('astarget()') ? call.caller.objectId : undefined;
      const whose = principalFilter(call.context, target === undefined ? filter : new Map([['assignedto()', target]]));
      return (body) => whose(stringAt(objectAt(body, 'properties'), 'principalId') ?? '');
    },
  });
}

/** What is made of a stored body, made once: bodies are replaced, never changed, and lists of thousands are asked for page by page. */
function onceEach(make: (body: JsonObject) => JsonObject): (body: JsonObject) => JsonObject {
  const made = new WeakMap<JsonObject, JsonObject>();
  return (body) => {
    const found = made.get(body) ?? make(body);
    made.set(body, found);
    return found;
  };
}

/** Every standing assignment has an instance: the scenario's own, or a permanent one made for it; those of removed ones are gone. */
function activeInstances(context: ArmContext): readonly JsonObject[] {
  const standing = new Map(standingAssignments(context).map((body) => [(stringAt(body, 'id') ?? '').toLowerCase(), body]));
  const origin = (body: JsonObject) => stringAt(objectAt(body, 'properties'), 'originRoleAssignmentId')?.toLowerCase();
  const kept = bodiesOf(context.state.activeInstances).filter((body) => standing.has(origin(body) ?? '') || origin(body) === undefined);
  const told = new Set(kept.map(origin));
  return [...kept, ...[...standing].filter(([id]) => !told.has(id)).map(([, body]) => instanceOf(context, body))];
}

/** The schedule behind an instance has its times, and an id of its own. */
function scheduleId(instance: JsonObject): { readonly name: string; readonly id: string } {
  const scope = stringAt(objectAt(instance, 'properties'), 'scope') ?? '';
  const name = nameGuid('schedule', stringAt(instance, 'id') ?? '');
  return { name, id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignmentSchedules/${name}` };
}

const namingSchedule = onceEach((instance) => {
  return { ...instance, properties: { ...objectAt(instance, 'properties'), roleAssignmentScheduleId: scheduleId(instance).id } };
});

const scheduleOf = onceEach((instance) => {
  const properties = Object.entries(objectAt(instance, 'properties')).filter(([name]) => name !== 'originRoleAssignmentId');
  return { properties: Object.fromEntries(properties), ...scheduleId(instance), type: 'Microsoft.Authorization/roleAssignmentSchedules' };
});

function instanceOf(context: ArmContext, assignment: JsonObject): JsonObject {
  const properties = objectAt(assignment, 'properties');
  const [assignmentId, scope] = [stringAt(assignment, 'id') ?? '', stringAt(properties, 'scope') ?? ''];
  const name = nameGuid('instance', assignmentId);
  const type = 'Microsoft.Authorization/roleAssignmentScheduleInstances';
  const { roleDefinitionId, principalId, principalType, condition, conditionVersion, createdOn } = properties;
  return {
    properties: {
      assignmentType: 'Assigned',
      originRoleAssignmentId: assignmentId,
      scope,
      roleDefinitionId,
      principalId,
      principalType,
      status: 'Provisioned',
      startDateTime: createdOn,
      memberType: 'Direct',
      createdOn,
      ...(typeof condition === 'string' && { condition, conditionVersion }),
      expandedProperties: expanded(context, properties, scope),
    },
    name,
    id: `${scope === '/' ? '' : scope}/providers/${type}/${name}`,
    type,
  };
}

function expanded({ state }: ArmContext, properties: JsonObject, scope: string): JsonObject {
  const [roleDefinitionId, principalId] = [stringAt(properties, 'roleDefinitionId') ?? '', stringAt(properties, 'principalId') ?? ''];
  const principalType = stringAt(properties, 'principalType');
  const role = [...state.roleDefinitions.values()].find(
    ({ body }) => guidAtEnd(stringAt(body, 'id') ?? '') === guidAtEnd(roleDefinitionId),
  );
  const person = state.directory.get(parseGuid(principalId) ?? '');
  const parts = scope.split('/').length;
  const type = /\/managementGroups\//i.test(scope)
    ? 'managementgroup'
    : parts <= 3
      ? 'subscription'
      : parts <= 5
        ? 'resourcegroup'
        : 'resource';
  const roleProperties = objectAt(role?.body ?? {}, 'properties');
  return {
    scope: { id: scope, displayName: scope.slice(scope.lastIndexOf('/') + 1), type },
    roleDefinition: { id: roleDefinitionId, displayName: stringAt(roleProperties, 'roleName'), type: stringAt(roleProperties, 'type') },
    principal: { id: principalId, displayName: person?.displayName ?? '', type: principalType },
  };
}
