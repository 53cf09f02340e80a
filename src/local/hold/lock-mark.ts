import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { isObject, stringAt } from '../../base/json.ts';

/** What a lock says of its holder. Earlier versions wrote process id, host and an id alone. */
export interface LockMark {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
  /** When it was taken, ISO 8601. */
  readonly since?: string;
  /** The machine's boot: process ids and start times mean something within one boot only. */
  readonly boot?: string;
  /** The space of process ids: containers of one machine each have their own. */
  readonly space?: string;
  /** When the process began, in the kernel's ticks since the boot: tells it from a later one of the same id. */
  readonly started?: string;
}

/** Where a process is, as far as the system says. Only Linux does. */
export interface ProcessPlace {
  readonly host: string;
  readonly boot: string | undefined;
  readonly space: string | undefined;
}

export function placeHere(): ProcessPlace {
  return {
    host: hostname(),
    boot: orUndefined(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: orUndefined(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** The kernel's word on when a process of this space began; undefined where it has none. */
export function startOf(pid: number): string | undefined {
  // The second field is a name in brackets that may hold anything; the start is the 20th after it.
  return orUndefined(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  });
}

/** Whether there is such a process here. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks whether the process is there
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

export function newMark(id: string): LockMark {
  const { host, boot, space } = placeHere();
  const started = startOf(process.pid);
  return {
    pid: process.pid,
    host,
    id,
    since: new Date().toISOString(),
    ...(boot !== undefined && { boot }),
    ...(space !== undefined && { space }),
    ...(started !== undefined && { started }),
  };
}

/** @returns undefined for what is no mark: half a one, or nothing. */
export function readMark(text: string): LockMark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { pid } = value;
  const [host, id] = [stringAt(value, 'host'), stringAt(value, 'id')];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || host === undefined || id === undefined) return undefined;
  const more = Object.fromEntries(
    ['since', 'boot', 'space', 'started'].flatMap((name) => {
      const text = stringAt(value, name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  return { pid, host, id, ...more };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
