import { objectAt } from '../base/json.ts';
import { itemsRead } from '../base/reading.ts';
import type { DenyAssignment } from '../model/deny-assignment.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import { carriesVaultData } from '../model/relevant-principals.ts';
import { scopeReaches } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { policyFindings } from './policy-findings.ts';
import type { VaultSaying } from './vault-saying.ts';

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
        [
          'warning',
          'INV-LOCK-DELETE',
          message,
          'have the lock removed for the migration, or accept that assignments stay after a rollback',
        ],
      ];
    });
}

/** A deny assignment on vault data has no effect while access policies rule, and takes effect at the flip (EA-27). */
function denies(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return itemsRead(subscription.denyAssignments)
    .filter((deny) => carriesVaultData(deny.permissions) && deny.auditOnly !== true)
    .filter((deny) => reaches(deny, vault, subscription))
    .map((deny): VaultSaying => {
      const name = `\`${deny.name === '' ? deny.id : deny.name}\``;
      const message = `the deny assignment ${name} on vault data has no effect today and takes effect at the flip`;
      const owner =
        objectAt(deny.raw, 'properties').isSystemProtected === false
          ? 'anyone who may write deny assignments can change it'
          : 'only what made it can change it: a deployment stack, a managed application or a blueprint';
      return ['warning', 'INV-DENY', message, `see whom it keeps out; ${owner}`];
    });
}

/** One that spares child scopes is for its own scope alone. */
function reaches({ scope, doNotApplyToChildScopes }: DenyAssignment, vault: Vault, { managementGroups }: SubscriptionFacts): boolean {
  if (scope === vault.scope || scope.startsWith(`${vault.scope}/`)) return true;
  return !doNotApplyToChildScopes && scopeReaches(scope, vault.scope, managementGroups);
}
