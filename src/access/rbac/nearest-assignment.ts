import { itemsRead } from '../../base/reading.ts';
import { actionMatches } from '../../model/data-action.ts';
import type { NamedAssignment, Reason } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { membershipIn } from '../membership.ts';
import { compareAssignments, namedAssignment } from '../named-assignment.ts';
import type { RoleRule } from '../role-rule.ts';
import { reachOf } from './reach.ts';
import { candidatesFor, type IneffectiveGrant } from './weigh-grants.ts';

/**
 * The assignment that comes nearest to giving what nothing gives, and what it lacks: a condition or a
 * time that says no, one object only, taken out by the role itself, named on the other plane, or only eligible.
 */
export function nearestAssignment(request: AccessRequest, facts: AccessFacts, fallen: readonly IneffectiveGrant[]): Reason | undefined {
  const [first] = fallen;
  return first?.because ?? onObjectsOnly(request, facts) ?? namedInVain(request, facts) ?? eligibleOnly(request, facts);
}

function onObjectsOnly(request: AccessRequest, facts: AccessFacts): Reason | undefined {
  const scopes = facts.objectScopes.get(request.vault.scope) ?? [];
  const found = candidatesFor(request, { scopes }, facts)
    .filter(({ standing, membership }) => membership.state !== 'unknown' && gives(standing.assignment.roleDefinitionId, request, facts))
    .map(({ standing }) => namedAssignment(standing, facts))
    .sort(compareAssignments);
  const [assignment] = found;
  return assignment === undefined ? undefined : { kind: 'assignmentOnObjects', assignment, others: found.length - 1 };
}

function gives(roleDefinitionId: RoleRule['id'], { plane, action }: AccessRequest, facts: AccessFacts): boolean {
  return (facts.role(roleDefinitionId)?.matching(plane, action).length ?? 0) > 0;
}

/** A role that names the action and takes it out again (EA-4), or names it on the other plane only (EA-7). */
function namedInVain(request: AccessRequest, facts: AccessFacts): Reason | undefined {
  const reach = reachOf(request.resource, request.vault, facts);
  const found = candidatesFor(request, reach, facts).flatMap(({ standing, membership }) => {
    const role = facts.role(standing.assignment.roleDefinitionId);
    const vain = role === undefined || membership.state === 'unknown' ? undefined : vainlyNamed(role, request);
    return vain === undefined ? [] : [{ ...vain, assignment: namedAssignment(standing, facts) }];
  });
  return found.sort(byAssignment)[0];
}

function byAssignment(a: { readonly assignment: NamedAssignment }, b: { readonly assignment: NamedAssignment }): number {
  return compareAssignments(a.assignment, b.assignment);
}

type Vain =
  | { readonly kind: 'assignmentTakesOut'; readonly by: 'notDataActions' | 'notActions' }
  | { readonly kind: 'assignmentOnControlPlane' };

function vainlyNamed({ blocks }: RoleRule, { plane, action }: AccessRequest): Vain | undefined {
  const names = (patterns: readonly string[]) => patterns.some((pattern) => actionMatches(pattern, action));
  if (blocks.some((block) => names(plane === 'data' ? block.dataActions : block.actions)))
    return { kind: 'assignmentTakesOut', by: plane === 'data' ? 'notDataActions' : 'notActions' };
  if (blocks.some((block) => names(block.actions))) return { kind: 'assignmentOnControlPlane' };
  return undefined;
}

/** Eligible is not access until somebody activates it (EA-34), by himself or for a group of his. */
function eligibleOnly(request: AccessRequest, facts: AccessFacts): Reason | undefined {
  const { scopes } = reachOf(request.resource, request.vault, facts);
  const found = itemsRead(facts.subscription.eligibleInstances)
    .filter((one) => scopes.includes(one.scope) && gives(one.roleDefinitionId, request, facts))
    .filter((one) => ['self', 'member'].includes(membershipIn(one.principalId, '', request, facts).state))
    .map((one) => ({ kind: 'assignmentEligible' as const, assignment: namedAssignment({ assignment: one }, facts) }));
  return found.sort(byAssignment)[0];
}
