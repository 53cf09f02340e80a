import { everyone, type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { actionMatches } from './data-action.ts';
import type { DenyAssignment } from './deny-assignment.ts';
import type { SubscriptionFacts } from './estate.ts';
import type { PermissionBlock, RoleAssignment } from './role.ts';
import { type Scope, scopeChain } from './scope.ts';
import type { Vault } from './vault.ts';

/** Whom the directory has to be asked about for a set of vaults. */
export interface RelevantPrincipals {
  /** Object ids of access policies. */
  readonly inPolicies: ReadonlySet<Guid>;
  /** Principals of assignments that carry vault data and reach a vault, with the type that the assignment states. */
  readonly inAssignments: ReadonlyMap<Guid, string>;
  /** Principals that a deny assignment on vault data names or leaves out. */
  readonly inDenies: ReadonlySet<Guid>;
  /** Principals of assignments that reach a vault and by which its access can be handed out, before the flip or after it (LP-8). */
  readonly inControl: ReadonlySet<Guid>;
}

export function relevantPrincipals(subscriptions: readonly SubscriptionFacts[], vaults: readonly Vault[]): RelevantPrincipals {
  const bySubscription = new Map<string, Vault[]>();
  for (const vault of vaults) {
    const others = bySubscription.get(vault.subscriptionId);
    if (others === undefined) bySubscription.set(vault.subscriptionId, [vault]);
    else others.push(vault);
  }
  const assignments = subscriptions.flatMap((facts) => dataAssignments(facts, bySubscription.get(facts.subscriptionId) ?? []));
  const control = subscriptions.flatMap((facts) => controlAssignments(facts, bySubscription.get(facts.subscriptionId) ?? []));
  const denies = subscriptions.flatMap((facts) => dataDenies(facts, bySubscription.get(facts.subscriptionId) ?? []));
  return {
    inPolicies: new Set(vaults.flatMap((vault) => vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []))),
    inAssignments: new Map(assignments.map((assignment) => [assignment.principalId, assignment.principalType])),
    inDenies: new Set(denies.flatMap((deny) => [...deny.principals, ...deny.excludePrincipals]).filter((id) => id !== everyone)),
    inControl: new Set(control.map((assignment) => assignment.principalId)),
  };
}

/** A role that cannot be looked up may carry anything, so its assignments count. */
function dataAssignments(facts: SubscriptionFacts, vaults: readonly Vault[]): readonly RoleAssignment[] {
  const definitions = new Map(itemsRead(facts.roleDefinitions).map((role) => [role.id, carriesVaultData(role.permissions)]));
  const touches = touching(facts, vaults);
  return itemsRead(facts.roleAssignments).filter(
    (assignment) => (definitions.get(assignment.roleDefinitionId) ?? true) && touches(assignment.scope),
  );
}

const handingOut = [
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.KeyVault/vaults/accessPolicies/write',
  'Microsoft.Authorization/roleAssignments/write',
];

function controlAssignments(facts: SubscriptionFacts, vaults: readonly Vault[]): readonly RoleAssignment[] {
  const handsOut = (blocks: readonly PermissionBlock[]) =>
    blocks.some((block) => block.actions.some((pattern) => handingOut.some((action) => actionMatches(pattern, action))));
  const roles = new Set(itemsRead(facts.roleDefinitions).flatMap((role) => (handsOut(role.permissions) ? [role.id] : [])));
  const touches = touching(facts, vaults);
  return itemsRead(facts.roleAssignments).filter(({ roleDefinitionId, scope }) => roles.has(roleDefinitionId) && touches(scope));
}

function dataDenies(facts: SubscriptionFacts, vaults: readonly Vault[]): readonly DenyAssignment[] {
  const touches = touching(facts, vaults);
  return itemsRead(facts.denyAssignments).filter((deny) => carriesVaultData(deny.permissions) && touches(deny.scope));
}

/** Whether a scope reaches one of the vaults or lies inside one: answered from a set, since thousands of rows are asked about. */
function touching(facts: SubscriptionFacts, vaults: readonly Vault[]): (scope: Scope) => boolean {
  const above = new Set(vaults.flatMap((vault) => scopeChain(vault.scope, facts.managementGroups)));
  const own = new Set<string>(vaults.map((vault) => vault.scope));
  return (scope) => above.has(scope) || own.has(scope.split('/').slice(0, 9).join('/'));
}

/**
 * Whether a role or deny may speak of data in vaults: a pattern whose fixed beginning leads there. What is taken out again does not
 * matter here; at worst somebody is looked up for nothing.
 */
export function carriesVaultData(permissions: readonly PermissionBlock[]): boolean {
  const vaults = 'microsoft.keyvault/vaults/';
  return permissions.some((block) =>
    block.dataActions.some((pattern) => {
      const [fixed = '', ...rest] = pattern.trim().toLowerCase().split('*');
      return fixed.startsWith(vaults) || (rest.length > 0 && vaults.startsWith(fixed));
    }),
  );
}
