import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { VaultHold } from '../../migrate/ports.ts';
import { isObject } from '../../model/json.ts';
import { KnownError } from '../../model/known-error.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { onDisk } from './on-disk.ts';
import { vaultFolderName } from './vault-folder-name.ts';

/** Marks that this process holds: a mark with our process id that is not among them was left by an earlier process. */
const held = new Set<string>();

/**
 * One run at a time on a vault, by a file that only one can create. A file that a dead process of this machine left is
 * taken over; one from another machine never is.
 */
export function vaultHoldFiles(folder: string): VaultHold {
  return {
    async hold(vault) {
      await onDisk(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
      const file = path.join(folder, `${vaultFolderName(vault)}.lock`);
      const mark = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
      // Before the file is there, so that nobody of this process ever takes it for an earlier process's.
      held.add(mark);
      try {
        if (!(await onDisk(file, async () => (await create(file, mark)) || (await takeOver(file, mark))))) throw busy(vault, file);
      } catch (error) {
        held.delete(mark);
        throw error;
      }
      return {
        async release() {
          if ((await readFile(file, 'utf8').catch(() => '')) === mark) await rm(file, { force: true });
          held.delete(mark);
        },
      };
    },
  };
}

async function create(file: string, mark: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(mark);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces a dead holder's file. One at a time, guarded by a second file: else two could each remove the other's new one. */
async function takeOver(file: string, mark: string): Promise<boolean> {
  const guard = `${file}.takeover`;
  if (!isStale(await readFile(file, 'utf8').catch(() => '')) || !(await create(guard, mark))) return false;
  try {
    if (!isStale(await readFile(file, 'utf8').catch(() => ''))) return false;
    await rm(file, { force: true });
    return await create(file, mark);
  } finally {
    await rm(guard, { force: true });
  }
}

function isStale(mark: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(mark);
  } catch {
    return false;
  }
  if (!isObject(value) || value.host !== hostname() || typeof value.pid !== 'number') return false;
  if (value.pid === process.pid) return !held.has(mark);
  try {
    process.kill(value.pid, 0); // signal 0 only asks whether the process is there
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function busy(vault: VaultId, file: string): KnownError {
  return new KnownError(
    'blocked',
    'VAULT_BUSY',
    `another run of keyturn is working on \`${vault.name}\``,
    `wait for it to end; if none is running, remove \`${file}*\``,
  );
}
