import { constants } from 'node:fs';
import { access, chmod, open, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import { atomicWrite, type Written } from './atomic-write.ts';
import { onDisk } from './on-disk.ts';

/**
 * Writes to a place that a person named. A file is replaced whole and keeps its mode, also where a link leads to it; what is no
 * file (a device, a pipe) is written into and never replaced. No folder is made: a typing error must not make one.
 * @throws KnownError OUTPUT_FOLDER (usage) when the folder is missing, DISK (failed) when it cannot be written.
 */
export async function writeOutput(file: string, text: Written, mode: number): Promise<void> {
  await assertFolder(file);
  await onDisk(file, async () => {
    const found = await stat(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) return atomicWrite(file, text, mode);
    // A name under these stands for something that is open already.
    if (!found.isFile() || /^\/(dev|proc)\//.test(file)) return writeInto(file, text);
    await access(file, constants.W_OK);
    const target = await realpath(file);
    await atomicWrite(target, text, found.mode & 0o777);
    // Past the process's mask, which holds for new files only.
    await chmod(target, found.mode & 0o777);
  });
}

/** @throws KnownError OUTPUT_FOLDER (usage). To be asked before long work. */
export async function assertFolder(file: string): Promise<void> {
  const folder = path.dirname(file);
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() === true) return;
  const message = `\`${file}\` cannot be written: there is no folder \`${folder}\``;
  throw new KnownError('usage', 'OUTPUT_FOLDER', message, 'make the folder first, or correct the path');
}

async function writeInto(file: string, text: Written): Promise<void> {
  const handle = await open(file, constants.O_WRONLY);
  try {
    await writeFile(handle, text);
  } finally {
    await handle.close();
  }
}
