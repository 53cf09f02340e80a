import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { journalText, parseJournal } from '../../migrate/journal.ts';
import type { Journal, JournalEntry } from '../../migrate/ports.ts';
import { syncFolder } from './atomic-write.ts';
import { onDisk } from './on-disk.ts';

/**
 * The journal of one plan as a file of JSON Lines. Nothing is created before the first entry, so that a run that refuses
 * leaves nothing behind. A last line that a crash tore is cut off before the next one is written.
 * @throws KnownError JOURNAL_UNREADABLE when a line before the last cannot be read, DISK when the file cannot be used.
 */
export async function openJournalFile(file: string): Promise<Journal & { close(): Promise<void> }> {
  const found = parseJournal((await onDisk(file, () => readIfThere(file))) ?? '');
  const entries: JournalEntry[] = [...found.entries];
  let handle: FileHandle | undefined;
  let tail: Promise<void> = Promise.resolve();

  const openFile = async (): Promise<FileHandle> => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const opened = await open(file, 'a', 0o600);
    if (found.torn !== undefined) await opened.truncate(Buffer.byteLength(found.intact));
    await syncFolder(path.dirname(file));
    return opened;
  };
  const write = async (entry: JournalEntry): Promise<void> => {
    handle ??= await openFile();
    await handle.appendFile(journalText(entry));
    await handle.sync();
    entries.push(entry);
  };
  return {
    entries,
    // One line at a time, also when several vaults are under way: two appends never mix.
    append(entry) {
      const done = tail.then(() => onDisk(file, () => write(entry)));
      tail = done.catch(() => undefined);
      return done;
    },
    async close() {
      await tail;
      await handle?.close();
      handle = undefined;
    },
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
