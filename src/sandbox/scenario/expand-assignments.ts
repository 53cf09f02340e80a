import type { JsonObject } from '../../base/json.ts';
import type { Stored, StoredAssignments } from '../state.ts';
import { storedAssignments } from '../tenant-maps.ts';
import { ago, idAt, principalTypeOf, roleDefinitionId } from './expand-authorization.ts';
import type { ScenarioNames } from './scenario-names.ts';
import type { ScenarioFile } from './scenario-schema.ts';

type Assignment = NonNullable<ScenarioFile['assignments']>[number];

interface Placed {
  readonly scope: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly objectId: string;
  readonly principalType: string;
  readonly displayName: string;
}

interface Expanded {
  readonly roleAssignments: StoredAssignments;
  readonly activeInstances: Map<string, Stored>;
  readonly eligibleInstances: Map<string, Stored>;
}

const hour = 3600_000;

/**
 * Role assignments, and what PIM lists of them: every active assignment has an instance, permanent ones without an end;
 * eligible ones are instances only.
 */
export function expandAssignments(file: ScenarioFile, names: ScenarioNames, now: number): Expanded {
  const roleAssignments = storedAssignments();
  const activeInstances = new Map<string, Stored>();
  const eligibleInstances = new Map<string, Stored>();
  for (const [index, assignment] of (file.assignments ?? []).entries()) {
    const placed = place(names, assignment, `assignments.${index}`);
    const name = names.make('assignment', String(index), placed.scope, placed.objectId, placed.roleId);
    const id = idAt(placed.scope, 'roleAssignments', name);
    const { since, at } = ago(now, assignment.ageDays ?? 200);
    roleAssignments.set(id.toLowerCase(), { since, body: assignmentBody(id, name, at, placed, assignment) });
    const end = assignment.endsInHours === undefined ? null : new Date(now + assignment.endsInHours * hour).toISOString();
    const more = { originRoleAssignmentId: id, assignmentType: assignment.activated === true ? 'Activated' : 'Assigned' };
    const instance = scheduleInstance('roleAssignmentScheduleInstances', name, placed, {
      start: at,
      end,
      condition: assignment.condition,
      more,
    });
    activeInstances.set(instance.id.toLowerCase(), { since, body: instance.body });
  }
  for (const [index, eligible] of (file.eligible ?? []).entries()) {
    const placed = place(names, eligible, `eligible.${index}`);
    const name = names.make('eligible', String(index), placed.scope, placed.objectId, placed.roleId);
    const { since, at } = ago(now, 120);
    const end = eligible.endsInDays === undefined ? null : new Date(now + eligible.endsInDays * 24 * hour).toISOString();
    const instance = scheduleInstance('roleEligibilityScheduleInstances', name, placed, { start: at, end, more: {} });
    eligibleInstances.set(instance.id.toLowerCase(), { since, body: instance.body });
  }
  return { roleAssignments, activeInstances, eligibleInstances };
}

function place(names: ScenarioNames, item: Pick<Assignment, 'role' | 'principal' | 'scope'>, path: string): Placed {
  const role = names.role(item.role, `${path}.role`);
  return {
    scope: names.scope(item.scope, `${path}.scope`),
    roleId: role.id,
    roleName: role.name,
    objectId: names.objectId(item.principal, `${path}.principal`),
    principalType: principalTypeOf(names, item.principal),
    displayName: names.principal(item.principal)?.displayName ?? '',
  };
}

function assignmentBody(id: string, name: string, at: string, placed: Placed, assignment: Assignment): JsonObject {
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(placed.scope, placed.roleId),
      principalId: placed.objectId,
      principalType: placed.principalType,
      scope: placed.scope,
      condition: assignment.condition ?? null,
      conditionVersion: assignment.condition === undefined ? null : '2.0',
      createdOn: at,
      updatedOn: at,
      createdBy: null,
      updatedBy: null,
      delegatedManagedIdentityResourceId: null,
      description: assignment.description ?? null,
    },
    id,
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  };
}

function scheduleInstance(
  type: 'roleAssignmentScheduleInstances' | 'roleEligibilityScheduleInstances',
  name: string,
  placed: Placed,
  when: { readonly start: string; readonly end: string | null; readonly condition?: string | undefined; readonly more: JsonObject },
): { readonly id: string; readonly body: JsonObject } {
  const id = idAt(placed.scope, type, name);
  const definition = roleDefinitionId(placed.scope, placed.roleId);
  const properties = {
    ...when.more,
    scope: placed.scope,
    roleDefinitionId: definition,
    principalId: placed.objectId,
    principalType: placed.principalType,
    status: 'Provisioned',
    startDateTime: when.start,
    ...(when.end !== null && { endDateTime: when.end }),
    memberType: 'Direct',
    createdOn: when.start,
    ...(when.condition !== undefined && { condition: when.condition, conditionVersion: '2.0' }),
    expandedProperties: {
      scope: { id: placed.scope, displayName: placed.scope.slice(placed.scope.lastIndexOf('/') + 1), type: scopeType(placed.scope) },
      roleDefinition: { id: definition, displayName: placed.roleName, type: 'BuiltInRole' },
      principal: { id: placed.objectId, displayName: placed.displayName, type: placed.principalType },
    },
  };
  return { id, body: { properties, name, id, type: `Microsoft.Authorization/${type}` } };
}

function scopeType(scope: string): string {
  if (/\/managementGroups\//i.test(scope)) return 'managementgroup';
  const parts = scope.split('/').length;
  return parts <= 3 ? 'subscription' : parts <= 5 ? 'resourcegroup' : 'resource';
}
