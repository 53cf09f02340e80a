import type { VaultOutcome } from './ports.ts';

/** When a run goes no further: so many vaults, or that share of the vaults that ended so far (1 to 100, of which 100 never stops it). */
export type StopAfter = { readonly vaults: number } | { readonly percent: number };

const bad = ['failed', 'blocked', 'undetermined'] as const;
const words = {
  failed: ['failed', 'failed'],
  blocked: ['was blocked', 'were blocked'],
  undetermined: ['is undetermined', 'are undetermined'],
};

/** Counts how vaults ended, and says when that is enough. */
export interface Threshold {
  /** To be told of vaults that the run had work for. */
  ended(outcome: VaultOutcome): void;
  /** Why the run goes no further, as a sentence; undefined as long as it does. */
  readonly reached: string | undefined;
}

export function threshold(stopAfter: StopAfter | undefined): Threshold {
  const counts = { failed: 0, blocked: 0, undetermined: 0 };
  let done = 0;
  let reached: string | undefined;
  return {
    ended(outcome) {
      if (outcome === 'done') done += 1;
      if (!isBad(outcome)) return;
      counts[outcome] += 1;
      const all = counts.failed + counts.blocked + counts.undetermined;
      if (isEnough(stopAfter, all, all + done)) reached ??= whyStopped(counts, all);
    },
    get reached() {
      return reached;
    },
  };
}

function isBad(outcome: VaultOutcome): outcome is (typeof bad)[number] {
  return bad.some((one) => one === outcome);
}

function isEnough(stopAfter: StopAfter | undefined, count: number, ended: number): boolean {
  if (stopAfter === undefined) return false;
  if ('vaults' in stopAfter) return count >= stopAfter.vaults;
  return stopAfter.percent < 100 && count * 100 >= stopAfter.percent * ended;
}

function whyStopped(counts: Readonly<Record<(typeof bad)[number], number>>, all: number): string {
  const ends = bad.filter((outcome) => counts[outcome] > 0).map((outcome) => words[outcome][all === 1 ? 0 : 1]);
  const last = ends.length > 1 ? ` or ${ends.at(-1) ?? ''}` : '';
  return `the run stopped after ${all === 1 ? '1 vault' : `${all} vaults`} that ${ends.slice(0, last === '' ? 1 : -1).join(', ')}${last}`;
}
