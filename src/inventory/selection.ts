import { compareText } from '../base/compare-text.ts';
import { parseGuid } from '../base/guid.ts';
import { KnownError } from '../base/known-error.ts';
import { parseScope, type Scope } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';

/**
 * Which vaults are meant. Names and ids together list vaults; without any, every vault in reach is meant. The other kinds narrow
 * that down: each kind that is given has to match, and one of its values is enough, except for tags, which all have to match.
 */
export interface Selection {
  /** Vault names in lower case. */
  readonly names: readonly string[];
  readonly ids: readonly VaultId[];
  /** Subscription ids in lower case, or display names as written. */
  readonly subscriptions: readonly string[];
  /** In lower case. */
  readonly resourceGroups: readonly string[];
  readonly managementGroups: readonly Scope[];
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** A selection as people write it. */
export interface SelectionWords {
  /** Names or resource ids. */
  readonly vaults?: readonly string[];
  readonly subscriptions?: readonly string[];
  readonly resourceGroups?: readonly string[];
  readonly managementGroups?: readonly string[];
  /** `name=value`. */
  readonly tags?: readonly string[];
  /** Text of a file of names and ids: one a line; blank lines and lines that begin with `#` do not count. */
  readonly list?: string;
}

/**
 * @throws KnownError (usage) for what can be no vault, such as a Managed HSM, for a tag without `=`, for blank words, and for a list
 * without a vault: it was meant to name some, and must not pass for everything.
 */
export function parseSelection(words: SelectionWords): Selection {
  if (words.list !== undefined && listed(words.list).length === 0) throw emptyList();
  const written = [...(words.vaults ?? []), ...(words.list === undefined ? [] : listed(words.list))].map((word) => word.trim());
  const vaults = written.map(parseVaultWord);
  const ids = new Map(vaults.flatMap((vault) => (typeof vault === 'string' ? [] : [[vault.scope, vault] as const])));
  return {
    names: [...new Set(vaults.flatMap((vault) => (typeof vault === 'string' ? [vault] : [])))],
    ids: [...ids.values()],
    subscriptions: (words.subscriptions ?? []).map(parseSubscription),
    resourceGroups: (words.resourceGroups ?? []).map(parseResourceGroup),
    managementGroups: (words.managementGroups ?? []).map(parseManagementGroup),
    tags: (words.tags ?? []).map(parseTag),
  };
}

/** Whether it says nothing, so that every vault in reach is meant. */
export function isBlank({ names, ids, subscriptions, resourceGroups, managementGroups, tags }: Selection): boolean {
  return [names, ids, subscriptions, resourceGroups, managementGroups, tags].every((words) => words.length === 0);
}

/** The selection as words, without the kinds that it does not use: a list of vaults from a file counts as their names. */
export function selectionWords({ names, ids, subscriptions, resourceGroups, managementGroups, tags }: Selection) {
  const words = {
    vaults: [...names, ...ids.map(({ id }) => id)].sort(compareText),
    subscriptions: [...subscriptions],
    resourceGroups: [...resourceGroups],
    managementGroups: managementGroups.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)),
    tags: tags.map(({ name, value }) => `${name}=${value}`),
  };
  return Object.fromEntries(Object.entries(words).filter(([, list]) => list.length > 0)) as Partial<typeof words>;
}

/** A selection of exactly these vaults, by resource id. @throws Error for none: that would select every vault. */
export function selectionOf(ids: readonly string[]): Selection {
  if (ids.length === 0) throw new Error('a selection of no vault would select every vault');
  return parseSelection({ vaults: ids });
}

/** Whether a vault is meant, by all that the vault itself can tell; its subscription is judged before. */
export function selects(selection: Selection, vault: Pick<Vault, 'scope' | 'name' | 'resourceGroup' | 'tags'>): boolean {
  const isListed = selection.names.includes(vault.name.toLowerCase()) || selection.ids.some((id) => id.scope === vault.scope);
  if (selection.names.length + selection.ids.length > 0 && !isListed) return false;
  if (selection.resourceGroups.length > 0 && !selection.resourceGroups.some((name) => inResourceGroup(vault, name))) return false;
  return selection.tags.every((tag) => carriesTag(vault, tag));
}

export function inResourceGroup(vault: Pick<Vault, 'resourceGroup'>, name: string): boolean {
  return vault.resourceGroup.toLowerCase() === name;
}

export function carriesTag(vault: Pick<Vault, 'tags'>, tag: Selection['tags'][number]): boolean {
  return Object.entries(vault.tags).some(([name, value]) => name.toLowerCase() === tag.name && value === tag.value);
}

function listed(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\uFEFF/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function emptyList(): KnownError {
  const remedy = 'look at what wrote the list; leave the option out to mean every vault in reach';
  return new KnownError('usage', 'LIST_EMPTY', 'the list of vaults names no vault', remedy);
}

/** The id, or the name in lower case. */
function parseVaultWord(word: string): VaultId | string {
  if (/\/managedhsms(\/|$)|\.managedhsm\./i.test(word)) {
    throw new KnownError(
      'usage',
      'MANAGED_HSM',
      `\`${word}\` is a Managed HSM, which has no access policies to move away from`,
      'leave it out: its local roles are another system',
    );
  }
  const id = parseVaultId(portalPath(word) ?? word);
  if (id !== undefined) return id;
  const name = uriName(word) ?? word;
  if (/^[a-z0-9-]{1,127}$/i.test(name)) return name.toLowerCase();
  throw new KnownError(
    'usage',
    'VAULT_WORD',
    `\`${word}\` is neither a vault’s name, nor its address, nor its resource id`,
    'give a name such as `kv-app`, an address such as `https://kv-app.vault.azure.net`, or an id such as `/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/kv-app`',
  );
}

/** The resource id in a link to the portal, from any page of the vault. */
function portalPath(word: string): string | undefined {
  const [, link] = /^https:\/\/[a-z0-9.-]*portal\.azure\.(?:com|us|cn)\/(.*)$/i.exec(word) ?? [];
  return /\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/[^/?#]+/i.exec(decoded(link ?? ''))?.[0];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name in a vault's address, with or without what follows the host, in each of the clouds. */
function uriName(word: string): string | undefined {
  const host =
    /^(?:https:\/\/)?([a-z0-9-]{1,127})\.(?:privatelink\.)?vault(?:core)?\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)(?::443)?(?:\/.*)?$/i;
  return host.exec(word)?.[1];
}

function parseSubscription(word: string): string {
  const id = parseGuid(word.replace(/^\/subscriptions\//i, ''));
  if (id === undefined && word.trim() === '') {
    throw new KnownError('usage', 'SUBSCRIPTION_WORD', `\`${word}\` is not a subscription`, 'give the subscription’s id or name');
  }
  return id ?? word.trim();
}

function parseResourceGroup(word: string): string {
  const name = word.trim().toLowerCase();
  if (name !== '') return name;
  throw new KnownError('usage', 'RESOURCE_GROUP_WORD', `\`${word}\` is not a resource group`, 'give the resource group’s name');
}

function parseManagementGroup(word: string): Scope {
  const name = word.trim().replace(/^\/*providers\/microsoft\.management\/managementgroups\//i, '');
  const scope = parseScope(`/providers/Microsoft.Management/managementGroups/${name}`);
  if (scope === undefined || name === '' || name.includes('/')) {
    throw new KnownError(
      'usage',
      'MANAGEMENT_GROUP_WORD',
      `\`${word}\` is not a management group`,
      'give the management group’s name or id',
    );
  }
  return scope;
}

function parseTag(word: string): Selection['tags'][number] {
  const at = word.indexOf('=');
  if (at < 1) throw new KnownError('usage', 'TAG_WORD', `\`${word}\` is not a tag`, 'write a tag as `name=value`');
  return { name: word.slice(0, at).trim().toLowerCase(), value: word.slice(at + 1).trim() };
}
