import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from './on-disk.ts';

/** A text, or pieces that are written as they come: a large file is never whole in memory. */
export type Written = string | AsyncIterable<string | Uint8Array>;

/**
 * Writes a whole file or nothing: a reader, a crash or a power cut sees the old text or the new one. Returns when both the
 * text and its name are on disk. The folder is made when it is missing.
 * @throws KnownError DISK when it cannot be written.
 */
export function atomicWrite(file: string, text: Written, mode = 0o600): Promise<void> {
  return onDisk(file, () => replaceFile(file, text, mode));
}

async function replaceFile(file: string, text: Written, mode: number): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await writeFile(handle, text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes a new name in a folder last; Windows cannot open folders and needs no such call. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
