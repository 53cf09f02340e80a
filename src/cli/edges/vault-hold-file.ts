import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { VaultHold } from '../../migrate/ports.ts';
import { isObject } from '../../model/json.ts';
import { KnownError } from '../../model/known-error.ts';
import type { VaultId } from '../../model/vault-id.ts';
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
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = path.join(folder, `${vaultFolderName(vault)}.lock`);
      const mark = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
      if (!(await create(file, mark)) && !((await dropStale(file)) && (await create(file, mark)))) throw busy(vault, file);
      held.add(mark);
      return {
        async release() {
          held.delete(mark);
          if ((await readFile(file, 'utf8').catch(() => '')) === mark) await rm(file, { force: true });
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

/** Moves a dead holder's file aside. Somebody may have been quicker: then what was moved is theirs, and is put back. */
async function dropStale(file: string): Promise<boolean> {
  const mark = await readFile(file, 'utf8').catch(() => '');
  if (!isStale(mark)) return false;
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return true; // gone already: whoever creates the file next has it
  }
  const moved = await readFile(aside, 'utf8').catch(() => mark);
  if (moved !== mark) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
  return moved === mark;
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
    `wait for it to end; if none is running, remove \`${file}\``,
  );
}
