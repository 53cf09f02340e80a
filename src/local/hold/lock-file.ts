import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, open, rm, stat } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { judgeLock, realProcesses, signOfLife, writtenWithin } from './is-stale.ts';
import { type LockMark, newMark, placeHere, readMark } from './lock-mark.ts';

/** A lock that this process holds. */
export interface Lock {
  /** False when another process took it over: this one was silent for too long. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
}

/** Who holds a lock, as far as it says. */
export interface Holder {
  readonly mark: LockMark | undefined;
  /** Milliseconds since its last sign of life. */
  readonly silent: number;
}

/** Ids of the locks that this process holds, from before their files are there: a mark of our pid that is not among them was left. */
const held = new Set<string>();
const attempts = 20;

/**
 * Takes a lock, or says who has it. The file comes into place whole, by a link from one that was written beside it; what a dead
 * process left is taken over. Nothing needs a hand: a lock is live only as long as its holder is.
 * @throws the system's error when the folder cannot be used.
 */
export async function takeLock(file: string): Promise<Lock | Holder> {
  const mark = newMark(randomUUID());
  const text = JSON.stringify(mark);
  const aside = `${file}.${mark.id.slice(0, 8)}`;
  held.add(mark.id);
  let lock: Lock | undefined;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      const taken = await takeWith({ file, aside, ahead: (await handle.stat()).mtimeMs - Date.now() });
      if (taken !== 'ours') return taken;
      lock = await keep(file, text, mark.id).catch(async (error: unknown) => {
        await rm(file, { force: true });
        throw error;
      });
      return lock;
    } finally {
      await handle.close();
    }
  } finally {
    if (lock === undefined) held.delete(mark.id);
    await rm(aside, { force: true });
  }
}

export function isLock(taken: Lock | Holder): taken is Lock {
  return 'release' in taken;
}

interface Taking {
  readonly file: string;
  /** What is put in its place: our mark. */
  readonly aside: string;
  /** The time of the disk that the lock lies on less the time here, in milliseconds: other machines' clocks are their own. */
  readonly ahead: number;
}

async function takeWith({ file, aside, ahead }: Taking): Promise<'ours' | Holder> {
  let last: Holder = { mark: undefined, silent: 0 };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await putInPlace(aside, file)) return 'ours';
    const found = await look(file);
    if (found === undefined) continue;
    const age = Date.now() + ahead - found.writtenAt;
    const mark = readMark(found.text);
    last = { mark, silent: Math.max(0, age) };
    const verdict = judgeLock(mark, age, realProcesses(placeHere(), process.pid, held));
    if (verdict === 'live') return last;
    if (verdict === 'lookAgain') await wait(writtenWithin / 10 + 1);
    else await clear({ file, aside, ahead }, found.text);
  }
  return last;
}

/** One of many: a link is there whole, or not at all. Where a file system has none, a copy that replaces nothing has to do. */
async function putInPlace(aside: string, file: string): Promise<boolean> {
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
  }
  try {
    await copyFile(aside, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its words and their age are of one and the same file: by its name alone, another's lock may have come between. */
async function look(file: string): Promise<{ readonly text: string; readonly writtenAt: number } | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mtimeMs } = await handle.stat();
    return { text: await handle.readFile('utf8'), writtenAt: mtimeMs };
  } finally {
    await handle.close();
  }
}

/**
 * Takes away what a dead process left, and nothing else. Whoever came first may have put a lock of its own there meanwhile, and no
 * file system compares before it removes: so the right to remove a mark is itself a lock, named after the mark. A mark is never
 * written twice, so nothing but that mark can go by it.
 */
async function clear({ file, ...taking }: Taking, stale: string): Promise<void> {
  const base = file.replace(/\.over-\w+$/, '');
  const right = `${base}.over-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`;
  if ((await takeWith({ file: right, ...taking })) !== 'ours') {
    await wait(1);
    return;
  }
  try {
    if ((await look(file))?.text === stale) await rm(file, { force: true });
  } finally {
    await rm(right, { force: true });
  }
}

async function keep(file: string, text: string, id: string): Promise<Lock> {
  const handle: FileHandle = await open(file, 'r+');
  const own = await handle.stat();
  const isOurs = async () => {
    const there = await stat(file).catch(() => undefined);
    return there?.ino === own.ino && there.dev === own.dev;
  };
  // The same words again: the disk notes the time by its own clock.
  const beat = setInterval(() => {
    void handle.write(text, 0).catch(() => undefined);
  }, signOfLife);
  beat.unref();
  return {
    isOurs,
    async release() {
      clearInterval(beat);
      if (await isOurs()) await rm(file, { force: true });
      held.delete(id);
      await handle.close();
    },
  };
}
