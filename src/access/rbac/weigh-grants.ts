import { compareText } from '../../base/compare-text.ts';
import { type Passing, type Reason, reasonKey } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest, Asker } from '../access-request.ts';
import type { ParsedCondition, Truth } from '../condition.ts';
import { type ConditionContext, evaluateCondition } from '../conditions/evaluate-condition.ts';
import { all, some } from '../conditions/three-valued.ts';
import type { Route } from '../judgement.ts';
import { type Grantee, granteesOf, membershipIn } from '../membership.ts';
import { namedAssignment } from '../named-assignment.ts';
import { isActive, type StandingAssignment } from '../standing-assignment.ts';
import { rolesNamed, secretsNamed } from './named-by-condition.ts';
import type { Reach } from './reach.ts';
import { requestContext } from './request-context.ts';

/** One assignment that gives the asked action, or would if something unknown held. */
export interface Grant {
  readonly route: Route;
  readonly standing: StandingAssignment;
  /**
   * Empty when it grants now without a doubt. `condition`: its condition cannot be judged (EA-40). `named`: its
   * condition gives it on some secrets by name and on no others, and all are asked for (EA-39).
   */
  readonly doubts: readonly { readonly kind: 'condition' | 'named' | 'unread'; readonly because: Reason }[];
  readonly conditional: boolean;
  /** Why the membership that carries it is no firm ground. */
  readonly passing?: Passing;
  /** That the membership does end. */
  readonly ends?: true;
}

export interface GrantsWeighed {
  readonly grants: readonly Grant[];
  readonly fallen: readonly IneffectiveGrant[];
}

/** An assignment that names the action but does not give it here and now: its condition or its time says no. */
export interface IneffectiveGrant {
  readonly by: 'condition' | 'time';
  readonly because: Reason;
}

/** An assignment whose scope reaches the resource, and that names the asker or what may be a group with the asker in it. */
export interface Candidate {
  readonly standing: StandingAssignment;
  readonly membership: Grantee['membership'];
}

/** Those of the assignments that name the asker, or what may be a group with the asker in it, wherever they reach. */
export function namingAsker(asker: Asker, assignments: readonly StandingAssignment[], facts: AccessFacts): readonly Candidate[] {
  return assignments.flatMap((standing): readonly Candidate[] => {
    const membership = membershipIn(standing.assignment.principalId, standing.assignment.principalType, asker, facts);
    return membership.state === 'notMember' ? [] : [{ standing, membership }];
  });
}

/** @param planned assignments that are not made yet and are to be counted with the others. */
export function candidatesFor(
  asker: Asker,
  { scopes }: Reach,
  facts: AccessFacts,
  planned: readonly Candidate[] = [],
): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const { id, membership } of granteesOf(asker, facts)) {
    const held = facts.byGrantee.get(id);
    if (held === undefined) continue;
    for (const scope of scopes) for (const standing of held.get(scope) ?? []) found.push({ standing, membership });
  }
  for (const one of planned) if (scopes.includes(one.standing.assignment.scope)) found.push(one);
  return found;
}

/**
 * Whether what an active candidate gives follows from its role alone, whatever is asked and where: its role is known, nothing stands
 * under a condition, nobody doubts the membership, and there is no deny assignment. So it is with nearly all.
 */
export function isPlain({ standing, membership }: Candidate, facts: AccessFacts): boolean {
  if (standing.condition !== undefined || membership.state === 'unknown') return false;
  if (facts.deniesByScope.size > 0 || facts.subscription.denyAssignments.state !== 'read') return false;
  return facts.role(standing.assignment.roleDefinitionId)?.conditions.every((condition) => condition === undefined) === true;
}

/** Weighs each candidate (EA-3..7). Denies are not looked at here. */
export function weighGrants(request: AccessRequest, candidates: readonly Candidate[], facts: AccessFacts): GrantsWeighed {
  const grants: Grant[] = [];
  const fallen: IneffectiveGrant[] = [];
  for (const candidate of candidates) {
    const verdict = weigh(candidate, request, facts);
    if (verdict === undefined) continue;
    if ('route' in verdict) grants.push(verdict);
    else fallen.push(verdict);
  }
  return { grants: sortedGrants(grants), fallen: sortedFallen(fallen) };
}

/** @returns undefined when the role does not give the action at all. */
function weigh({ standing, membership }: Candidate, request: AccessRequest, facts: AccessFacts): Grant | IneffectiveGrant | undefined {
  const { assignment, term } = standing;
  const role = facts.role(assignment.roleDefinitionId);
  const blocks = role?.matching(request.plane, request.action);
  if (blocks?.length === 0) return undefined;
  const named = () => namedAssignment(standing, facts);
  if (!isActive(term, request.at)) return { by: 'time', because: { kind: 'assignmentInactive', assignment: named() } };
  const doubts: Grant['doubts'][number][] = [];
  if (blocks === undefined) doubts.push({ kind: 'unread', because: { kind: 'assignmentRoleUnread', assignment: named() } });
  if (membership.state === 'unknown') doubts.push({ kind: 'unread', because: membership.because });
  const conditional = standing.condition !== undefined || (blocks?.every((block) => block.condition !== undefined) ?? false);
  if (conditional) {
    const hidden = standing.condition === undefined && (blocks ?? []).some((block) => block.hidden);
    if (request.unrestricted && !hidden) return { by: 'condition', because: { kind: 'assignmentRestricted', assignment: named() } };
    const ofBlocks = (blocks ?? [{}]).map((block) => block.condition);
    const truthFor = (one: AccessRequest) => conditionTruth(standing.condition, ofBlocks, requestContext(one));
    const truth = truthFor(request);
    if (truth === false) {
      const roles = rolesNamed(request, [standing.condition, ...ofBlocks], facts);
      return { by: 'condition', because: { kind: 'conditionUnmet', assignment: named(), ...roles } };
    }
    if (truth === 'unknown') {
      const secrets = secretsNamed(request, [standing.condition, ...ofBlocks], truthFor);
      doubts.push(
        secrets === undefined
          ? { kind: 'condition', because: { kind: hidden ? 'conditionHidden' : 'conditionOpen', assignment: named() } }
          : { kind: 'named', because: { kind: 'assignmentOnSecrets', assignment: named(), secrets } },
      );
    }
  }
  const { passing, ends } = membership.state === 'member' ? membership : {};
  const route: Route = {
    assignmentId: assignment.id,
    roleDefinitionId: assignment.roleDefinitionId,
    scope: assignment.scope,
    ...(membership.state !== 'self' && { throughGroup: assignment.principalId }),
  };
  return { route, standing, doubts, conditional, ...(passing !== undefined && { passing }), ...(ends === true && { ends }) };
}

function sortedFallen(fallen: readonly IneffectiveGrant[]): readonly IneffectiveGrant[] {
  if (fallen.length < 2) return fallen;
  const keyed = fallen.map((one) => ({ one, key: reasonKey(one.because) }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ one }) => one);
}

/** Blocks add up, and the condition of the assignment as a whole stands before them all. */
export function conditionTruth(
  whole: ParsedCondition | undefined,
  ofBlocks: readonly (ParsedCondition | undefined)[],
  context: ConditionContext,
  of: 'grant' | 'deny' = 'grant',
): Truth {
  return all([truthOf(whole, context, of), some(ofBlocks.map((condition) => truthOf(condition, context, of)))]);
}

/**
 * Where Microsoft's pages contradict each other, what one of them says is believed when it refuses: of a grant that it is not met, of
 * a deny that it is. What one of them alone would open stays unknown (EA-40, EA-41).
 */
export function truthOf(condition: ParsedCondition | undefined, context: ConditionContext, of: 'grant' | 'deny' = 'grant'): Truth {
  if (condition === undefined) return true;
  if (condition.state === 'unreadable') return 'unknown';
  const open = evaluateCondition(condition.condition, context);
  if (open !== 'unknown') return open;
  const refusal = of === 'deny';
  return evaluateCondition(condition.condition, context, refusal ? 'letterCase' : 'refusals') === refusal ? refusal : 'unknown';
}

function sortedGrants(grants: readonly Grant[]): readonly Grant[] {
  if (grants.length < 2) return grants;
  const key = ({ route, standing }: Grant) => `${standing.key} ${route.throughGroup ?? ''}`;
  const unique = new Map(grants.toReversed().map((grant) => [`${key(grant)} ${JSON.stringify(grant.doubts)}`, grant]));
  return [...unique.values()].sort((a, b) => compareText(key(a), key(b)));
}
