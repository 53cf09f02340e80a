import type { SubscriptionFacts } from '../model/estate.ts';
import type { Severity } from '../model/finding.ts';
import type { PolicyAssignment } from '../model/governance.ts';
import { guidAtEnd } from '../model/guid.ts';
import { objectAt, stringsAt } from '../model/json.ts';
import { itemsRead } from '../model/reading.ts';
import { parseScope, scopeReaches } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { carriesVaultData } from './relevant-principals.ts';

/** A finding about a vault before it is known which: severity, code, what is the case, what to do. */
export type VaultSaying = readonly [severity: Severity, code: string, message: string, remedy: string];

/** Azure Policy's own definition that asks of vaults to use Azure RBAC; with the effect Deny it refuses the way back. */
const vaultsShouldUseRbac = '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5';

/** Locks, Azure Policy and deny assignments that stand above a vault. */
export function governanceFindings(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return [...locks(vault, subscription), ...policies(vault, subscription), ...denies(vault, subscription)];
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

function policies(vault: Vault, subscription: SubscriptionFacts): readonly VaultSaying[] {
  return itemsRead(subscription.policyAssignments)
    .filter((policy) => policy.enforced && policy.effect?.toLowerCase() === 'deny' && binds(policy, vault, subscription))
    .map((policy): VaultSaying => {
      if (guidAtEnd(policy.policyDefinitionId) === vaultsShouldUseRbac) {
        const message = `the policy assignment \`${nameOf(policy)}\` refuses vaults without Azure RBAC, and so the way back`;
        const remedy = 'exempt the vault from it, or have its effect set to Audit, until the migration is complete';
        return ['blocker', 'INV-POLICY-DENIES-ROLLBACK', message, remedy];
      }
      const message = `the policy assignment \`${nameOf(policy)}\` refuses some changes and may refuse the flip, the way back or role assignments`;
      return ['warning', 'INV-POLICY-DENY', message, 'look at what it refuses'];
    });
}

function binds(policy: PolicyAssignment, vault: Vault, { managementGroups }: SubscriptionFacts): boolean {
  if (!scopeReaches(policy.scope, vault.scope, managementGroups)) return false;
  const exempt = stringsAt(objectAt(policy.raw, 'properties'), 'notScopes').flatMap((scope) => parseScope(scope) ?? []);
  return !exempt.some((scope) => scopeReaches(scope, vault.scope, managementGroups));
}

function nameOf(policy: PolicyAssignment): string {
  return policy.displayName === '' ? policy.id : policy.displayName;
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
