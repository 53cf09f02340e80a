import type { ShortfallKind } from '../../model/gap.ts';
import { type Reason, sortedReasons } from '../../model/reason.ts';
import { type AccessFacts, unreadLists } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { goneBecause, wouldGive } from '../decide-rbac.ts';
import type { PairVerdict } from '../judgement.ts';
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
  return listed === undefined ? cover : { ...cover, because: [...cover.because, listed] };
}

function coverByFacts(request: AccessRequest, reach: Reach, candidates: readonly Candidate[], facts: AccessFacts, demand: Demand): Cover {
  const gone = goneBecause(request, facts);
  if (gone?.state === 'unknown') return unknown(gone.because, 'principal');
  if (gone?.state === 'notGranted') return uncovered([gone.because], 'principal');
  const { grants, fallen } = weighGrants(request, candidates, facts);
  const shortfalls = grants.map((grant) => shortfallOf(grant, request.at, facts, demand));
  const durable = grants.filter((_, i) => shortfalls[i] === undefined);
  const routes = durable.map((grant) => grant.route);
  const [denial] = weighDenies(request, reach, facts);
  if (denial !== undefined) return deniedCover(denial, grants, facts);
  if (routes.length > 0) return { state: 'covered', by: routes, because: [] };
  const known = shortfalls.filter((shortfall) => shortfall !== undefined);
  const unread = unreadLists(facts, ['roleAssignments']);
  const open = known.filter((one) => one.open);
  const doubts = [...unread, ...open.map((one) => one.because)];
  if (doubts.length > 0) return unknown(sortedReasons(doubts), unread.length > 0 ? 'fact' : easiest(open));
  if (known.length > 0) return uncovered(sortedReasons(known.map((one) => one.because)), easiest(known));
  const nearest = nearestAssignment(request, facts, fallen);
  return uncovered(
    [{ kind: 'assignmentNone' }, ...(nearest === undefined ? [] : [{ kind: 'nearest' as const, lack: nearest }])],
    'assignment',
  );
}

/** Unknown counts as denied for coverage (EA-25); where a fact is missing, it is said so. */
function deniedCover(denial: Denial, grants: readonly Grant[], facts: AccessFacts): Cover {
  if (denial.certainty === 'unread') return unknown([denial.because], denial.open === true ? 'denied' : 'fact');
  const [would] = grants.filter((grant) => grant.doubts.length === 0);
  return uncovered([denial.because, ...(would === undefined ? [] : [wouldGive(would, facts)])], 'denied');
}

/** Of several grants that fall short, what the one lacks that is mended most easily. */
function easiest(shortfalls: readonly Shortfall[]): ShortfallKind {
  const order: readonly ShortfallKind[] = ['age', 'making', 'decision', 'assignment', 'fact'];
  return order.find((lack) => shortfalls.some((one) => one.lack === lack)) ?? 'assignment';
}

function unknown(because: readonly Reason[], lack: ShortfallKind): Cover {
  return { state: 'unknown', by: [], because, lack };
}

function uncovered(because: readonly Reason[], lack: ShortfallKind): Cover {
  return { state: 'uncovered', by: [], because, lack };
}
