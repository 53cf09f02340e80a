import { type Guid, guidAtEnd, parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { strictly } from '../base/strict.ts';
import { conditionIn } from './role.ts';
import { parseWrittenScope, type Scope } from './scope.ts';

/** A PIM instance (EA-34..36): an assignment that is active by schedule, or one that somebody may activate. */
export interface ScheduleInstance {
  readonly id: string;
  readonly scope: Scope;
  readonly roleDefinitionId: Guid;
  readonly principalId: Guid;
  readonly assignmentType: string;
  /** ISO 8601; absent means that Azure does not say since when. */
  readonly startDateTime?: string;
  /** ISO 8601; absent means without an end. */
  readonly endDateTime?: string;
  /** The role assignment that this instance stands behind, as Azure spells its id. */
  readonly originRoleAssignmentId?: string;
  /** The schedule that it comes from, as Azure spells its id. */
  readonly roleAssignmentScheduleId?: string;
  readonly condition?: string;
  readonly raw: JsonObject;
}

/** @returns undefined when a member that the judgement reads is not understood: an end of a wrong type is not "without an end". */
export function parseScheduleInstance(raw: unknown): ScheduleInstance | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const properties = strictly(row.object('properties'));
  const scope = parseWrittenScope(properties.text('scope'));
  const roleDefinitionId = guidAtEnd(properties.text('roleDefinitionId'));
  const principalId = parseGuid(properties.text('principalId'));
  const texts = {
    startDateTime: properties.timeOrNone('startDateTime'),
    endDateTime: properties.timeOrNone('endDateTime'),
    originRoleAssignmentId: properties.textOrNone('originRoleAssignmentId'),
    roleAssignmentScheduleId: properties.textOrNone('roleAssignmentScheduleId'),
  };
  const { state, ...condition } = conditionIn(properties);
  const [id, assignmentType] = [row.text('id'), properties.textOrNone('assignmentType') ?? ''];
  if (scope === undefined || roleDefinitionId === undefined || principalId === undefined || state === 'odd') return undefined;
  if (!row.understood() || !properties.understood()) return undefined;
  return { ...{ id, scope, roleDefinitionId, principalId, assignmentType }, ...withoutNone(texts), ...condition, raw };
}

function withoutNone<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
