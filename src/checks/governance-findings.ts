import { objectAt } from '../base/json.ts';
import { itemsRead } from '../base/reading.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { Remark } from '../model/finding.ts';
import { carriesVaultData } from '../model/relevant-principals.ts';
import { scopeReaches } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { policyFindings } from './policy-findings.ts';

/** Locks, Azure Policy and deny assignments that stand above a vault. */
export function governanceFindings(vault: Vault, subscription: SubscriptionFacts): readonly Remark[] {
  return [...locks(vault, subscription), ...policyFindings(vault, subscription), ...denies(vault, subscription)];
}

function locks(vault: Vault, subscription: SubscriptionFacts): readonly Remark[] {
  return itemsRead(subscription.locks)
    .filter((lock) => scopeReaches(lock.scope, vault.scope, subscription.managementGroups))
    .flatMap((lock): readonly Remark[] => {
      const level = lock.level.toLowerCase();
      if (level === 'readonly') return [['blocker', 'INV-LOCK-READONLY', { lock: lock.id }]];
      return level === 'cannotdelete' ? [['warning', 'INV-LOCK-DELETE', { lock: lock.id }]] : [];
    });
}

/** A deny assignment on vault data has no effect while access policies rule, and takes effect at the flip (EA-27). */
function denies(vault: Vault, subscription: SubscriptionFacts): readonly Remark[] {
  return itemsRead(subscription.denyAssignments)
    .filter((deny) => carriesVaultData(deny.permissions) && deny.auditOnly !== true)
    .filter((deny) => reaches(deny, vault, subscription))
    .map((deny): Remark => {
      const systemProtected = objectAt(deny.raw, 'properties').isSystemProtected !== false;
      return ['warning', 'INV-DENY', { denyAssignment: deny.name === '' ? deny.id : deny.name, systemProtected }];
    });
}

/** One that spares child scopes is for its own scope alone. */
function reaches({ scope, doNotApplyToChildScopes }: DenyAssignment, vault: Vault, { managementGroups }: SubscriptionFacts): boolean {
  if (scope === vault.scope || scope.startsWith(`${vault.scope}/`)) return true;
  return !doNotApplyToChildScopes && scopeReaches(scope, vault.scope, managementGroups);
}
