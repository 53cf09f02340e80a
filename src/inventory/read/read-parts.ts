import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import { itemsRead, read, unreadable } from '../../base/reading.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import type { Principal } from '../../model/principal.ts';
import type { RelevantPrincipals } from '../../model/relevant-principals.ts';
import { type Scope, scopeLevel } from '../../model/scope.ts';
import { unresolvedWords } from '../../words/principal-words.ts';
import type { Directory } from '../directory-ports.ts';
import type { PimReading, ResourceReader, SubscriptionRow } from '../ports.ts';
import { namePrincipals } from '../principals/name-principals.ts';
import { type AskMembers, openGroups, type People } from './open-groups.ts';
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
    subscriptionId: row.subscriptionId,
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

/**
 * What a view by person needs beside: who is in the groups of the policies, and the names of all in groups that policies or
 * assignments name. A call a group that was not opened yet and one a thousand names, whatever the number of vaults.
 */
export async function readPeople(relevant: RelevantPrincipals, known: People, directory: Directory): Promise<People> {
  const ofPolicies = [...relevant.inPolicies].filter((id) => known.principals.get(id)?.kind === 'group');
  const closed = ofPolicies.filter((id) => !known.members.has(id));
  const opened = await openGroups(new Map(closed.map((id) => [id, () => directory.transitiveMembers(id)])), known, directory);
  const inside = new Set([...ofPolicies, ...relevant.inAssignments.keys()].flatMap((id) => membersOf(id, opened)));
  const unnamed = [...inside].filter((id) => !opened.principals.has(id));
  return { ...opened, principals: new Map([...opened.principals, ...(await namePrincipals(unnamed, directory))]) };
}

function membersOf(group: Guid, { members }: People): readonly Guid[] {
  const reading = members.get(group);
  return reading?.state === 'read' ? [...reading.value] : [];
}

/**
 * Transitive members of every group that holds a data role or stands in a deny assignment (EA-29). Where it is open whether somebody
 * in a deny is a group, the members are unreadable rather than none: a deny that may bite must not be read as one that does not.
 */
export async function readMembers(
  relevant: RelevantPrincipals,
  principals: ReadonlyMap<Guid, Principal>,
  directory: Directory,
): Promise<People> {
  const ids = [...new Set([...relevant.inAssignments.keys(), ...relevant.inDenies])];
  const asks = ids.flatMap((id): readonly (readonly [Guid, AskMembers])[] => {
    const principal = principals.get(id);
    if (principal?.kind === 'group') return [[id, () => directory.transitiveMembers(id)]];
    if (principal?.kind !== 'unresolved') return [];
    const stated = relevant.inAssignments.get(id)?.toLowerCase();
    if (stated === 'foreigngroup') return [[id, () => Promise.resolve(unreadable('it is a group of another tenant'))]];
    if (stated === 'group') return [[id, () => directory.transitiveMembers(id)]];
    return relevant.inDenies.has(id) ? [[id, () => Promise.resolve(unreadable(`who it is: ${unresolvedWords(principal.why)}`))]] : [];
  });
  return openGroups(new Map(asks), { principals, members: new Map() }, directory);
}
