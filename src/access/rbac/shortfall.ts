import { scopeLevel } from '../../model/scope.ts';
import type { AccessFacts } from '../access-facts.ts';
import { describeAssignment } from '../describe-assignment.ts';
import type { ShortfallKind } from '../judgement.ts';
import { endOf, lasts } from '../standing-assignment.ts';
import type { Grant } from './weigh-grants.ts';

/** Why a grant is no durable cover; `open` when a fact is missing or may change by itself, so that nobody can say. */
export interface Shortfall {
  readonly open: boolean;
  readonly words: string;
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
  if (unread !== undefined) return { open: true, words: unread.words, lack: 'fact' };
  const [condition] = doubts;
  if (condition !== undefined) return { open: false, words: condition.words, lack: 'assignment' };
  const { term } = standing;
  const young = tooYoung(grant, at, demand.minimumAgeMinutes);
  const byGroup = grant.route.throughGroup !== undefined && !demand.alsoByGroups;
  if (lasts(term, at) && passing === undefined && young === undefined && !byGroup) return undefined;
  const shown = describeAssignment(standing, facts);
  if (term.kind === 'unlisted')
    return { open: true, words: `Azure lists every assignment in PIM but ${shown}, so whether it has an end is not known`, lack: 'fact' };
  if (term.kind === 'unread') return { open: true, words: `whether ${shown} has an end could not be read: ${term.because}`, lack: 'fact' };
  if (!lasts(term, at)) return { open: false, words: coveredUntil(shown, endOf(term, at)), lack: 'assignment' };
  if (passing !== undefined) return { open: ends !== true, words: `covered by ${shown} ${passing}`, lack: 'assignment' };
  if (young !== undefined) return { open: false, words: `${shown} ${young}`, lack: standing.since === undefined ? 'making' : 'age' };
  return {
    open: false,
    words: `covered only through a group, by ${shown}: a membership may end, so it counts by decision alone`,
    lack: 'decision',
  };
}

function coveredUntil(shown: string, until: string | undefined): string {
  return until === undefined ? `covered only while ${shown} stays activated` : `covered only until ${until}: ${shown} ends then`;
}

/** A role with data actions that was assigned at a management group may take hours to reach vaults, whatever else is asked (EA-54). */
const dayMinutes = 24 * 60;

function tooYoung({ standing }: Grant, at: string, minimumAgeMinutes: number | undefined): string | undefined {
  if (standing.since === undefined) return minimumAgeMinutes === undefined ? undefined : 'is planned and not made yet';
  const high = ['managementGroup', 'root'].includes(scopeLevel(standing.assignment.scope));
  const wanted = Math.max(high ? dayMinutes : 0, minimumAgeMinutes ?? 0);
  const age = (Date.parse(at) - Date.parse(standing.since)) / 60_000;
  if (Number.isNaN(age)) return wanted > 0 ? 'is of unknown age' : undefined;
  if (age >= wanted) return undefined;
  const is = `is only ${Math.max(0, Math.floor(age))} minutes old`;
  return high ? `${is}, and counts there after a day` : `${is}, and ${wanted} are needed`;
}
