import { isRunning, type LockMark, type ProcessPlace, startOf } from './lock-mark.ts';

/** How often a holder gives a sign of life, by writing its lock again, and how long a silence says that it is gone. */
export const signOfLife = 15_000;
const silence = 2 * 60_000;
/** A lock that cannot be read was left half written, unless it is being written at this moment. */
export const writtenWithin = 2_000;

/** What the system answers, so that a test can give another answer. */
export interface Processes {
  readonly here: ProcessPlace;
  readonly ownPid: number;
  readonly isRunning: (pid: number) => boolean;
  readonly startOf: (pid: number) => string | undefined;
  /** Ids of the locks that this process holds. */
  readonly held: ReadonlySet<string>;
}

export type Verdict = 'live' | 'stale' | 'lookAgain';

/**
 * Whether a lock's holder is gone. On one and the same system its process tells: one that is not there, or began at another
 * time, does not hold it. Of a holder elsewhere (another machine, another container) its silence tells.
 * `age` is how long ago the lock was last written, in milliseconds, by the clock of the disk that it lies on.
 */
export function judgeLock(mark: LockMark | undefined, age: number, processes: Processes): Verdict {
  if (mark === undefined) return age > writtenWithin ? 'stale' : 'lookAgain';
  const silent = age > silence ? 'stale' : 'live';
  if (!isHere(mark, processes.here)) return silent;
  if (mark.pid === processes.ownPid && processes.held.has(mark.id)) return 'live';
  if (!processes.isRunning(mark.pid)) return 'stale';
  const began = processes.startOf(mark.pid);
  if (mark.started !== undefined && began !== undefined) return mark.started === began ? 'live' : 'stale';
  // A process id of ours that we do not know of is an earlier process's.
  return mark.pid === processes.ownPid ? 'stale' : silent;
}

function isHere({ host, boot, space }: LockMark, here: ProcessPlace): boolean {
  const same = (one: string | undefined, other: string | undefined) => one === undefined || other === undefined || one === other;
  return host === here.host && same(boot, here.boot) && same(space, here.space);
}

export const realProcesses = (here: ProcessPlace, ownPid: number, held: ReadonlySet<string>): Processes => ({
  here,
  ownPid,
  isRunning,
  startOf,
  held,
});
