import { compareText } from '../../base/compare-text.ts';
import { itemsRead, read, unreadable } from '../../base/reading.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type Scope, scopeLevel } from '../../model/scope.ts';
import type { PimReading, ResourceReader, SubscriptionRow } from '../ports.ts';
import { readPolicies } from './read-policies.ts';

/**
 * The lists that serve every vault of a subscription (EA-46), however many vaults there are, and what is behind its policy
 * assignments.
 * @param now ISO 8601
 */
export async function readSubscription(row: SubscriptionRow, now: string, resources: ResourceReader): Promise<SubscriptionFacts> {
  const scope = `/subscriptions/${row.subscriptionId}`;
  const [roleAssignments, roleDefinitions, denyAssignments, active, eligible, locks, policyAssignments] = await Promise.all([
    resources.roleAssignments(scope),
    resources.roleDefinitions(scope),
    resources.denyAssignments(scope),
    resources.activeInstances(scope),
    resources.eligibleInstances(scope),
    resources.locks(scope),
    resources.policyAssignments(scope),
  ]);
  const lists = { roleAssignments, roleDefinitions, denyAssignments, ...pimFacts(active, eligible), locks, policyAssignments };
  const policies = await readPolicies(scope, policyAssignments, now, resources);
  return {
    ...row,
    subscriptionId: row.subscriptionId.toLowerCase(),
    managementGroups: managementGroupsIn(lists),
    ...lists,
    ...(policies !== undefined && { policies }),
  };
}

/** That there is no PIM is believed when both of its lists say so: one that lists something, or fails, contradicts the other. */
function pimFacts(
  active: PimReading,
  eligible: PimReading,
): Pick<SubscriptionFacts, 'activeInstances' | 'eligibleInstances' | 'withoutPim'> {
  if (active.state === 'unlicensed' && eligible.state === 'unlicensed')
    return { activeInstances: read([]), eligibleInstances: read([]), withoutPim: active.because };
  const alone = (reading: PimReading) =>
    reading.state === 'unlicensed' ? unreadable(`Azure says of this list alone that the tenant has no PIM: ${reading.because}`) : reading;
  return { activeInstances: alone(active), eligibleInstances: alone(eligible) };
}

/**
 * Management groups that rows stand at. A list at a subscription answers with what is at, above and below, and below it there are
 * none, so each of them is an ancestor: the tree need not be read (EA-44). One without any row is missing, and reaches nothing.
 */
function managementGroupsIn(
  lists: Pick<SubscriptionFacts, 'roleAssignments' | 'denyAssignments' | 'activeInstances' | 'eligibleInstances' | 'policyAssignments'>,
): readonly Scope[] {
  const scopes = [
    ...itemsRead(lists.roleAssignments),
    ...itemsRead(lists.denyAssignments),
    ...itemsRead(lists.activeInstances),
    ...itemsRead(lists.eligibleInstances),
    ...itemsRead(lists.policyAssignments),
  ].map((item) => item.scope);
  return [...new Set(scopes)].filter((scope) => scopeLevel(scope) === 'managementGroup').sort(compareText);
}
