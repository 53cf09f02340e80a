import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
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
      const taken = await takeWith(file, aside, (await handle.stat()).mtimeMs);
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

/** @param now the time of the disk that the lock lies on, in milliseconds: other machines' clocks are their own. */
async function takeWith(file: string, aside: string, now: number): Promise<'ours' | Holder> {
  const begun = Date.now();
  let last: Holder = { mark: undefined, silent: 0 };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await putInPlace(aside, file)) return 'ours';
    const found = await look(file);
    if (found === undefined) continue;
    const age = now + (Date.now() - begun) - found.writtenAt;
    const mark = readMark(found.text);
    last = { mark, silent: Math.max(0, age) };
    const verdict = judgeLock(mark, age, realProcesses(placeHere(), process.pid, held));
    if (verdict === 'live') return last;
    if (verdict === 'lookAgain') await wait(writtenWithin / 10 + 1);
    else await clear(file, found.text);
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

async function look(file: string): Promise<{ readonly text: string; readonly writtenAt: number } | undefined> {
  try {
    const { mtimeMs } = await stat(file);
    return { text: await readFile(file, 'utf8'), writtenAt: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes away what was found, and nothing else: whoever came first has put a lock of its own there meanwhile. */
async function clear(file: string, stale: string): Promise<void> {
  const gone = `${file}.${randomUUID().slice(0, 8)}`;
  if ((await look(file))?.text !== stale) return;
  try {
    await rename(file, gone);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(gone, 'utf8')) !== stale) await putInPlace(gone, file);
  await rm(gone, { force: true });
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
