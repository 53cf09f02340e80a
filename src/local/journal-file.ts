import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { KnownError } from '../base/known-error.ts';
import { writtenTogether } from '../base/written-together.ts';
import { type JournalEntry, journalText, parseJournal } from '../formats/journal.ts';
import type { OpenJournal } from '../migrate/state-ports.ts';
import { syncFolder } from './atomic-write.ts';
import { holderRemedy, lockHolderWords } from './hold/holder-words.ts';
import { isLock, type Lock, takeLock } from './hold/lock-file.ts';
import { onDisk } from './on-disk.ts';

/** What a journal asks of the disk: to be given from outside, so that a test can have a disk that is full. */
export interface JournalDisk {
  readonly open: (file: string) => Promise<Pick<FileHandle, 'write' | 'sync' | 'truncate' | 'stat' | 'close'>>;
}

const disk: JournalDisk = { open: (file) => open(file, 'a', 0o600) };

/**
 * The journal of one plan as a file of JSON Lines, held by one process at a time. Nothing is created before it is held, so that
 * a run that refuses leaves nothing behind. A last line that a crash tore is cut off before the next one is written, and so is
 * one that a full disk took half of: no line is ever written after half a line.
 * @throws KnownError JOURNAL_UNREADABLE when a line before the last cannot be read, DISK when the file cannot be used. From
 * `hold` and `append` also JOURNAL_BUSY (blocked) when another process holds it, JOURNAL_LOST (blocked) when one took it over.
 */
export async function openJournalFile(file: string, { open: openOnDisk }: JournalDisk = disk): Promise<OpenJournal> {
  const entries: JournalEntry[] = [];
  const read = async (): Promise<number> => {
    const found = readable(file, (await readIfThere(file)) ?? '');
    entries.splice(0, entries.length, ...found.entries);
    return Buffer.byteLength(found.intact);
  };
  await onDisk(file, read);
  let held: { readonly lock: Lock; readonly handle: Awaited<ReturnType<JournalDisk['open']>>; size: number } | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(() => onDisk(file, work));
    tail = done.catch(() => undefined);
    return done;
  };
  const take = async () => {
    if (held !== undefined) return held;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const lock = await takeLock(`${file}.lock`);
    if (!isLock(lock)) throw busy(lockHolderWords(lock));
    try {
      // Read again: until now somebody else may have written.
      const size = await read();
      const handle = await openOnDisk(file);
      held = { lock, handle, size };
      await cutTo(held);
      await syncFolder(path.dirname(file));
      return held;
    } catch (error) {
      await held?.handle.close();
      held = undefined;
      await lock.release();
      throw error;
    }
  };
  const append = writtenTogether<Line>(inTurn, async (lines) => {
    const journal = await take();
    if (!(await journal.lock.isOurs())) throw lost();
    await appendWhole(journal, Buffer.from(lines.map(({ text }) => text).join('')));
    for (const { entry } of lines) entries.push(entry);
  });
  return {
    entries,
    hold: () =>
      inTurn(async () => {
        await take();
      }),
    append: async (entry) => append({ entry, text: journalText(entry) }),
    async close() {
      await tail;
      await held?.handle.close();
      await held?.lock.release();
      held = undefined;
    },
  };
}

interface Line {
  readonly entry: JournalEntry;
  readonly text: string;
}

interface Open {
  readonly handle: Awaited<ReturnType<JournalDisk['open']>>;
  /** Up to where the file is known to hold whole lines. */
  size: number;
}

/** Lines on disk, or the file as it was before them. */
async function appendWhole(journal: Open, line: Buffer): Promise<void> {
  // What an earlier append left, and could not cut off then, goes before anything is written after it.
  await cutTo(journal);
  try {
    for (let written = 0; written < line.length; ) written += (await journal.handle.write(line.subarray(written))).bytesWritten;
    await journal.handle.sync();
  } catch (error) {
    await cutTo(journal).catch(() => undefined);
    throw error;
  }
  journal.size += line.length;
}

async function cutTo({ handle, size }: Open): Promise<void> {
  const now = await handle.stat();
  if (now.isFile() && now.size !== size) await handle.truncate(size);
}

function readable(file: string, text: string): ReturnType<typeof parseJournal> {
  try {
    return parseJournal(text);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const remedy = `move \`${file}\` aside, keep it for the record, and run the same command again; Azure is asked what is already done`;
    throw new KnownError(error.outcome, error.code, error.message, remedy);
  }
}

function busy(who: string): KnownError {
  return new KnownError('blocked', 'JOURNAL_BUSY', `another run of keyturn is carrying out this plan: ${who}`, holderRemedy);
}

function lost(): KnownError {
  const message = 'another run of keyturn took this plan over, since nothing was heard of this one for minutes';
  return new KnownError('blocked', 'JOURNAL_LOST', message, 'wait for the other run to end; then `keyturn status` shows how things stand');
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    // A device may have no end.
    if (!(await stat(file)).isFile()) throw Object.assign(new Error('it is not a file'), { code: 'EINVAL', syscall: 'read' });
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
