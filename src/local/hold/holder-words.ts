import { holderWords } from '../../base/held-error.ts';
import type { Holder } from './lock-file.ts';

/** Who holds a lock, since when, and how to tell whether it still works. */
export function lockHolderWords({ mark, silent }: Holder): string {
  const lastSeen = mark === undefined ? '' : `, last sign of life ${Math.round(silent / 1000)} seconds ago`;
  return `${holderWords(mark ?? {})}${lastSeen}`;
}

/** What a person can do about it; nothing has to be removed by hand. */
export const holderRemedy =
  'wait for it to end, or end it (Ctrl-C there), and run this again; a run that died is noticed within two minutes and its place is taken';
