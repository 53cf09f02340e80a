import { type Guid, guidAtEnd, parseGuid } from './guid.ts';
import { isObject, type JsonObject, objectAt, stringAt } from './json.ts';
import { parseScope, type Scope } from './scope.ts';

/** A PIM instance (EA-34..36): an assignment that is active by schedule, or one that somebody may activate. */
export interface ScheduleInstance {
  readonly id: string;
  readonly scope: Scope;
  readonly roleDefinitionId: Guid;
  readonly principalId: Guid;
  readonly assignmentType: string;
  readonly memberType: string;
  /** ISO 8601; absent means without an end. */
  readonly endDateTime?: string;
  /** The role assignment that this instance stands behind, as Azure spells its id. */
  readonly originRoleAssignmentId?: string;
  readonly raw: JsonObject;
}

export function parseScheduleInstance(raw: unknown): ScheduleInstance | undefined {
  if (!isObject(raw)) return undefined;
  const properties = objectAt(raw, 'properties');
  const scope = parseScope(stringAt(properties, 'scope') ?? '?');
  const roleDefinitionId = guidAtEnd(stringAt(properties, 'roleDefinitionId') ?? '');
  const principalId = parseGuid(stringAt(properties, 'principalId') ?? '');
  if (scope === undefined || roleDefinitionId === undefined || principalId === undefined) return undefined;
  const endDateTime = stringAt(properties, 'endDateTime');
  const origin = stringAt(properties, 'originRoleAssignmentId');
  return {
    id: stringAt(raw, 'id') ?? '',
    scope,
    roleDefinitionId,
    principalId,
    assignmentType: stringAt(properties, 'assignmentType') ?? '',
    memberType: stringAt(properties, 'memberType') ?? '',
    ...(endDateTime !== undefined && { endDateTime }),
    ...(origin !== undefined && { originRoleAssignmentId: origin }),
    raw,
  };
}
