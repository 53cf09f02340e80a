import type { AzureTime } from '../../azure/azure-time.ts';
import type { Clock } from '../../migrate/ports.ts';

/** A skew of less is not worth a word: it costs at most as much waiting. */
const worthAWord = 120_000;

/**
 * The clock by which ages are counted: this machine's, or Azure's where this machine's is ahead of it. A clock that is behind makes
 * everything look younger than it is, which costs time and nothing else, so it is left as it is.
 */
export function azureClock(local: Clock, time: Pick<AzureTime, 'skew'>): Clock {
  return {
    now: () => new Date(local.now().getTime() + Math.min(0, time.skew)),
    sleep: (milliseconds, signal) => local.sleep(milliseconds, signal),
    turn: () => local.turn(),
    pause: (milliseconds, signal) => (local.pause ?? local.sleep)(milliseconds, signal),
  };
}

/** What to say of the clock; undefined when it is right. */
export function skewWords({ skew }: Pick<AzureTime, 'skew'>): string | undefined {
  if (Math.abs(skew) < worthAWord) return undefined;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return skew < 0
    ? `the clock of this machine is ${minutes} minutes ahead of Azure’s; ages are counted by Azure’s`
    : `the clock of this machine is ${minutes} minutes behind Azure’s; set it right, or role assignments look that much younger than they are`;
}
