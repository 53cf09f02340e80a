import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { HeldPlace } from '../../migrate/state-ports.ts';
import { judgeLock, realProcesses } from './is-stale.ts';
import { placeHere, readMark } from './lock-mark.ts';

/** The lock files of a state folder, with what they say of their holders and whether those still work. */
export async function heldPlaces(root: string): Promise<readonly HeldPlace[]> {
  const found: HeldPlace[] = [];
  for (const kind of ['journal', 'vault'] as const) {
    const folder = path.join(root, folderOf[kind]);
    const files = (await readdir(folder).catch((): string[] => [])).filter((file) => file.endsWith('.lock')).sort();
    for (const file of files) found.push(...(await heldPlace(kind, folder, file)));
  }
  return found;
}

const folderOf = { journal: 'journals', vault: 'holds' } as const;

async function heldPlace(kind: HeldPlace['kind'], folder: string, file: string): Promise<readonly HeldPlace[]> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path.join(folder, file), 'utf8'), stat(path.join(folder, file))]);
    const mark = readMark(text);
    const { pid, host, since } = mark ?? {};
    const holder = { ...(pid !== undefined && { pid }), ...(host !== undefined && { host }), ...(since !== undefined && { since }) };
    const verdict = judgeLock(mark, Math.max(0, Date.now() - mtimeMs), realProcesses(placeHere(), process.pid, new Set()));
    return [{ kind, name: file.replace(/(\.jsonl)?\.lock$/, ''), holder, live: verdict !== 'stale' }];
  } catch (error) {
    // Its holder may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export async function unlockPlace(root: string, { kind, name }: HeldPlace): Promise<void> {
  const file = kind === 'journal' ? `${name}.jsonl.lock` : `${name}.lock`;
  await rm(path.join(root, folderOf[kind], file), { force: true });
}
