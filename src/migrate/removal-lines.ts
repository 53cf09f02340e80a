import { parseGuid } from '../base/guid.ts';
import { type Estate, subscriptionAround } from '../model/estate.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { assignmentKey } from '../plan/assignment-name.ts';
import { wayFrom } from './roll-back.ts';
import { oursAtVault } from './rollback/ours-at-vault.ts';
import { vaultIdOf, type WayBack } from './way-back.ts';

/** What a rollback with the removal of assignments would take away at the vault, as Azure lists it, one line each. */
export function removalLines(way: WayBack, estate: Pick<Estate, 'subscriptions' | 'principals'>): readonly string[] {
  const id = parseVaultId(vaultIdOf(way));
  const subscription = subscriptionAround(estate, id);
  if (id === undefined || subscription === undefined) return [];
  const { assignments, roles, listed } = oursAtVault({ ...wayFrom(way), id }, { subscription });
  const nameOf = (raw: string): string => {
    const found = parseGuid(raw);
    const principal = found === undefined ? undefined : estate.principals.get(found);
    return principal === undefined || principal.kind === 'unresolved' || principal.displayName === ''
      ? raw
      : `${principal.displayName} (${raw})`;
  };
  return [
    ...assignments
      .filter((one) => listed.has(assignmentKey(one.id)))
      .map(
        ({ roleName, principalId, scope, name }) => `${roleName} for ${nameOf(principalId)}${placeOf(scope, id.scope)}, assignment ${name}`,
      ),
    ...roles
      .filter((role) => listed.has(assignmentKey(role.id)))
      .map(({ roleName }) => `custom role ${roleName}, unless somebody else is assigned it`),
  ];
}

function placeOf(scope: string, vault: string): string {
  return scope.toLowerCase() === vault ? '' : ` on ${scope.slice(vault.length + 1)}`;
}
