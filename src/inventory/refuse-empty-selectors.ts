import { KnownError } from '../base/known-error.ts';
import { nearNames } from '../base/near-names.ts';
import type { Scope } from '../model/scope.ts';
import type { FoundVaults } from './read/find-vaults.ts';
import { carriesTag, inResourceGroup, isBlank, type Selection } from './selection.ts';

/** What a reading has shown of where the vaults lie. */
export interface SeenPlaces {
  readonly found: readonly FoundVaults[];
  /** Management groups above the subscriptions that were looked at. */
  readonly managementGroups: readonly Scope[];
}

/**
 * Refuses a selector that selects nothing, since a slip of the pen must not pass for an answer. With names and ids the other
 * selectors only narrow down, so that there only all of them together have to leave something. To be asked when everything was
 * read: else nobody can say.
 * @throws KnownError NO_VAULTS (usage).
 */
export function refuseEmptySelectors(selection: Selection, seen: SeenPlaces): void {
  const empty = isBlank(selection) ? undefined : emptySelector(selection, seen);
  if (empty !== undefined) throw noVaults(empty.what, empty.remedy);
}

interface Empty {
  readonly what: string;
  readonly remedy?: string;
}

function emptySelector(selection: Selection, { found, managementGroups }: SeenPlaces): Empty | undefined {
  const vaults = found.flatMap(({ seen }) => seen);
  const listed = selection.names.length + selection.ids.length > 0;
  if (!listed) {
    const group = selection.resourceGroups.find((name) => !vaults.some((vault) => inResourceGroup(vault, name)));
    if (group !== undefined) return emptyGroup(group, vaults);
    const tag = selection.tags.find((one) => !vaults.some((vault) => carriesTag(vault, one)));
    if (tag !== undefined) return { what: `under the tag \`${tag.name}=${tag.value}\`` };
  }
  const above = selection.managementGroups.find((scope) => !managementGroups.includes(scope));
  if (above !== undefined && !listed) return emptyManagementGroup(above);
  return found.some(({ selected }) => selected.length > 0) ? undefined : { what: 'where all selectors together point' };
}

function emptyGroup(name: string, vaults: FoundVaults['seen']): Empty {
  const near = nearNames(
    name,
    vaults.map((vault) => vault.resourceGroup),
  );
  const what = `in a resource group \`${name}\``;
  return near.length === 0 ? { what } : { what, remedy: `did you mean ${near.map((one) => `\`${one}\``).join(' or ')}?` };
}

function emptyManagementGroup(scope: Scope): Empty {
  const what = `under a management group \`${scope.slice(scope.lastIndexOf('/') + 1)}\` that anything is assigned at`;
  return { what, remedy: 'check the name; a management group without assignments is not seen: select by --subscription there' };
}

/** What every command says that was to look at vaults and has none. */
export function noVaults(what = 'in reach', remedy = 'check the selection; `keyturn inventory` lists what is in reach'): KnownError {
  return new KnownError('usage', 'NO_VAULTS', `no vault lies ${what}`, remedy);
}
