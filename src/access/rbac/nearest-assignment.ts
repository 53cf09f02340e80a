import { compareText } from '../../base/compare-text.ts';
import { itemsRead } from '../../base/reading.ts';
import { actionMatches } from '../../model/data-action.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import { describeAssignment } from '../describe-assignment.ts';
import { membershipIn } from '../membership.ts';
import type { RoleRule } from '../role-rule.ts';
import { reachOf } from './reach.ts';
import { candidatesFor, type IneffectiveGrant } from './weigh-grants.ts';

/**
 * The assignment that comes nearest to giving what nothing gives, and what it lacks, in a sentence: a condition or a
 * time that says no, one object only, taken out by the role itself, named on the other plane, or only eligible.
 */
export function nearestAssignment(request: AccessRequest, facts: AccessFacts, fallen: readonly IneffectiveGrant[]): string | undefined {
  const [first] = fallen;
  return first?.words ?? onObjectsOnly(request, facts) ?? namedInVain(request, facts) ?? eligibleOnly(request, facts);
}

function onObjectsOnly(request: AccessRequest, facts: AccessFacts): string | undefined {
  const scopes = facts.objectScopes.get(request.vault.scope) ?? [];
  const found = candidatesFor(request, { scopes }, facts)
    .filter(({ standing, membership }) => membership.state !== 'unknown' && gives(standing.assignment.roleDefinitionId, request, facts))
    .map(({ standing }) => describeAssignment(standing, facts))
    .sort(compareText);
  const [first] = found;
  if (first === undefined) return undefined;
  return found.length === 1 ? `${first} reaches that object alone` : `${first} and ${found.length - 1} like it reach those objects alone`;
}

function gives(roleDefinitionId: RoleRule['id'], { plane, action }: AccessRequest, facts: AccessFacts): boolean {
  return (facts.role(roleDefinitionId)?.matching(plane, action).length ?? 0) > 0;
}

/** A role that names the action and takes it out again (EA-4), or names it on the other plane only (EA-7). */
function namedInVain(request: AccessRequest, facts: AccessFacts): string | undefined {
  const reach = reachOf(request.resource, request.vault, facts);
  const found = candidatesFor(request, reach, facts).flatMap(({ standing, membership }) => {
    const role = facts.role(standing.assignment.roleDefinitionId);
    const words = role === undefined || membership.state === 'unknown' ? undefined : vainlyNamed(role, request);
    return words === undefined ? [] : [`${describeAssignment(standing, facts)} ${words}`];
  });
  return found.sort(compareText)[0];
}

function vainlyNamed({ blocks }: RoleRule, { plane, action }: AccessRequest): string | undefined {
  const names = (patterns: readonly string[]) => patterns.some((pattern) => actionMatches(pattern, action));
  if (blocks.some((block) => names(plane === 'data' ? block.dataActions : block.actions)))
    return plane === 'data' ? 'takes it out again by notDataActions' : 'takes it out again by notActions';
  if (blocks.some((block) => names(block.actions))) return 'names it for the control plane only';
  return undefined;
}

/** Eligible is not access until somebody activates it (EA-34), by himself or for a group of his. */
function eligibleOnly(request: AccessRequest, facts: AccessFacts): string | undefined {
  const { scopes } = reachOf(request.resource, request.vault, facts);
  const found = itemsRead(facts.subscription.eligibleInstances)
    .filter((one) => scopes.includes(one.scope) && gives(one.roleDefinitionId, request, facts))
    .filter((one) => ['self', 'member'].includes(membershipIn(one.principalId, '', request, facts).state))
    .map((one) => `${describeAssignment({ assignment: one }, facts)} is only eligible, which gives no access until activated`);
  return found.sort(compareText)[0];
}
