import type { Reading } from '../../base/reading.ts';
import { itemsRead } from '../../base/reading.ts';
import type { Estate } from '../../model/estate.ts';
import type { PermissionBlock } from '../../model/role.ts';
import { type Scope, scopeReaches } from '../../model/scope.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import type { VaultObjects } from '../../model/vault-objects.ts';
import type { FactsReader } from '../ports.ts';

/** What is asked besides the lists, once for the facts of one reading: an answer is at most as old as they are. */
export interface SharedAnswers {
  operatorPermissions(vault: VaultId, now: VaultNow): Promise<readonly PermissionBlock[] | undefined>;
  objectNames(vault: VaultId, now: Pick<VaultNow, 'estate'>): Promise<Reading<VaultObjects>>;
}

export function shareAnswers(facts: Pick<FactsReader, 'operatorPermissions' | 'objectNames'>): SharedAnswers {
  const permissions = onceFor<readonly PermissionBlock[] | undefined>();
  const objects = onceFor<Reading<VaultObjects>>();
  return {
    operatorPermissions: (vault, now) =>
      permissions(now.estate, operatorKey(vault.scope, now) ?? vault.scope, () => facts.operatorPermissions(vault)),
    objectNames: (vault, { estate }) => objects(estate, vault.scope, () => facts.objectNames(vault)),
  };
}

/** An answer that failed is asked for anew. */
function onceFor<T>(): (estate: Estate, key: string, ask: () => Promise<T>) => Promise<T> {
  const known = new WeakMap<Estate, Map<string, Promise<T>>>();
  return (estate, key, ask) => {
    const answers = known.get(estate) ?? new Map<string, Promise<T>>();
    known.set(estate, answers);
    const answer = answers.get(key) ?? ask();
    answers.set(key, answer);
    answer.then(
      (value) => value === undefined && answers.delete(key),
      () => answers.delete(key),
    );
    return answer;
  };
}

/**
 * What tells apart what the operator may do at two vaults of one subscription (RF-7). Azure's answer hangs on assignments and deny
 * assignments at the vault and above it. What stands at the subscription or higher reaches all its vaults alike; so vaults that the
 * same rows below it reach, of those that may be about the operator, have the same answer.
 * @returns undefined where the rows or the operator's groups could not be read: then nothing is the same for sure.
 */
export function operatorKey(vault: Scope, { estate, subscription }: Pick<VaultNow, 'estate' | 'subscription'>): string | undefined {
  const { roleAssignments, denyAssignments, managementGroups, subscriptionId } = subscription;
  const { objectId, groups } = estate.operator;
  if (roleAssignments.state !== 'read' || denyAssignments.state !== 'read' || groups.state !== 'read') return undefined;
  const operator = new Set<string>([objectId, ...groups.value]);
  const below = (scope: Scope) => scope.startsWith(`/subscriptions/${subscriptionId}/`);
  const reaching = (scope: Scope) => below(scope) && scopeReaches(scope, vault, managementGroups);
  const rows = [
    ...itemsRead(roleAssignments).filter(({ principalId, scope }) => operator.has(principalId) && reaching(scope)),
    ...itemsRead(denyAssignments).filter(({ scope }) => reaching(scope)),
  ];
  return JSON.stringify(rows.map(({ id }) => id.toLowerCase()).sort());
}
