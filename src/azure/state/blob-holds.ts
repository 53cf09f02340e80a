import type { ContainerClient } from '@azure/storage-blob';
import { HeldError, holderWords } from '../../base/held-error.ts';
import { KnownError } from '../../base/known-error.ts';
import { vaultFolderName } from '../../formats/vault-folder-name.ts';
import type { VaultHold } from '../../migrate/state-ports.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { onBlobs, statusOf } from './blob-errors.ts';
import { isHeld, type LeaseHolder, leaseRemedy, takeLease } from './blob-lease.ts';

interface Holds {
  readonly container: ContainerClient;
  readonly folder: string;
  /** What people call the state. */
  readonly name: string;
  readonly holder: Omit<LeaseHolder, 'since'>;
}

/** One run at a time on a vault, by a lease on a blob of its name. */
export function vaultHoldBlobs({ container, folder, name, holder }: Holds): VaultHold {
  return {
    async hold(vault) {
      const blob = container.getBlockBlobClient(`${folder}${vaultFolderName(vault)}.lock`);
      const taken = await onBlobs(name, async () => {
        // One that is leased cannot be written, and so is there.
        await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } }).catch((error: unknown) => {
          if (!isThere(error)) throw error;
        });
        return takeLease(blob, holder);
      });
      if (!isHeld(taken)) throw busy(vault, taken.holder);
      return {
        async assertOurs() {
          if (!(await onBlobs(name, () => taken.isOurs()))) throw lost(vault);
        },
        release: () => taken.release(),
      };
    },
  };
}

function isThere(error: unknown): boolean {
  return [409, 412].includes(statusOf(error) ?? 0);
}

function lost({ name }: VaultId): KnownError {
  const message = `this run lost its hold on vault \`${name}\`: for half a minute no sign of life of it reached the state`;
  return new KnownError(
    'blocked',
    'VAULT_LOST',
    message,
    'see that the state can be reached; then `keyturn status` shows how things stand',
  );
}

function busy(vault: VaultId, holder: LeaseHolder): HeldError {
  const { pid, host, ...since } = holder;
  const known = pid === undefined || host === undefined ? undefined : { pid, host, ...since };
  return new HeldError(`another run of keyturn is working on \`${vault.name}\`: ${holderWords(holder)}`, leaseRemedy, known);
}
