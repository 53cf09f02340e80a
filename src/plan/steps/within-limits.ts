import type { VaultPlan } from '../../formats/plan.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type Finding, finding, sortFindings } from '../../model/finding.ts';
import type { FindingFacts } from '../../model/finding-facts.ts';
import { subscriptionIdOf } from '../../model/vault-id.ts';
import { assignmentKey } from '../assignment-name.ts';
import { ourAssignments } from '../bears-our-name.ts';
import { subscriptionIndex } from '../subscription-index.ts';

/** Role assignments that a subscription may hold, and the part of them that a plan leaves untouched (EA-51). */
const assignmentLimit = 4000;
const usable = 0.9;
/** From this part on it is told that the limit is near. */
const near = 0.8;

/**
 * Blocks every vault that adds assignments in a subscription which all of them together would fill: which of them may go
 * first is for a person to say, by planning fewer at once.
 */
export function withinLimits(vaults: readonly VaultPlan[], subscriptions: readonly SubscriptionFacts[]): VaultPlan[] {
  const added = new Map<string, number>();
  for (const vault of vaults) added.set(subscriptionIdOf(vault), (added.get(subscriptionIdOf(vault)) ?? 0) + newAssignments(vault));
  const full = new Map<string, FindingFacts['PLN-LIMIT']>();
  const close = new Map<string, FindingFacts['PLN-LIMIT-NEAR']>();
  const planned = new Set(
    vaults.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'ensureRoleAssignment' ? assignmentKey(step.undo.assignmentId) : [])),
    ),
  );
  for (const subscription of subscriptions) {
    const id = subscription.subscriptionId;
    // What the plan asks for and has is not counted twice (EA-52).
    const made = ourAssignments(subscription).filter((assignment) => planned.has(assignmentKey(assignment.id)));
    const there = subscriptionIndex(subscription).counted - made.length;
    const more = added.get(id) ?? 0;
    if (there + more >= assignmentLimit * usable) {
      const adding = vaults.filter((vault) => subscriptionIdOf(vault) === id && newAssignments(vault) > 0);
      full.set(id, {
        there,
        added: more,
        limit: assignmentLimit,
        vaults: adding.length,
        fit: firstThatFit(adding, assignmentLimit * usable - there),
      });
    } else if (there + more >= assignmentLimit * near) close.set(id, { there, added: more, limit: assignmentLimit });
  }
  return vaults.map((vault) => {
    if (newAssignments(vault) === 0) return vault;
    const id = subscriptionIdOf(vault);
    const [facts, forecast] = [full.get(id), close.get(id)];
    if (facts !== undefined) return blockedBy(vault, facts);
    return forecast === undefined ? vault : told(vault, finding('warning', 'PLN-LIMIT-NEAR', { vault: vault.vaultId }, forecast));
  });
}

/** How many of the vaults, from the first on, add less than there is room for. */
function firstThatFit(vaults: readonly VaultPlan[], room: number): number {
  let left = room;
  for (const [at, vault] of vaults.entries()) {
    left -= newAssignments(vault);
    if (left <= 0) return at;
  }
  return vaults.length;
}

function blockedBy(vault: VaultPlan, facts: FindingFacts['PLN-LIMIT']): VaultPlan {
  return { ...told(vault, finding('blocker', 'PLN-LIMIT', { vault: vault.vaultId }, facts)), state: 'blocked' };
}

function told(vault: VaultPlan, more: Finding): VaultPlan {
  return { ...vault, findings: [...sortFindings([...vault.findings, more])] };
}

function newAssignments(vault: VaultPlan): number {
  return vault.steps.filter((step) => step.kind === 'ensureRoleAssignment').length;
}
