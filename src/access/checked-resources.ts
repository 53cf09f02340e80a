import { compareText } from '../base/compare-text.ts';
import type { DataAction } from '../model/catalogue.ts';
import type { Scope } from '../model/scope.ts';
import type { CheckedResource } from './judgement.ts';

/** Where Azure may check the action (EA-14): the vault, any object, and those of the named objects that are of its kind. */
export function checkedResources(action: DataAction | undefined, named: readonly CheckedResource[]): readonly CheckedResource[] {
  if (action === undefined) return [{ kind: 'vault' }];
  const { collection, checkedAt } = action;
  const unnamed = unnamedPlaces.get(action) ?? placesWithoutName(action);
  unnamedPlaces.set(action, unnamed);
  if (named.length === 0 || !checkedAt.includes('object')) return unnamed;
  return [...unnamed, ...named.filter((one) => one.kind === 'object' && one.collection === collection)];
}

/** The same values for every vault and principal. */
const unnamedPlaces = new WeakMap<DataAction, readonly CheckedResource[]>();

function placesWithoutName({ collection, checkedAt }: DataAction): readonly CheckedResource[] {
  const onVault: readonly CheckedResource[] = checkedAt.includes('vault') ? [{ kind: 'vault' }] : [];
  return collection === undefined || !checkedAt.includes('object') ? onVault : [...onVault, { kind: 'anyObject', collection }];
}

/** The object that a scope names in the vault; undefined for the vault itself, versions and other vaults' objects. */
export function objectAt(scope: Scope, vault: Scope): CheckedResource | undefined {
  const [collection, name, ...rest] = scope.startsWith(`${vault}/`) ? scope.slice(vault.length + 1).split('/') : [];
  return collection === undefined || name === undefined || rest.length > 0 ? undefined : { kind: 'object', collection, name };
}

/** Orders the vault before any object, and any object before a named one. */
export function resourceKey(resource: CheckedResource): string {
  switch (resource.kind) {
    case 'vault':
      return '0';
    case 'anyObject':
      return `1 ${resource.collection}`;
    case 'object':
      return `2 ${resource.collection} ${resource.name}`;
  }
}

export function uniqueResources(resources: readonly CheckedResource[]): readonly CheckedResource[] {
  if (resources.length < 2) return resources;
  const byKey = new Map(resources.map((resource) => [resourceKey(resource), resource]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, resource]) => resource);
}
