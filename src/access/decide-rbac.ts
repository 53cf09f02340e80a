import { type Reason, type UnknownTerm, uniqueReasons } from '../model/reason.ts';
import { type AccessFacts, unreadLists } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { objectAt } from './checked-resources.ts';
import type { Access, CheckedResource } from './judgement.ts';
import { namedAssignment } from './named-assignment.ts';
import { nearestAssignment } from './rbac/nearest-assignment.ts';
import { reachOf } from './rbac/reach.ts';
import { weighDenies } from './rbac/weigh-denies.ts';
import { candidatesFor, type Grant, type IneffectiveGrant, weighGrants } from './rbac/weigh-grants.ts';

/**
 * Whether Azure RBAC lets the request through at its time (EA-1..8): deny before grant, and unknown wherever a fact is
 * missing. It says nothing of how long that lasts; see `judgeVault` for what a flip may count on. Any object of a collection is let
 * through when no object is kept back by a deny assignment of its own.
 */
export function decideRbac(request: AccessRequest, facts: AccessFacts): Access {
  const answer = decideOne(request, facts);
  if (request.resource.kind !== 'anyObject' || answer.state === 'notGranted') return answer;
  const apart = deniedObjects(request, facts).map((resource) => decideOne({ ...request, resource }, facts));
  const kept = apart.find((one) => one.state === 'notGranted' && one.reason === 'DeniedByDenyAssignment');
  if (kept?.state === 'notGranted') return { ...kept, because: { kind: 'notOnEveryObject', reason: kept.because } };
  const doubts = [answer, ...apart].flatMap((one) => (one.state === 'unknown' ? one.because : []));
  return doubts.length === 0 ? answer : { state: 'unknown', because: uniqueReasons(doubts) };
}

/** Objects of the collection that a deny assignment stands on. */
function deniedObjects({ resource, vault }: AccessRequest, facts: AccessFacts): readonly CheckedResource[] {
  const scopes = (facts.objectScopes.get(vault.scope) ?? []).filter((scope) => facts.deniesByScope.has(scope));
  const objects = scopes.flatMap((scope) => objectAt(scope, vault.scope) ?? []);
  return objects.filter(
    (one) => one.kind === 'object' && resource.kind === 'anyObject' && one.collection === resource.collection.toLowerCase(),
  );
}

function decideOne(request: AccessRequest, facts: AccessFacts): Access {
  const gone = goneBecause(request, facts);
  if (gone !== undefined) return gone;
  const reach = reachOf(request.resource, request.vault, facts);
  const denials = weighDenies(request, reach, facts);
  const [certain] = denials;
  const candidates = candidatesFor(request, reach, facts);
  const { grants, fallen } = weighGrants(request, candidates, facts);
  if (certain?.certainty === 'certain') {
    const would = grants.find((grant) => grant.doubts.length === 0);
    const nearest = would === undefined ? {} : { nearest: wouldGive(would, facts) };
    return { state: 'notGranted', because: certain.because, ...nearest, reason: 'DeniedByDenyAssignment' };
  }
  const timely = (grant: Grant) => doubtOfTime(grant, request, facts);
  const firm = grants.filter((grant) => grant.doubts.length === 0 && timely(grant).length === 0);
  const limits = grants.flatMap((grant) => grant.doubts);
  const open = limits.filter(({ kind }) => kind !== 'named').map(({ because }) => because);
  const untimely = grants.filter(({ doubts: own }) => own.every(({ kind }) => kind !== 'named')).flatMap(timely);
  const denying = denials.map((denial) => denial.because);
  if (firm.length > 0) {
    if (denying.length > 0) return { state: 'unknown', because: denying };
    const reason = firm.some((grant) => !grant.conditional) ? 'GrantedByRBAC' : 'GrantedByABAC';
    return { state: 'granted', by: firm.map((grant) => grant.route), reason };
  }
  const doubts = [...open, ...untimely, ...unreadLists(facts, ['roleAssignments'])];
  if (doubts.length > 0) return { state: 'unknown', because: [...denying, ...uniqueReasons(doubts)] };
  const named = limits.map(({ because }): IneffectiveGrant => ({ by: 'condition', because }));
  const nearest = nearestAssignment(request, facts, [...named, ...fallen]);
  return {
    state: 'notGranted',
    because: { kind: 'assignmentNone' },
    ...(nearest !== undefined && { nearest }),
    reason: [...named, ...fallen].some((one) => one.by === 'condition') ? 'DeniedWithABACEvaluationInRA' : 'DeniedWithNoValidRBAC',
  };
}

/** What was active when the lists were read need not be at another time, where nobody knows what PIM has to say of it. */
function doubtOfTime({ standing }: Grant, { whenRead }: AccessRequest, facts: AccessFacts): readonly Reason[] {
  const { term } = standing;
  if (whenRead === true || term.kind === 'lasting' || term.kind === 'scheduled') return [];
  const why: UnknownTerm = term.kind === 'unread' ? term.why : { kind: 'notListed' };
  return [{ kind: 'assignmentTimeUnknown', assignment: namedAssignment(standing, facts), why }];
}

export function wouldGive({ standing }: Grant, facts: AccessFacts): Reason {
  return { kind: 'wouldGive', assignment: namedAssignment(standing, facts) };
}

/** Principals that no token can speak for, or of which nobody knows whether one can (EA-28, EA-32). */
export function goneBecause({ principalId }: Pick<AccessRequest, 'principalId'>, facts: AccessFacts): Access | undefined {
  const principal = facts.principals.get(principalId);
  switch (principal?.kind) {
    case 'deleted':
      return { state: 'notGranted', because: { kind: 'principalDeleted' }, reason: 'DeniedWithNoValidRBAC' };
    case 'application':
      return { state: 'notGranted', because: { kind: 'idOfAppRegistration' }, reason: 'DeniedWithNoValidRBAC' };
    case 'noPrincipal':
      return {
        state: 'notGranted',
        because: { kind: 'idOfNoPrincipal', is: principal.is },
        reason: 'DeniedWithNoValidRBAC',
      };
    case 'unresolved':
      return { state: 'unknown', because: [{ kind: 'principalUnresolved', why: principal.why }] };
    case 'user':
    case 'group':
    case 'servicePrincipal':
    case undefined:
      return undefined;
  }
}
