import { grouped } from '../base/grouped.ts';
import { guidAtEnd } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import { assignmentId, assignmentName } from '../formats/assignment-name.ts';
import { customRole } from '../mapping/custom-role.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { RoleAssignment, RoleDefinition } from '../model/role.ts';
import { parseScope, type Scope } from '../model/scope.ts';
import { assignmentKey } from './assignment-name.ts';

/**
 * Ownership is in the name (EA-52): an assignment at a vault, or on an object in one, whose name follows from what it assigns was
 * made by keyturn, by whichever plan, run and machine. One that somebody has changed since no longer bears the name of what it is.
 */
export function bearsOurName({ id, scope, principalId, roleDefinitionId, condition }: RoleAssignment): boolean {
  if (vaultOf(scope) === undefined) return false;
  const name = assignmentName(scope, principalId, roleDefinitionId, condition);
  return guidAtEnd(id) === name && assignmentKey(id) === assignmentKey(assignmentId(scope, name));
}

/** Whether the role is the one that keyturn makes of its data actions for the scope where it can be assigned. */
export function isOurRole({ id, kind, permissions, assignableScopes }: RoleDefinition): boolean {
  const [home, ...others] = assignableScopes.map(parseScope);
  const bare = permissions.every(
    ({ actions, notActions, notDataActions, condition }) =>
      actions.length + notActions.length + notDataActions.length === 0 && condition === undefined,
  );
  if (kind !== 'custom' || home === undefined || others.length > 0 || !bare) return false;
  return (
    customRole(
      home,
      permissions.flatMap((block) => block.dataActions),
    ).id === id
  );
}

const atVaults = new WeakMap<SubscriptionFacts, ReadonlyMap<string | undefined, readonly RoleAssignment[]>>();

/** Our assignments at the vault and on its objects, as Azure lists them. */
export function ourAssignmentsAt(vault: Scope, subscription: SubscriptionFacts): readonly RoleAssignment[] {
  const byVault = atVaults.get(subscription) ?? grouped(ourAssignments(subscription), ({ scope }) => vaultOf(scope));
  atVaults.set(subscription, byVault);
  return byVault.get(vault) ?? [];
}

const known = new WeakMap<SubscriptionFacts, readonly RoleAssignment[]>();

/** All that Azure lists of ours in the subscription. */
export function ourAssignments(subscription: SubscriptionFacts): readonly RoleAssignment[] {
  const found = known.get(subscription) ?? itemsRead(subscription.roleAssignments).filter(bearsOurName);
  known.set(subscription, found);
  return found;
}

/** The vault that a scope is, or lies in as one of its objects; undefined for any other scope. */
function vaultOf(scope: Scope): string | undefined {
  return /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/[^/]+)(\/(secrets|keys|certificates)\/[^/]+)?$/.exec(
    scope,
  )?.[1];
}
