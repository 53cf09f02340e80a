import { compareText } from '../../base/compare-text.ts';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { itemsRead } from '../../base/reading.ts';
import type { AccessFacts } from '../access-facts.ts';
import { endingIn } from '../membership.ts';
import { reachOf } from '../rbac/reach.ts';
import type { VaultQuestion } from '../vault-question.ts';

/**
 * Who need not be judged apart: the same key for principals of one kind that nothing names by themselves and that are in
 * the same groups, as far as groups matter at the vault. A group of thousands costs little more than one of its members.
 */
export function samePeople(
  { vault, planned }: Pick<VaultQuestion, 'vault' | 'planned'>,
  facts: AccessFacts,
): (principalId: Guid) => string {
  const { principals, members } = facts;
  const named = new Set([...namedNear(vault, facts), ...planned.map((one) => one.principalId)]);
  const groups = [...withDynamic(named, facts)].filter((id) => members.get(id)?.state === 'read').sort(compareText);
  return (principalId) => {
    if (named.has(principalId)) return principalId;
    const self = principals.get(principalId);
    const kind =
      self?.kind === 'unresolved' ? [self.kind, self.why] : [self?.kind, self?.kind === 'servicePrincipal' && self.managedIdentity];
    const within = groups.map((id) => (isIn(principalId, id, facts) ? '1' : '0')).join('');
    const ending = groups.map((id) => endingIn(id, principalId, facts)?.until ?? (endingIn(id, principalId, facts) && 'some day'));
    return JSON.stringify([kind, within, ...(ending.some((end) => end !== undefined) ? ending : [])]);
  };
}

function isIn(principalId: Guid, group: Guid, { members }: AccessFacts): boolean {
  const reading = members.get(group);
  return reading?.state === 'read' && reading.value.has(principalId);
}

/** Everybody whom something near the vault names by himself. */
function namedNear(vault: VaultQuestion['vault'], facts: AccessFacts): ReadonlySet<Guid> {
  const near = [...reachOf({ kind: 'vault' }, vault, facts).scopes, ...(facts.objectScopes.get(vault.scope) ?? [])];
  return new Set([
    ...vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []),
    ...near.flatMap((scope) => (facts.byScope.get(scope) ?? []).map(({ assignment }) => assignment.principalId)),
    ...near.flatMap((scope) => (facts.deniesByScope.get(scope) ?? []).flatMap((deny) => [...deny.principals, ...deny.excludePrincipals])),
    ...itemsRead(facts.subscription.eligibleInstances).map((instance) => instance.principalId),
  ]);
}

/** Dynamic groups inside count as well: whoever is in one of them is no firm member of the group around it (EA-37). */
function withDynamic(named: ReadonlySet<Guid>, { principals, members }: AccessFacts): ReadonlySet<Guid> {
  const inside = [...named].flatMap((id) => {
    const reading = members.get(id);
    return reading?.state !== 'read' ? [] : [...reading.value].filter((member) => principals.get(member)?.kind === 'group');
  });
  return new Set([...named, ...inside]);
}
