import { grouped } from '../base/grouped.ts';
import { objectAt, stringAt } from '../base/json.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { UnknownTerm } from '../model/reason.ts';
import type { RoleAssignment } from '../model/role.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { parseScope } from '../model/scope.ts';
import type { ParsedCondition } from './condition.ts';
import type { ConditionReader } from './role-rule.ts';

/** How long an assignment stands (EA-34..37). */
export type Term =
  | { readonly kind: 'lasting' }
  | { readonly kind: 'scheduled'; readonly windows: readonly Window[] }
  /** Azure lists an instance for every other assignment, and none for this one: it may end at any time. */
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'unread'; readonly why: UnknownTerm };

/** A time in which PIM has the assignment active; `activated` ends some day, even where nobody says when. */
interface Window {
  readonly from?: string;
  readonly until?: string;
  readonly activated: boolean;
}

/** Whether it is active at the time; where its end could not be read, it counts as active. */
export function isActive(term: Term, at: string): boolean {
  return term.kind !== 'scheduled' || windowsAt(term, at).length > 0;
}

/** Whether it is active at the time and has no end (EA-37). */
export function lasts(term: Term, at: string): boolean {
  if (term.kind !== 'scheduled') return term.kind === 'lasting';
  return windowsAt(term, at).some((window) => window.until === undefined && !window.activated);
}

/** When it ends, of several ends the last; undefined when it lasts or nobody knows its end. */
export function endOf(term: Term, at: string): string | undefined {
  const ends = term.kind === 'scheduled' ? windowsAt(term, at).map((window) => window.until) : [];
  return ends.includes(undefined) ? undefined : ends.filter((end) => end !== undefined).sort((a, b) => Date.parse(b) - Date.parse(a))[0];
}

/** The answer for the last time that was asked about: an estate is judged at one moment, its inherited assignments at every vault. */
const lastAsked = new WeakMap<Term, { readonly at: string; readonly windows: readonly Window[] }>();

function windowsAt(term: Term & { kind: 'scheduled' }, at: string): readonly Window[] {
  const known = lastAsked.get(term);
  if (known?.at === at) return known.windows;
  const now = Date.parse(at);
  const windows = term.windows.filter(
    ({ from, until }) => !(from !== undefined && Date.parse(from) > now) && !(until !== undefined && Date.parse(until) <= now),
  );
  lastAsked.set(term, { at, windows });
  return windows;
}

/** A role assignment with what has to be known of it before it counts. */
export interface StandingAssignment {
  readonly assignment: Pick<RoleAssignment, 'id' | 'scope' | 'roleDefinitionId' | 'principalId' | 'principalType' | 'condition'>;
  /** The assignment's id in one spelling: ids come in any case, with and without a leading slash. */
  readonly key: string;
  readonly condition?: ParsedCondition;
  readonly term: Term;
  /** ISO 8601: created or last changed; empty when Azure did not say; absent for one that is planned and not made yet. */
  readonly since?: string;
}

export type TermOf = (assignment: RoleAssignment) => Term;

/**
 * Joins assignments with the PIM instances behind them: by the assignment that an instance names, else by scope, role and principal
 * (EA-35). Where the tenant has PIM every assignment has one, so that one without is no lasting one.
 */
export function termsFrom({ activeInstances, withoutPim }: Pick<SubscriptionFacts, 'activeInstances' | 'withoutPim'>): TermOf {
  if (activeInstances.state === 'unreadable') {
    const why = { kind: 'unreadable', text: activeInstances.because } as const;
    return () => ({ kind: 'unread', why });
  }
  const byOrigin = grouped(activeInstances.value, ({ originRoleAssignmentId }) => lastPart(originRoleAssignmentId ?? ''));
  const byGrant = grouped(activeInstances.value, triple);
  return (assignment) => {
    const behind = byOrigin.get(lastPart(assignment.id)) ?? byGrant.get(triple(assignment)) ?? [];
    if (behind.length === 0) return withoutPim === undefined ? { kind: 'unlisted' } : { kind: 'lasting' };
    return termOf(assignment, behind);
  };
}

/** Several instances may stand behind one assignment, with gaps between them or one still to come. */
function termOf(assignment: RoleAssignment, instances: readonly ScheduleInstance[]): Term {
  if (instances.some(({ condition }) => condition !== undefined && condition.trim() !== assignment.condition?.trim()))
    return { kind: 'unread', why: { kind: 'otherCondition' } };
  const windows = instances.map(({ startDateTime, endDateTime, assignmentType }): Window => {
    return {
      // What is not said to be assigned may be switched on for a while.
      activated: assignmentType.toLowerCase() !== 'assigned',
      ...(startDateTime !== undefined && { from: startDateTime }),
      ...(endDateTime !== undefined && { until: endDateTime }),
    };
  });
  return { kind: 'scheduled', windows };
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
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
