import pLimit from 'p-limit';
import { compareText } from '../../base/compare-text.ts';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { itemsRead, type Reading, unreadable } from '../../base/reading.ts';
import type { Estate, SubscriptionFacts } from '../../model/estate.ts';
import type { Principal } from '../../model/principal.ts';
import type { RoleAssignment } from '../../model/role.ts';
import type { Vault } from '../../model/vault.ts';
import type { ResourceReader } from '../ports.ts';

/** How many such lists one run asks for, over all subscriptions. */
const mostLists = 1000;

interface PrincipalInSubscription {
  readonly subscriptionId: string;
  readonly principalId: Guid;
}

/**
 * Where the directory could not be read, asks Azure itself what is assigned to each principal of a policy, once a subscription
 * (EA-30). A directory that answers costs no call here. Subscriptions that need nothing of it come back as they are.
 */
export async function readAssignedTo(
  subscriptions: readonly SubscriptionFacts[],
  vaults: readonly Vault[],
  people: Pick<Estate, 'principals' | 'members'>,
  resources: Pick<ResourceReader, 'assignedTo'>,
  onProgress: (progress: { readonly done: number; readonly total: number }) => void,
): Promise<readonly SubscriptionFacts[]> {
  const wanted = subscriptions.flatMap((facts) =>
    isDirectoryMissed(facts, people) ? principalsOf(facts, vaults, people).map((principalId) => ({ facts, principalId })) : [],
  );
  if (wanted.length === 0) return subscriptions;
  const limit = pLimit(4);
  const total = Math.min(wanted.length, mostLists);
  let done = 0;
  onProgress({ done, total });
  const answers = await limit.map(wanted, async ({ facts: { subscriptionId }, principalId }, at) => {
    if (at >= mostLists) return { subscriptionId, principalId, list: tooMany };
    const list = await resources.assignedTo(`/subscriptions/${subscriptionId}`, principalId);
    done += 1;
    if (done % 25 === 0 || done === total) onProgress({ done, total });
    return { subscriptionId, principalId, list };
  });
  return subscriptions.map((facts) => withLists(facts, answers));
}

const tooMany = unreadable(`it was not asked for: a run asks for ${mostLists} such lists at most; choose fewer vaults`);

function withLists(
  facts: SubscriptionFacts,
  answers: readonly (PrincipalInSubscription & { readonly list: Reading<readonly RoleAssignment[]> })[],
): SubscriptionFacts {
  const own = answers.filter(({ subscriptionId }) => subscriptionId === facts.subscriptionId);
  return own.length === 0 ? facts : { ...facts, assignedTo: new Map(own.map(({ principalId, list }) => [principalId, list])) };
}

/** The directory told of nobody, or refused the members of a group that holds something here. */
function isDirectoryMissed(
  { roleAssignments }: SubscriptionFacts,
  { principals, members }: Pick<Estate, 'principals' | 'members'>,
): boolean {
  return itemsRead(roleAssignments).some(({ principalId, principalType }) => {
    const principal = principals.get(principalId);
    if (isUnread(principal)) return true;
    // A group of another tenant can be read by nobody, whatever his rights.
    return members.get(principalId)?.state === 'unreadable' && (principal?.kind === 'group' || principalType.toLowerCase() === 'group');
  });
}

/** Users and service principals of the subscription's vaults, and whoever may be one because nothing is known of him. */
function principalsOf(
  { subscriptionId }: SubscriptionFacts,
  vaults: readonly Vault[],
  { principals }: Pick<Estate, 'principals'>,
): readonly Guid[] {
  const named = vaults
    .filter((vault) => vault.subscriptionId === subscriptionId)
    .flatMap((vault) => vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []));
  const possible = (id: Guid) => {
    const principal = principals.get(id);
    return principal?.kind === 'user' || principal?.kind === 'servicePrincipal' || isUnread(principal);
  };
  return [...new Set(named)].filter(possible).sort(compareText);
}

function isUnread(principal: Principal | undefined): boolean {
  return principal?.kind === 'unresolved' && principal.why.kind === 'directoryUnread';
}
