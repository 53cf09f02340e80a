import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { HeldError } from '../../base/held-error.ts';
import { KnownError } from '../../base/known-error.ts';
import { vaultFolderName } from '../../formats/vault-folder-name.ts';
import type { VaultHold } from '../../migrate/state-ports.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { onDisk } from '../on-disk.ts';
import { holderRemedy, lockHolderWords } from './holder-words.ts';
import { type Holder, isLock, takeLock } from './lock-file.ts';

/** One run at a time on a vault, by a lock file in the state folder. */
export function vaultHoldFiles(folder: string): VaultHold {
  return {
    async hold(vault) {
      const file = path.join(folder, `${vaultFolderName(vault)}.lock`);
      const taken = await onDisk(file, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return takeLock(file);
      });
      if (!isLock(taken)) throw busy(vault, taken);
      // Earlier versions guarded a take-over by a second file, and could leave it.
      await rm(`${file}.takeover`, { force: true });
      return {
        async assertOurs() {
          if (!(await onDisk(file, () => taken.isOurs()))) throw lost(vault);
        },
        release: () => taken.release(),
      };
    },
  };
}

function lost({ name }: VaultId): KnownError {
  const message = `another run of keyturn took over vault \`${name}\`, since nothing was heard of this one for minutes`;
  return new KnownError('blocked', 'VAULT_LOST', message, 'wait for the other run to end; then `keyturn status` shows how things stand');
}

function busy(vault: VaultId, taken: Holder): HeldError {
  const { mark } = taken;
  const holder =
    mark === undefined ? undefined : { pid: mark.pid, host: mark.host, ...(mark.since !== undefined && { since: mark.since }) };
  return new HeldError(`another run of keyturn is working on \`${vault.name}\`: ${lockHolderWords(taken)}`, holderRemedy, holder);
}
