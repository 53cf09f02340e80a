import type { VaultPlan } from '../../formats/plan.ts';
import type { SubscriptionFacts } from '../../model/estate.ts';
import { type Finding, sortFindings } from '../../model/finding.ts';
import { parseVaultId } from '../../model/vault-id.ts';
import { assignmentKey } from '../assignment-name.ts';
import { ourAssignments } from '../bears-our-name.ts';
import { subscriptionIndex } from '../subscription-index.ts';

/** Role assignments that a subscription may hold, and the part of them that a plan leaves untouched (EA-51). */
const assignmentLimit = 4000;
const usable = 0.9;

/**
 * Blocks every vault that adds assignments in a subscription which all of them together would fill: which of them may go
 * first is for a person to say, by planning fewer at once.
 */
export function withinLimits(vaults: readonly VaultPlan[], subscriptions: readonly SubscriptionFacts[]): VaultPlan[] {
  const added = new Map<string, number>();
  for (const vault of vaults) added.set(subscriptionOf(vault), (added.get(subscriptionOf(vault)) ?? 0) + newAssignments(vault));
  const full = new Map<string, string>();
  const planned = new Set(
    vaults.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'ensureRoleAssignment' ? assignmentKey(step.undo.assignmentId) : [])),
    ),
  );
  for (const subscription of subscriptions) {
    const id = subscription.subscriptionId.toLowerCase();
    // What the plan asks for and has is not counted twice (EA-52).
    const made = ourAssignments(subscription).filter((assignment) => planned.has(assignmentKey(assignment.id)));
    const there = subscriptionIndex(subscription).counted - made.length;
    const more = added.get(id) ?? 0;
    if (there + more >= assignmentLimit * usable) {
      full.set(id, `the subscription holds ${there} role assignments and the plan adds ${more}; it may hold ${assignmentLimit}`);
    }
  }
  return vaults.map((vault) => {
    const message = full.get(subscriptionOf(vault));
    return message === undefined || newAssignments(vault) === 0 ? vault : blockedBy(vault, message);
  });
}

function blockedBy(vault: VaultPlan, message: string): VaultPlan {
  const finding: Finding = {
    severity: 'blocker',
    code: 'PLN-LIMIT',
    subject: vault.vaultId,
    facts: { message,
    remedy: 'plan fewer vaults at once, remove assignments that are not needed, or give roles to groups' },
  };
  return { ...vault, state: 'blocked', findings: [...sortFindings([...vault.findings, finding])] };
}

function newAssignments(vault: VaultPlan): number {
  return vault.steps.filter((step) => step.kind === 'ensureRoleAssignment').length;
}

function subscriptionOf(vault: VaultPlan): string {
  return parseVaultId(vault.vaultId)?.subscriptionId ?? '';
}
