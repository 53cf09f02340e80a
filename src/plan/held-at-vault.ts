import { judgeVault } from '../access/judge-vault.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import { compareText } from '../model/finding.ts';
import { type Guid, parseGuid } from '../model/guid.ts';
import type { Vault } from '../model/vault.ts';
import { subscriptionIndex } from './subscription-index.ts';

/**
 * Data actions that the policies' principals durably hold already, everywhere in the vault: they need no new assignment and
 * are no excess. Only principals whom an assignment reaches are asked about.
 */
export function heldAtVault(
  vault: Vault,
  subscription: SubscriptionFacts,
  estate: Estate,
  catalogue: Catalogue,
): ReadonlyMap<Guid, readonly string[]> {
  const reached = reachedPrincipals(vault, subscription, estate);
  if (reached.length === 0) return new Map();
  const everything = catalogue.dataActions.map((action) => action.name).sort(compareText);
  const { pairs } = judgeVault({
    vault,
    subscription,
    principals: estate.principals,
    members: estate.members,
    catalogue,
    at: estate.readAt,
    requirements: reached.map((principalId) => ({ principalId, dataActions: everything })),
    planned: [],
  });
  const open = new Set(pairs.filter((pair) => pair.state !== 'covered').map((pair) => `${pair.principalId} ${pair.dataAction}`));
  return new Map(reached.map((id) => [id, everything.filter((action) => !open.has(`${id} ${action}`))]));
}

function reachedPrincipals(vault: Vault, subscription: SubscriptionFacts, { members }: Estate): readonly Guid[] {
  const grantees = new Set(
    subscriptionIndex(subscription)
      .assignmentsTouching(vault.scope)
      .map((assignment) => assignment.principalId),
  );
  if (grantees.size === 0) return [];
  const groups = [...grantees].flatMap((grantee) => {
    const reading = members.get(grantee);
    return reading?.state === 'read' ? [reading.value] : [];
  });
  const inPolicies = new Set(vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []));
  return [...inPolicies].filter((id) => grantees.has(id) || groups.some((group) => group.has(id)));
}
