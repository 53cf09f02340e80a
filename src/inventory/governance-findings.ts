import type { SubscriptionFacts } from '../model/estate.ts';
import type { Severity } from '../model/finding.ts';
import { type PolicyAssignment, refusesChanges, vaultsShouldUseRbac } from '../model/governance.ts';
import { guidAtEnd } from '../model/guid.ts';
import { objectAt, stringsAt } from '../model/json.ts';
import { itemsRead } from '../model/reading.ts';
import { parseScope, scopeReaches } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { carriesVaultData } from './relevant-principals.ts';

/** A finding about a vault before it is known which: severity, code, what is the case, what to do. */
export type VaultSaying = readonly [severity: Severity, code: string, message: string, remedy: string];

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
  const binding = itemsRead(subscription.policyAssignments).filter((policy) => binds(policy, vault, subscription));
  const refusing = binding.filter((policy) => refusesChanges(policy) === 'yes').map(refusal);
  const unstated = binding.filter((policy) => refusesChanges(policy) === 'unstated');
  return [...refusing, ...unstated.filter(asksForRbac).map(byDefault), ...unjudged(unstated.filter((policy) => !asksForRbac(policy)))];
}

function asksForRbac(policy: PolicyAssignment): boolean {
  return guidAtEnd(policy.policyDefinitionId) === vaultsShouldUseRbac;
}

function byDefault(policy: PolicyAssignment): VaultSaying {
  const message = `the policy assignment \`${nameOf(policy)}\` asks for vaults on Azure RBAC and leaves the effect to its definition, which audits unless Azure has changed that`;
  return [
    'note',
    'INV-POLICY-UNJUDGED',
    message,
    'expect the vault to be reported after a rollback; with Deny the way back would be refused',
  ];
}

function refusal(policy: PolicyAssignment): VaultSaying {
  if (asksForRbac(policy)) {
    const message = `the policy assignment \`${nameOf(policy)}\` refuses vaults without Azure RBAC, and so the way back`;
    const remedy = 'exempt the vault from it, or have its effect set to Audit, until the migration is complete';
    return ['blocker', 'INV-POLICY-DENIES-ROLLBACK', message, remedy];
  }
  const message = `the policy assignment \`${nameOf(policy)}\` refuses some changes and may refuse the flip, the way back or role assignments`;
  return ['warning', 'INV-POLICY-DENY', message, 'look at what it refuses'];
}

/** Most say nothing of vaults; which do, only their definitions tell. One finding for all of them. */
function unjudged(policies: readonly PolicyAssignment[]): readonly VaultSaying[] {
  if (policies.length === 0) return [];
  const named = policies.slice(0, mostNamed).map((policy) => `\`${nameOf(policy)}\``);
  const more = policies.length > mostNamed ? ` and ${policies.length - mostNamed} more` : '';
  const message = `what ${named.join(', ')}${more} do is not in the policy assignments but in their definitions, which may refuse the flip or the way back`;
  return [['note', 'INV-POLICY-UNJUDGED', message, 'look whether one of them denies changes of vaults or of role assignments']];
}

const mostNamed = 3;

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
