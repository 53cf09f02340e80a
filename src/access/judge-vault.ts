import { compareText } from '../base/compare-text.ts';
import { everyone, parseGuid } from '../base/guid.ts';
import type { Reason } from '../model/reason.ts';
import { type AccessFacts, accessFacts, unreadLists } from './access-facts.ts';
import { judgePairs } from './judge-pairs.ts';
import type { VaultJudgement } from './judgement.ts';
import { namedGroup } from './membership.ts';
import { plannedStanding } from './planned-assignments.ts';
import { findGains } from './rbac/find-gains.ts';
import { reachOf } from './rbac/reach.ts';
import type { VaultQuestion } from './vault-question.ts';

/**
 * Judges one vault as it will be after the flip: is every required pair durably covered, who gains what, and what could
 * not be read. Pure; the index over a subscription's facts is made once for all its vaults.
 */
export function judgeVault(question: VaultQuestion): VaultJudgement {
  const facts = accessFacts(question);
  const planned = plannedStanding(question.planned, facts);
  return {
    pairs: judgePairs(question, facts, planned.missing),
    gains: findGains(question, facts, planned),
    doubts: [...unreadLists(facts), ...unreadGroups(question, facts)],
  };
}

/** Groups that matter at this vault and whose members are not known. */
function unreadGroups({ vault }: VaultQuestion, facts: AccessFacts): readonly Reason[] {
  const { scopes } = reachOf({ kind: 'vault' }, vault, facts);
  const near = [...scopes, ...(facts.objectScopes.get(vault.scope) ?? [])];
  const ids = new Set([
    ...near.flatMap((scope) => (facts.byScope.get(scope) ?? []).map(({ assignment }) => assignment.principalId)),
    ...near.flatMap((scope) => (facts.deniesByScope.get(scope) ?? []).flatMap((deny) => [...deny.principals, ...deny.excludePrincipals])),
    ...vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []),
  ]);
  return [...ids]
    .filter((id) => id !== everyone)
    .flatMap((id): readonly (Reason & { readonly kind: 'groupUnread' })[] => {
      const reading = facts.members.get(id);
      return reading?.state === 'unreadable' ? [{ kind: 'groupUnread', group: namedGroup(id, facts), text: reading.because }] : [];
    })
    .sort((a, b) => compareText(a.group.name, b.group.name) || compareText(a.group.id, b.group.id));
}
