import { createHash } from 'node:crypto';
import type { VaultId } from '../model/vault-id.ts';

/** A file name for a vault: readable, and different for vaults of one name in different places. */
export function vaultFolderName(vault: Pick<VaultId, 'name' | 'scope'>): string {
  const readable = vault.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '_')
    .slice(0, 40);
  return `${readable}-${createHash('sha256').update(vault.scope).digest('hex').slice(0, 10)}`;
}
