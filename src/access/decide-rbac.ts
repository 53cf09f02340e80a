import type { AccessFacts } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { describeAssignment } from './describe-assignment.ts';
import type { Access } from './judgement.ts';
import { nearestAssignment } from './nearest-assignment.ts';
import { reachOf } from './reach.ts';
import { weighDenies } from './weigh-denies.ts';
import { candidatesFor, type Fallen, weighGrants } from './weigh-grants.ts';

/**
 * Whether Azure RBAC lets the request through at its time (EA-1..8): deny before grant, and unknown wherever a fact is
 * missing. It says nothing of how long that lasts; see `judgeVault` for what a flip may count on.
 */
export function decideRbac(request: AccessRequest, facts: AccessFacts): Access {
  const gone = goneBecause(request, facts);
  if (gone !== undefined) return gone;
  const reach = reachOf(request.resource, request.vault, facts);
  const denials = weighDenies(request, reach, facts);
  const [certain] = denials;
  const candidates = candidatesFor(request, reach, facts);
  const { grants, fallen } = weighGrants(request, candidates, facts);
  if (certain?.certainty === 'certain') {
    const [would] = grants.filter((grant) => grant.doubts.length === 0).map((grant) => describeAssignment(grant.standing, facts));
    const nearest = would === undefined ? {} : { nearest: `${would} would give it` };
    return { state: 'notGranted', because: certain.words, ...nearest, reason: 'DeniedByDenyAssignment' };
  }
  const { roleAssignments } = facts.subscription;
  const firm = grants.filter((grant) => grant.doubts.length === 0);
  const limits = grants.flatMap((grant) => grant.doubts);
  const doubts = [...new Set(limits.filter(({ kind }) => kind !== 'named').map(({ words }) => words))];
  if (firm.length > 0) {
    if (denials.length > 0) return { state: 'unknown', because: denials.map((denial) => denial.words) };
    const reason = firm.some((grant) => !grant.conditional) ? 'GrantedByRBAC' : 'GrantedByABAC';
    return { state: 'granted', by: firm.map((grant) => grant.route), reason };
  }
  if (roleAssignments.state === 'unreadable') doubts.push(`role assignments could not be read: ${roleAssignments.because}`);
  if (doubts.length > 0) return { state: 'unknown', because: [...denials.map((denial) => denial.words), ...doubts] };
  const named = limits.map(({ words }): Fallen => ({ because: 'condition', words }));
  const nearest = nearestAssignment(request, facts, [...named, ...fallen]);
  return {
    state: 'notGranted',
    because: 'no role assignment gives it',
    ...(nearest !== undefined && { nearest }),
    reason: [...named, ...fallen].some((one) => one.because === 'condition') ? 'DeniedWithABACEvaluationInRA' : 'DeniedWithNoValidRBAC',
  };
}

/** Principals that no token can speak for, or of which nobody knows whether one can (EA-28, EA-32). */
export function goneBecause({ principalId }: Pick<AccessRequest, 'principalId'>, facts: AccessFacts): Access | undefined {
  const principal = facts.principals.get(principalId);
  switch (principal?.kind) {
    case 'deleted':
      return { state: 'notGranted', because: 'the principal is deleted', reason: 'DeniedWithNoValidRBAC' };
    case 'application':
      return { state: 'notGranted', because: 'the id is an app registration, which no token carries', reason: 'DeniedWithNoValidRBAC' };
    case 'noPrincipal':
      return {
        state: 'notGranted',
        because: `the id is ${principal.what}, which no token carries as an object id`,
        reason: 'DeniedWithNoValidRBAC',
      };
    case 'unresolved':
      return { state: 'unknown', because: [`the directory does not say who this is: ${principal.because}`] };
    case 'user':
    case 'group':
    case 'servicePrincipal':
    case undefined:
      return undefined;
  }
}
