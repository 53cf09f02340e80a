import type { ShortfallKind } from '../../model/gap.ts';
import type { NamedAssignment, Reason } from '../../model/reason.ts';
import { scopeLevel } from '../../model/scope.ts';
import type { AccessFacts } from '../access-facts.ts';
import { namedAssignment } from '../named-assignment.ts';
import { endOf, lasts } from '../standing-assignment.ts';
import type { Grant } from './weigh-grants.ts';

/** Why a grant is no durable cover; `open` when a fact is missing or may change by itself, so that nobody can say. */
export interface Shortfall {
  readonly open: boolean;
  readonly because: Reason;
  readonly lack: ShortfallKind;
}

/** What is asked of a grant besides that it gives the action. */
export interface Demand {
  /** Whether a grant to a group counts for its members (EA-53). */
  readonly alsoByGroups: boolean;
  /** Undefined while a plan is being made: what it will make counts as if it stood. */
  readonly minimumAgeMinutes: number | undefined;
}

/** Undefined for a grant that lasts (EA-37). */
export function shortfallOf(grant: Grant, at: string, facts: AccessFacts, demand: Demand): Shortfall | undefined {
  const { standing, doubts, passing, ends } = grant;
  const unread = doubts.find((doubt) => doubt.kind === 'unread');
  if (unread !== undefined) return { open: true, because: unread.because, lack: 'fact' };
  const [condition] = doubts;
  if (condition !== undefined) return { open: false, because: condition.because, lack: 'assignment' };
  const { term } = standing;
  const young = ageLack(grant, at, demand.minimumAgeMinutes);
  const byGroup = grant.route.throughGroup !== undefined && !demand.alsoByGroups;
  if (lasts(term, at) && passing === undefined && young === undefined && !byGroup) return undefined;
  const assignment = namedAssignment(standing, facts);
  if (term.kind === 'unlisted') return { open: true, because: { kind: 'endUnlisted', assignment }, lack: 'fact' };
  if (term.kind === 'unread') return { open: true, because: { kind: 'endUnread', assignment, why: term.why }, lack: 'fact' };
  if (!lasts(term, at)) return { open: false, because: endsSomeDay(assignment, endOf(term, at)), lack: 'assignment' };
  if (passing !== undefined) return { open: ends !== true, because: { kind: 'membershipPasses', assignment, passing }, lack: 'assignment' };
  if (young !== undefined) return { open: false, because: { assignment, ...young }, lack: young.kind === 'notMade' ? 'making' : 'age' };
  return { open: false, because: { kind: 'throughGroupOnly', assignment }, lack: 'decision' };
}

function endsSomeDay(assignment: NamedAssignment, until: string | undefined): Reason {
  return { kind: 'endsSomeDay', assignment, ...(until !== undefined && { until }) };
}

/** A role with data actions that was assigned at a management group may take hours to reach vaults, whatever else is asked (EA-54). */
const dayMinutes = 24 * 60;

type AgeLack = ReasonLess<'notMade'> | ReasonLess<'ageUnknown'> | ReasonLess<'tooYoung'>;
type ReasonLess<Kind> = Omit<Extract<Reason, { readonly kind: Kind }>, 'assignment'>;

function ageLack({ standing }: Grant, at: string, minimumAgeMinutes: number | undefined): AgeLack | undefined {
  if (standing.since === undefined) return minimumAgeMinutes === undefined ? undefined : { kind: 'notMade' };
  const atManagementGroup = ['managementGroup', 'root'].includes(scopeLevel(standing.assignment.scope));
  const neededMinutes = Math.max(atManagementGroup ? dayMinutes : 0, minimumAgeMinutes ?? 0);
  const age = (Date.parse(at) - Date.parse(standing.since)) / 60_000;
  if (Number.isNaN(age)) return neededMinutes > 0 ? { kind: 'ageUnknown' } : undefined;
  if (age >= neededMinutes) return undefined;
  return { kind: 'tooYoung', ageMinutes: Math.max(0, Math.floor(age)), neededMinutes, atManagementGroup };
}
