import type { Route } from '../access/judgement.ts';
import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { Names } from './names.ts';
import { type NamedPrincipal, namedPrincipal } from './principal-name.ts';
import type { NamesUsed, VerifiedVault } from './verified-vault.ts';

/** Gathers names vault by vault, each once: a thousand vaults speak of the same few people and roles. */
export function namesUsed(): { add(vault: VerifiedVault, names: Names): void; all(): NamesUsed } {
  const principals = new Map<string, NamedPrincipal>();
  const roles = new Map<string, string>();
  const addRoute = ({ roleDefinitionId, throughGroup }: Route, names: Names) => {
    roles.set(roleDefinitionId, names.roleName(roleDefinitionId));
    if (throughGroup !== undefined) addPrincipal(throughGroup, names);
  };
  const addPrincipal = (id: Guid, names: Names) => {
    const known = names.principals.get(id);
    if (known !== undefined) principals.set(id, namedPrincipal(known));
  };
  return {
    add({ pairs, gains, granting }, names) {
      for (const { principalId, by } of pairs) {
        addPrincipal(principalId, names);
        for (const route of by) addRoute(route, names);
      }
      for (const { principalId, route } of [...gains, ...(granting?.today ?? []), ...(granting?.afterwards ?? [])]) {
        addPrincipal(principalId, names);
        addRoute(route, names);
      }
    },
    all: () => ({ principals: sorted(principals), roles: sorted(roles) }),
  };
}

function sorted<T>(found: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...found].sort(([a], [b]) => compareText(a, b)));
}
