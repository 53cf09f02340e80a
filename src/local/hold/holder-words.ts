import type { Holder } from './lock-file.ts';

/** Who holds a lock, since when, and how to tell whether it still works. */
export function holderWords({ mark, silent }: Holder): string {
  if (mark === undefined) return 'a run that did not say which';
  const since = mark.since === undefined ? '' : ` since ${mark.since.slice(0, 19).replace('T', ' ')} UTC`;
  return `process ${mark.pid} on \`${mark.host}\`${since}, last sign of life ${Math.round(silent / 1000)} seconds ago`;
}

/** What a person can do about it; nothing has to be removed by hand. */
export const holderRemedy =
  'wait for it to end, or end it (Ctrl-C there), and run this again; a run that died is noticed within two minutes and its place is taken';
