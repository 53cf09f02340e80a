import { KnownError } from '../base/known-error.ts';
import { nearNames } from '../base/near-names.ts';
import { parseVault } from '../model/vault.ts';
import type { VaultId } from '../model/vault-id.ts';
import type { ResourceReader } from './ports.ts';
import type { FoundVaults } from './read/find-vaults.ts';
import type { Selection } from './selection.ts';

/** Why a vault that was asked for by its id is not in the estate, when Azure answered that there is none. */
export const noSuchVault = 'Azure knows no such vault';

/**
 * Judges names and ids that were not found. A name that no readable subscription has is most likely a slip of the pen and stops the
 * run; ids that are gone stop it only when none is left, so that one deleted vault does not hold up a file of others.
 * @returns the ids that are gone, for the estate's list of what could not be read.
 * @throws KnownError, naming what may have been meant.
 */
export async function refuseUnknownVaults(
  selection: Selection,
  found: readonly FoundVaults[],
  resources: ResourceReader,
): Promise<readonly { readonly subject: string; readonly because: string }[]> {
  const seen = found.flatMap((item) => item.seen.map((vault) => vault.name));
  const known = new Set(seen.map((name) => name.toLowerCase()));
  const unread = found.find((item) => item.listUnread)?.unreadable[0];
  const unknown = selection.names.find((name) => !known.has(name));
  if (unknown !== undefined && unread !== undefined) throw notSeen(unknown, unread);
  if (unknown !== undefined) throw notThere(unknown, nearNames(unknown, seen));
  const missing = found.flatMap((item) => item.missing);
  const [first] = missing;
  if (first !== undefined && missing.length === selection.ids.length && selection.names.length === 0) {
    throw notThere(first.name, nearNames(first.name, await namesBeside(first, resources)));
  }
  return missing.map((id) => ({ subject: id.id, because: noSuchVault }));
}

async function namesBeside(id: VaultId, resources: ResourceReader): Promise<readonly string[]> {
  const list = await resources.vaults(id.subscriptionId);
  return list.state === 'read' ? list.value.flatMap((raw) => parseVault(raw)?.name ?? []) : [];
}

function notThere(name: string, near: readonly string[]): KnownError {
  const meant = near.map((other) => `\`${other}\``).join(' or ');
  const remedy = near.length > 0 ? `did you mean ${meant}?` : 'check the name, the subscription and who you are signed in as';
  return new KnownError('usage', 'VAULT_UNKNOWN', `no vault \`${name}\` was found`, remedy);
}

function notSeen(name: string, unread: { readonly subject: string; readonly because: string }): KnownError {
  return new KnownError(
    'undetermined',
    'VAULT_NOT_SEEN',
    `no vault \`${name}\` was found, but ${unread.subject} could not be looked through: ${unread.because}`,
    'get the right to list vaults there, or name another subscription',
  );
}
