import type { WorkloadResult } from '../sandbox/start-sandbox.ts';

/** What workloads met in many rounds of their calls. */
export interface WorkloadTally {
  readonly rounds: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
  /** By workload, the first refusal or failure in the service's words. */
  readonly refusals: ReadonlyMap<string, string>;
}

export const noCalls: WorkloadTally = { rounds: 0, ok: 0, refused: 0, failed: 0, refusals: new Map() };

export function addRound(tally: WorkloadTally, results: readonly WorkloadResult[]): WorkloadTally {
  const sum = (pick: (result: WorkloadResult) => number) => results.reduce((total, result) => total + pick(result), 0);
  const refusals = new Map(tally.refusals);
  for (const { name, firstRefusal } of results) {
    if (firstRefusal !== undefined && !refusals.has(name)) refusals.set(name, firstRefusal);
  }
  return {
    rounds: tally.rounds + 1,
    ok: tally.ok + sum((result) => result.ok),
    refused: tally.refused + sum((result) => result.refused),
    failed: tally.failed + sum((result) => result.failed),
    refusals,
  };
}

export function addTally(a: WorkloadTally, b: WorkloadTally): WorkloadTally {
  const refusals = new Map([...b.refusals, ...a.refusals]);
  return { rounds: a.rounds + b.rounds, ok: a.ok + b.ok, refused: a.refused + b.refused, failed: a.failed + b.failed, refusals };
}

/** Rounds of calls without a pause while `work` is under way, and one more when it is done. */
export async function callWhile<T>(
  work: Promise<T>,
  round: () => Promise<readonly WorkloadResult[]>,
): Promise<{ readonly value: T; readonly tally: WorkloadTally }> {
  let running = true;
  const ended = work.finally(() => {
    running = false;
  });
  // The loop looks at the work's end, an error is thrown by the await below.
  ended.catch(() => undefined);
  let tally = noCalls;
  do tally = addRound(tally, await round());
  while (running);
  const value = await ended;
  return { value, tally: addRound(tally, await round()) };
}
