import { scopeLevel } from '../model/scope.ts';
import type { AccessFacts } from './access-facts.ts';
import { describeAssignment } from './describe-assignment.ts';
import type { Lack } from './judgement.ts';
import { endOf, lasts } from './standing-assignment.ts';
import type { Grant } from './weigh-grants.ts';

/** Why a grant is no durable cover; `open` when a fact is missing or may change by itself, so that nobody can say. */
export interface Shortfall {
  readonly open: boolean;
  readonly words: string;
  readonly lack: Lack;
}

/** Undefined for a grant that lasts (EA-37). */
export function shortfallOf(grant: Grant, at: string, facts: AccessFacts, minimumAgeMinutes: number | undefined): Shortfall | undefined {
  const { standing, doubts, passing } = grant;
  const unread = doubts.find((doubt) => doubt.kind === 'unread');
  if (unread !== undefined) return { open: true, words: unread.words, lack: 'fact' };
  const [condition] = doubts;
  if (condition !== undefined) return { open: false, words: condition.words, lack: 'assignment' };
  const { term } = standing;
  const young = minimumAgeMinutes === undefined ? undefined : tooYoung(grant, at, minimumAgeMinutes);
  if (lasts(term, at) && passing === undefined && young === undefined) return undefined;
  const shown = describeAssignment(standing, facts);
  if (term.kind === 'unread') return { open: true, words: `whether ${shown} has an end could not be read: ${term.because}`, lack: 'fact' };
  if (!lasts(term, at)) return { open: false, words: coveredUntil(shown, endOf(term, at)), lack: 'assignment' };
  if (passing !== undefined) return { open: true, words: `covered by ${shown} ${passing}`, lack: 'assignment' };
  return { open: false, words: `${shown} ${young ?? ''}`, lack: standing.since === undefined ? 'making' : 'age' };
}

function coveredUntil(shown: string, until: string | undefined): string {
  return until === undefined ? `covered only while ${shown} stays activated` : `covered only until ${until}: ${shown} ends then`;
}

function tooYoung({ standing }: Grant, at: string, minimumAgeMinutes: number): string | undefined {
  if (standing.since === undefined) return 'is planned and not made yet';
  const wanted = scopeLevel(standing.assignment.scope) === 'managementGroup' ? minimumAgeMinutes * 4 : minimumAgeMinutes;
  const age = (Date.parse(at) - Date.parse(standing.since)) / 60_000;
  if (Number.isNaN(age)) return wanted > 0 ? 'is of unknown age' : undefined;
  return age < wanted ? `is only ${Math.max(0, Math.floor(age))} minutes old, and ${wanted} are needed` : undefined;
}
