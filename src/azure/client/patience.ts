import type { Sleep } from './sleep.ts';

/** What a writer may use besides the network. */
export interface Patience {
  readonly sleep: Sleep;
  /** Between 0 and 1; keeps several runs from meeting again and again. */
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
}

/** How often a writer tries what may pass by itself. */
export const tries = {
  /** Replication, of the directory or of a new role definition, mostly ends within this many refusals: some three minutes. */
  replication: 14,
  conflict: 6,
  /** No answer, and nothing to be seen of what was asked for. */
  unclear: 4,
  readBack: 7,
  inUse: 4,
} as const;

/**
 * Tries until `attempt` gives a value, waiting longer and longer in between: 1, 2, 4, 8 seconds and so on up to 15, each
 * shortened by up to half. A run that is asked to stop waits no more.
 * @returns undefined when no try gave one.
 */
export async function tryFor<T>(tries: number, patience: Patience, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let made = 1; ; made += 1) {
    const value = await attempt();
    if (value !== undefined || made >= tries || isOver(patience)) return value;
    const whole = Math.min(15_000, 1_000 * 2 ** (made - 1));
    try {
      await patience.sleep(Math.round(whole * (1 - patience.random() / 2)), patience.signal);
    } catch (error) {
      if (isOver(patience)) return undefined;
      throw error;
    }
  }
}

function isOver({ signal }: Patience): boolean {
  return signal?.aborted === true;
}
