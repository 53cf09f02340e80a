import type { Guid } from '../../base/guid.ts';
import { read } from '../../base/reading.ts';
import type { Reason } from '../../model/reason.ts';
import type { RoleAssignment } from '../../model/role.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { membershipIn, namedGroup } from '../membership.ts';
import { namedAssignment } from '../named-assignment.ts';
import { idKey, type StandingAssignment } from '../standing-assignment.ts';
import { mayBeGroup } from './group-kind.ts';
import type { Reach } from './reach.ts';
import { type Demand, shortfallOf } from './shortfall.ts';
import { weighDenies } from './weigh-denies.ts';
import { type Candidate, weighGrants } from './weigh-grants.ts';

/**
 * What Azure's own list of what is assigned to the principal says where the directory could not be read (EA-30): one more reason of an
 * answer that stays unknown. Azure's word on a membership is no fact that can be held against others, so it covers nothing; but it
 * tells a person whether the directory's answer is all that is missing.
 * @returns undefined where Azure was not asked.
 */
export function listedByAzure(request: AccessRequest, reach: Reach, facts: AccessFacts, demand: Demand): Reason | undefined {
  const list = facts.subscription.assignedTo?.get(request.principalId);
  if (list === undefined) return undefined;
  if (list.state === 'unreadable') return { kind: 'azureListUnread', text: list.because };
  const candidates = list.value.flatMap((row) => candidateOf(row, request, reach, facts));
  const { grants } = weighGrants(request, candidates, facts);
  const [denial] = weighDenies(request, reach, facts);
  const ranked = grants.map((grant) => ({ grant, lack: denial?.because ?? shortfallOf(grant, request.at, facts, demand)?.because }));
  const best = ranked.find(({ lack }) => lack === undefined) ?? ranked[0];
  if (best === undefined) return { kind: 'azureListEmpty' };
  const { throughGroup } = best.grant.route;
  return {
    kind: 'azureLists',
    assignment: namedAssignment(best.grant.standing, facts),
    others: grants.length - 1,
    ...(throughGroup !== undefined && { throughGroup: namedGroup(throughGroup, facts) }),
    ...(best.lack !== undefined && { lack: best.lack }),
  };
}

/** Only what our own list holds too: there it was joined with its schedule and its age. */
function candidateOf(row: RoleAssignment, request: AccessRequest, { scopes }: Reach, facts: AccessFacts): readonly Candidate[] {
  if (!scopes.includes(row.scope)) return [];
  const standing = facts.byGrantee
    .get(row.principalId)
    ?.get(row.scope)
    ?.find(({ key }) => key === idKey(row.id));
  const membership = standing === undefined ? undefined : membershipByAzure(standing, request, facts);
  return standing === undefined || membership === undefined ? [] : [{ standing, membership }];
}

/**
 * As if the directory had named this one group. What it has shown of the group counts; of one that it does not show, all of that is
 * part of the answer that is missing.
 */
function membershipByAzure(
  { assignment }: StandingAssignment,
  { principalId }: AccessRequest,
  facts: AccessFacts,
): Candidate['membership'] | undefined {
  const { principalId: group, principalType } = assignment;
  if (group !== principalId && !mayBeGroup(group, principalType, facts)) return undefined;
  const known = facts.principals.get(group);
  const isShown = known !== undefined && known.kind !== 'unresolved' && known.displayName !== '';
  const membership = membershipIn(
    group,
    principalType,
    { principalId, groups: read([group]) },
    isShown ? facts : knowingOnly(principalId, facts),
  );
  return membership.state === 'notMember' ? undefined : membership;
}

function knowingOnly(asker: Guid, facts: AccessFacts): AccessFacts {
  const self = facts.principals.get(asker);
  return { ...facts, principals: new Map(self === undefined ? [] : [[asker, self]]) };
}
