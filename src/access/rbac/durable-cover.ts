import { compareText } from '../../base/compare-text.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { goneBecause } from '../decide-rbac.ts';
import { describeAssignment } from '../describe-assignment.ts';
import type { PairVerdict, ShortfallKind } from '../judgement.ts';
import { listedByAzure } from './listed-by-azure.ts';
import { nearestAssignment } from './nearest-assignment.ts';
import type { Reach } from './reach.ts';
import { type Demand, type Shortfall, shortfallOf } from './shortfall.ts';
import { type Denial, weighDenies } from './weigh-denies.ts';
import { type Candidate, type Grant, weighGrants } from './weigh-grants.ts';

export type Cover = Pick<PairVerdict, 'state' | 'by' | 'because' | 'lack'>;

/**
 * Whether access that lasts covers the request (EA-37): active, without an end, without an unproved condition, assigned to
 * the principal itself or, by decision, to a group with firm membership, old enough, and not denied. Only that may open the gate of a flip.
 */
export function durableCover(
  request: AccessRequest,
  reach: Reach,
  candidates: readonly Candidate[],
  facts: AccessFacts,
  demand: Demand,
): Cover {
  const cover = coverByFacts(request, reach, candidates, facts, demand);
  if (cover.state !== 'unknown') return cover;
  const listed = listedByAzure(request, reach, facts, demand);
  return listed === undefined ? cover : { ...cover, because: `${cover.because.replace(/\.$/, '')}; ${listed}` };
}

function coverByFacts(request: AccessRequest, reach: Reach, candidates: readonly Candidate[], facts: AccessFacts, demand: Demand): Cover {
  const gone = goneBecause(request, facts);
  if (gone?.state === 'unknown') return unknown(gone.because, 'principal');
  if (gone?.state === 'notGranted') return uncovered(gone.because, 'principal');
  const { grants, fallen } = weighGrants(request, candidates, facts);
  const shortfalls = grants.map((grant) => shortfallOf(grant, request.at, facts, demand));
  const durable = grants.filter((_, i) => shortfalls[i] === undefined);
  const routes = durable.map((grant) => grant.route);
  const [denial] = weighDenies(request, reach, facts);
  if (denial !== undefined) return deniedCover(denial, grants, facts);
  if (routes.length > 0) return { state: 'covered', by: routes, because: '' };
  const known = shortfalls.filter((shortfall) => shortfall !== undefined);
  const { roleAssignments } = facts.subscription;
  const unread = roleAssignments.state === 'unreadable' ? [`role assignments could not be read: ${roleAssignments.because}`] : [];
  const open = known.filter((one) => one.open);
  const words = [...unread, ...open.map((one) => one.words)];
  if (words.length > 0) return unknown(words, unread.length > 0 ? 'fact' : easiest(open));
  if (known.length > 0) return uncovered(sentence(known.map((one) => one.words)), easiest(known));
  const nearest = nearestAssignment(request, facts, fallen);
  const none = 'no role assignment gives it';
  return uncovered(nearest === undefined ? none : `${none}; nearest: ${nearest}`, 'assignment');
}

/** Unknown counts as denied for coverage (EA-25); where a fact is missing, it is said so. */
function deniedCover(denial: Denial, grants: readonly Grant[], facts: AccessFacts): Cover {
  if (denial.certainty === 'unread') return unknown([denial.words], denial.open === true ? 'denied' : 'fact');
  const [would] = grants.filter((grant) => grant.doubts.length === 0);
  const words = would === undefined ? denial.words : `${denial.words}; ${describeAssignment(would.standing, facts)} would give it`;
  return uncovered(words, 'denied');
}

/** Of several grants that fall short, what the one lacks that is mended most easily. */
function easiest(shortfalls: readonly Shortfall[]): ShortfallKind {
  const order: readonly ShortfallKind[] = ['age', 'making', 'decision', 'assignment', 'fact'];
  return order.find((lack) => shortfalls.some((one) => one.lack === lack)) ?? 'assignment';
}

function unknown(words: readonly string[], lack: ShortfallKind): Cover {
  return { state: 'unknown', by: [], because: sentence(words), lack };
}

function uncovered(because: string, lack: ShortfallKind): Cover {
  return { state: 'uncovered', by: [], because, lack };
}

function sentence(words: readonly string[]): string {
  return [...new Set(words)].sort(compareText).join('; ');
}
