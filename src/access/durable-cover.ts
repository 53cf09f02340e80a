import { compareText } from '../model/finding.ts';
import { scopeLevel } from '../model/scope.ts';
import type { AccessFacts } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { goneBecause } from './decide-rbac.ts';
import { describeAssignment } from './describe-assignment.ts';
import type { PairVerdict, Route } from './judgement.ts';
import { nearestAssignment } from './nearest-assignment.ts';
import type { Reach } from './reach.ts';
import { endOf, lasts } from './standing-assignment.ts';
import { type Denial, weighDenies } from './weigh-denies.ts';
import { type Candidate, type Grant, weighGrants } from './weigh-grants.ts';

export type Cover = Pick<PairVerdict, 'state' | 'by' | 'because'>;

/** Why a grant is no durable cover; `open` when a fact is missing or may change by itself, so that nobody can say. */
interface Shortfall {
  readonly open: boolean;
  readonly words: string;
}

/**
 * Whether access that lasts covers the request (EA-37): active, without an end, without an unproved condition, by firm
 * membership, old enough, and not denied. Only that may open the gate of a flip.
 */
export function durableCover(
  request: AccessRequest,
  reach: Reach,
  candidates: readonly Candidate[],
  facts: AccessFacts,
  minimumAgeMinutes: number | undefined,
): Cover {
  const gone = goneBecause(request, facts);
  if (gone?.state === 'unknown') return unknown(gone.because);
  if (gone?.state === 'notGranted') return uncovered(gone.because);
  const { grants, fallen } = weighGrants(request, candidates, facts);
  const shortfalls = grants.map((grant) => shortfallOf(grant, request.at, facts, minimumAgeMinutes));
  const durable = grants.filter((_, i) => shortfalls[i] === undefined);
  const routes = durable.map((grant) => grant.route);
  const [denial] = weighDenies(request, reach, facts);
  if (denial !== undefined) return deniedCover(denial, grants, facts);
  if (routes.length > 0) return { state: 'covered', by: routes, because: '' };
  const known = shortfalls.filter((shortfall) => shortfall !== undefined);
  const { roleAssignments } = facts.subscription;
  const unread = roleAssignments.state === 'unreadable' ? [`role assignments could not be read: ${roleAssignments.because}`] : [];
  const open = [...unread, ...known.filter((one) => one.open).map((one) => one.words)];
  if (open.length > 0) return unknown(open);
  if (known.length > 0) return uncovered(sentence(known.map((one) => one.words)));
  const nearest = nearestAssignment(request, facts, fallen);
  return uncovered(nearest === undefined ? 'no role assignment gives it' : `no role assignment gives it; nearest: ${nearest}`);
}

/** Unknown counts as denied for coverage (EA-25); where a fact is missing, it is said so. */
function deniedCover(denial: Denial, grants: readonly Grant[], facts: AccessFacts): Cover {
  if (denial.certainty === 'unread') return unknown([denial.words]);
  const [would] = grants.filter((grant) => grant.doubts.length === 0);
  return uncovered(would === undefined ? denial.words : `${denial.words}; ${describeAssignment(would.standing, facts)} would give it`);
}

function shortfallOf(grant: Grant, at: string, facts: AccessFacts, minimumAgeMinutes: number | undefined): Shortfall | undefined {
  const { standing, doubts, passing } = grant;
  const unread = doubts.find((doubt) => doubt.kind === 'unread');
  if (unread !== undefined) return { open: true, words: unread.words };
  const [condition] = doubts;
  if (condition !== undefined) return { open: false, words: condition.words };
  const { term } = standing;
  const young = minimumAgeMinutes === undefined ? undefined : tooYoung(grant, at, minimumAgeMinutes);
  if (lasts(term, at) && passing === undefined && young === undefined) return undefined;
  const shown = describeAssignment(standing, facts);
  if (term.kind === 'unread') return { open: true, words: `whether ${shown} has an end could not be read: ${term.because}` };
  if (!lasts(term, at)) return { open: false, words: coveredUntil(shown, endOf(term, at)) };
  if (passing !== undefined) return { open: true, words: `covered by ${shown} ${passing}` };
  return { open: false, words: `${shown} ${young ?? ''}` };
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

function unknown(words: readonly string[]): Cover {
  return { state: 'unknown', by: [], because: sentence(words) };
}

function uncovered(because: string, by: readonly Route[] = []): Cover {
  return { state: 'uncovered', by, because };
}

function sentence(words: readonly string[]): string {
  return [...new Set(words)].sort(compareText).join('; ');
}
