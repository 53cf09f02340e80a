import { objectAt, stringAt } from '../model/json.ts';
import type { Reading } from '../model/reading.ts';
import type { RoleAssignment } from '../model/role.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { parseScope } from '../model/scope.ts';
import type { ParsedCondition } from './conditions/condition.ts';
import { grouped } from './grouped.ts';
import type { ConditionReader } from './role-rule.ts';

/** How long an assignment stands (EA-34..37). */
export type Term =
  | { readonly kind: 'lasting' }
  | { readonly kind: 'bounded'; readonly from?: string; readonly until?: string }
  | { readonly kind: 'unread'; readonly because: string };

/** A role assignment with what has to be known of it before it counts. */
export interface StandingAssignment {
  readonly assignment: Pick<RoleAssignment, 'id' | 'scope' | 'roleDefinitionId' | 'principalId' | 'principalType'>;
  /** The assignment's id in one spelling: ids come in any case, with and without a leading slash. */
  readonly key: string;
  readonly condition?: ParsedCondition;
  readonly term: Term;
  /** ISO 8601: created or last changed; empty when Azure did not say; absent for one that is planned and not made yet. */
  readonly since?: string;
}

export type TermOf = (assignment: RoleAssignment) => Term;

/** Joins assignments with the PIM instances behind them: by the origin's id, else by scope, role and principal (EA-35). */
export function termsFrom(instances: Reading<readonly ScheduleInstance[]>): TermOf {
  if (instances.state === 'unreadable') return () => ({ kind: 'unread', because: instances.because });
  const byKey = grouped(instances.value, (instance) =>
    instance.originRoleAssignmentId === undefined ? triple(instance) : idKey(instance.originRoleAssignmentId),
  );
  return (assignment) => termOf(byKey.get(idKey(assignment.id)) ?? byKey.get(triple(assignment)) ?? []);
}

/** One permanent instance makes it lasting, whatever else was activated beside it; of several ends the last counts. */
function termOf(instances: readonly ScheduleInstance[]): Term {
  const bounded = instances.filter((one) => one.endDateTime !== undefined || one.assignmentType.toLowerCase() === 'activated');
  if (bounded.length < instances.length || instances.length === 0) return { kind: 'lasting' };
  const ends = bounded.map((one) => one.endDateTime).filter((end) => end !== undefined);
  const until = ends.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  const starts = bounded.map((one) => stringAt(objectAt(one.raw, 'properties'), 'startDateTime')).filter((start) => start !== undefined);
  const from = starts.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
  const openEnd = ends.length < bounded.length;
  return { kind: 'bounded', ...(from !== undefined && { from }), ...(until !== undefined && !openEnd && { until }) };
}

export function standingAssignment(assignment: RoleAssignment, termOf: TermOf, readCondition: ConditionReader): StandingAssignment {
  const { createdOn, updatedOn } = assignment;
  const since = Date.parse(updatedOn) > Date.parse(createdOn) ? updatedOn : createdOn;
  const condition = conditionOf(assignment, readCondition);
  return { assignment, key: idKey(assignment.id), term: termOf(assignment), since, ...(condition !== undefined && { condition }) };
}

function conditionOf(assignment: RoleAssignment, readCondition: ConditionReader): ParsedCondition | undefined {
  if (assignment.condition === undefined) return undefined;
  const version = stringAt(objectAt(assignment.raw, 'properties'), 'conditionVersion') ?? '2.0';
  return version === '2.0'
    ? readCondition(assignment.condition)
    : { state: 'unreadable', because: `conditions of version \`${version}\` are not known here` };
}

export function idKey(id: string): string {
  return parseScope(id) ?? id.trim().toLowerCase();
}

export function triple({
  scope,
  roleDefinitionId,
  principalId,
}: Pick<RoleAssignment, 'scope' | 'roleDefinitionId' | 'principalId'>): string {
  return `${scope} ${roleDefinitionId} ${principalId}`;
}
