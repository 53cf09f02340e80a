import type { SubscriptionFacts } from '../model/estate.ts';
import type { Severity } from '../model/finding.ts';
import { itemsRead } from '../model/reading.ts';
import { scopeReaches } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { policyFindings } from './policy-findings.ts';
import { carriesVaultData } from './relevant-principals.ts';

/** A finding about a vault before it is known which: severity, code, what is the case, what to do. */
export type VaultSaying = readonly [severity: Severity, code: string, message: string, remedy: string];

/** Locks, Azure Policy and deny assignments that stand above a vault. */
export function governanceFindings(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return [...locks(vault, subscription), ...policyFindings(vault, subscription), ...denies(vault, subscription)];
}

function locks(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return itemsRead(subscription.locks)
    .filter((lock) => scopeReaches(lock.scope, vault.scope, subscription.managementGroups))
    .flatMap((lock): readonly VaultSaying[] => {
      const level = lock.level.toLowerCase();
      if (level === 'readonly') {
        const remedy = 'have the lock’s owner remove it for the time of the migration; keyturn never removes locks';
        return [['blocker', 'INV-LOCK-READONLY', `the lock \`${lock.id}\` forbids every change of the vault`, remedy]];
      }
      if (level !== 'cannotdelete') return [];
      const message = `the lock \`${lock.id}\` forbids deleting, role assignments included: a rollback could not remove those it made`;
      return [
        ['warning', 'INV-LOCK-DELETE', message, 'know that assignments stay after a rollback, or have the lock removed for that time'],
      ];
    });
}

/** A deny assignment on vault data does nothing while access policies rule, and bites at the flip (EA-27). */
function denies(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return itemsRead(subscription.denyAssignments)
    .filter((deny) => carriesVaultData(deny.permissions))
    .filter((deny) => scopeReaches(deny.scope, vault.scope, subscription.managementGroups) || deny.scope.startsWith(`${vault.scope}/`))
    .map((deny): VaultSaying => {
      const message = `the deny assignment \`${deny.name === '' ? deny.id : deny.name}\` on vault data does nothing today and bites at the flip`;
      return ['warning', 'INV-DENY', message, 'see whom it keeps out; only its owner, such as a deployment stack, can change it'];
    });
}
