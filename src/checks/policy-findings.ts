import { type PolicyHit, policyNamed, vaultPolicies } from '../governance/vault-policy.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { Remark } from '../model/finding.ts';
import type { Vault } from '../model/vault.ts';

/** What Azure Policy would do to the flip of a vault and to its rollback. A vault that has been flipped is past both. */
export function policyFindings(vault: Vault, subscription: SubscriptionFacts): readonly Remark[] {
  if (vault.permissionModel === 'azureRbac') return [];
  const { policyAssignments } = subscription;
  if (policyAssignments.state === 'unreadable') {
    return [['blocker', 'INV-POLICY-DENIES-ROLLBACK', { kind: 'unread', because: policyAssignments.because }]];
  }
  const { flip, rollback } = vaultPolicies(vault, subscription);
  const now = flip.filter((hit) => hit.from === undefined);
  const told = new Set(rollback.map(nameKey));
  return [
    ...now.filter((hit) => hit.certain).map(flipRemark),
    ...rollback.filter((hit) => hit.from === undefined).map(rollbackRemark),
    ...doubtful(now.filter((hit) => !hit.certain && !told.has(nameKey(hit)))),
    ...[...flip, ...rollback].flatMap(exemptRemark),
  ];
}

/** Two assignments that are called the same are one to a reader. */
function nameKey(hit: PolicyHit): string {
  const { assignment, definition } = policyNamed(hit);
  return JSON.stringify([assignment, definition]);
}

function rollbackRemark(hit: PolicyHit): Remark {
  const about = { policy: policyNamed(hit), does: hit.does === 'refuses' ? hit.does : 'undoes' } as const;
  const facts =
    hit.doubt === undefined ? { kind: 'certain' as const, ...about } : { kind: 'doubtful' as const, ...about, doubt: hit.doubt };
  return ['blocker', 'INV-POLICY-DENIES-ROLLBACK', facts];
}

function flipRemark(hit: PolicyHit): Remark {
  if (hit.does === 'changes') return changeRemark(hit);
  return ['blocker', 'INV-POLICY-DENIES-FLIP', { policy: policyNamed(hit), does: hit.does }];
}

function changeRemark(hit: PolicyHit): Remark {
  return ['warning', 'INV-POLICY-MODIFIES', { policy: policyNamed(hit), property: hit.field ?? '', certain: hit.certain }];
}

const mostNamed = 3;

/** Whether these refuse the flip shows at the flip, which changes nothing then. One finding for all of them. */
function doubtful(hits: readonly PolicyHit[]): readonly Remark[] {
  const changes = hits.filter((hit) => hit.does === 'changes').map(changeRemark);
  const refusing = hits.filter((hit) => hit.does !== 'changes');
  const doubt = refusing[0]?.doubt;
  if (doubt === undefined) return changes;
  const policies = [...new Map(refusing.map((hit) => [nameKey(hit), policyNamed(hit)])).values()];
  const more = Math.max(0, policies.length - mostNamed);
  return [...changes, ['warning', 'INV-POLICY-DENY', { policies: policies.slice(0, mostNamed), more, doubt }]];
}

function exemptRemark(hit: PolicyHit): readonly Remark[] {
  if (hit.from === undefined || (hit.does !== 'refuses' && hit.does !== 'undoes')) return [];
  return [['warning', 'INV-POLICY-EXEMPT-ENDS', { policy: policyNamed(hit), until: hit.from, certain: hit.certain }]];
}
