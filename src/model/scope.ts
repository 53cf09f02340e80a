/** A normalised Azure scope: leading slash, no trailing one, lower case; the root scope is the empty string (EA-12). */
export type Scope = string & { readonly __brand: 'Scope' };

export const rootScope = '' as Scope;

/** Normalises a resource id or scope; undefined when the text cannot be one. Runs of slashes count as one. */
export function parseScope(raw: string): Scope | undefined {
  const written = raw.trim().toLowerCase();
  const rooted = written.startsWith('/') ? written : `/${written}`;
  const single = rooted.includes('//') ? rooted.replaceAll(/\/{2,}/g, '/') : rooted;
  const id = single.endsWith('/') ? single.slice(0, -1) : single;
  return id === '' || roots.some((root) => id.length > root.length && id.startsWith(root)) ? (id as Scope) : undefined;
}

const roots = ['/subscriptions/', '/providers/'];

/** The scope that a row of Azure's names: the root is written `/`, so a text that is empty or blank names none. */
export function parseWrittenScope(raw: string): Scope | undefined {
  return raw.trim() === '' ? undefined : parseScope(raw);
}

/**
 * The scopes whose assignments reach `at`, itself first, the root last. Management groups are no text prefix of a
 * subscription's id, so the caller gives the ancestors that it knows of.
 */
export function scopeChain(at: Scope, managementGroups: readonly Scope[]): readonly Scope[] {
  const parts = at.split('/');
  const own = parts.slice(1).map((_, i) => parts.slice(0, parts.length - i).join('/') as Scope);
  return [...own, ...managementGroups, rootScope];
}

/** True when `scope` is `at` or one of its ancestors. Whole segments are compared: `kv1` does not reach `kv10` (EA-12). */
export function scopeReaches(scope: Scope, at: Scope, managementGroups: readonly Scope[]): boolean {
  return scope === rootScope || scope === at || at.startsWith(`${scope}/`) || managementGroups.includes(scope);
}

/** True when `scope` reaches `at` or lies inside it: an assignment there has something to say about what is at `at`. */
export function scopeTouches(scope: Scope, at: Scope, managementGroups: readonly Scope[]): boolean {
  return scopeReaches(scope, at, managementGroups) || scope.startsWith(`${at}/`);
}

export type ScopeLevel = 'root' | 'managementGroup' | 'subscription' | 'resourceGroup' | 'resource' | 'object';

export function scopeLevel(scope: Scope): ScopeLevel {
  if (scope === rootScope) return 'root';
  if (scope.startsWith('/providers/microsoft.management/managementgroups/')) return 'managementGroup';
  const parts = scope.split('/');
  if (parts.length <= 3) return 'subscription';
  if (parts.length <= 5) return 'resourceGroup';
  return /\/vaults\/[^/]+\/(secrets|keys|certificates)\/[^/]+$/.test(scope) ? 'object' : 'resource';
}

export function subscriptionOf(scope: Scope): string | undefined {
  return /^\/subscriptions\/([^/]+)/.exec(scope)?.[1];
}

/** The subscription that holds a resource; the root scope for what is in none. */
export function subscriptionScope(scope: Scope): Scope {
  const id = subscriptionOf(scope);
  return (id === undefined ? rootScope : `/subscriptions/${id}`) as Scope;
}
