import { type Scope, scopeChain } from '../../model/scope.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { AccessFacts } from '../access-facts.ts';
import { resourceKey } from '../checked-resources.ts';
import type { CheckedResource } from '../judgement.ts';

/** The scopes whose assignments count on a resource, nearest first (EA-12, EA-13). */
export interface Reach {
  readonly scopes: readonly Scope[];
  /** The resource's own scope; absent for "any object", since no present or future object is meant by name. */
  readonly own?: Scope;
}

const remembered = new WeakMap<AccessFacts, WeakMap<Pick<VaultId, 'scope'>, Map<string, Reach>>>();

/** The same few resources of a vault are asked about for every principal and action, so their reach is worked out once. */
export function reachOf(resource: CheckedResource, vault: Pick<VaultId, 'scope'>, facts: AccessFacts): Reach {
  const byVault = remembered.get(facts) ?? new WeakMap<Pick<VaultId, 'scope'>, Map<string, Reach>>();
  remembered.set(facts, byVault);
  const byResource = byVault.get(vault) ?? new Map<string, Reach>();
  byVault.set(vault, byResource);
  const key = resourceKey(resource);
  const reach = byResource.get(key) ?? findReach(resource, vault, facts.subscription.managementGroups);
  byResource.set(key, reach);
  return reach;
}

function findReach(resource: CheckedResource, vault: Pick<VaultId, 'scope'>, managementGroups: readonly Scope[]): Reach {
  if (resource.kind === 'vault') return { scopes: chain(vault.scope, managementGroups), own: vault.scope };
  const collection = `${vault.scope}/${resource.collection.toLowerCase()}`;
  if (resource.kind === 'anyObject') return { scopes: chain(collection as Scope, managementGroups) };
  const own = `${collection}/${resource.name.toLowerCase()}` as Scope;
  return { scopes: chain(own, managementGroups), own };
}

/** Each scope once: a list that names a management group twice must not make an assignment count twice. */
function chain(at: Scope, managementGroups: readonly Scope[]): readonly Scope[] {
  return [...new Set(scopeChain(at, managementGroups))];
}
