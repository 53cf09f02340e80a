import { createHash } from 'node:crypto';
import { z } from 'zod';
import { operationPattern } from './operation-pattern.ts';

const longest = 600_000;
const delay = {
  milliseconds: z.number().min(0).max(longest).exactOptional().describe('What every such call takes. Default: 0.'),
  jitterMilliseconds: z.number().min(0).max(longest).exactOptional().describe('Up to so much more, drawn for each call. Default: 0.'),
};

/** How long calls take. */
export const latencySettings = z.strictObject({
  ...delay,
  seed: z.number().int().exactOptional().describe('What the jitter is drawn from: the same seed, the same delays. Default: 0.'),
  operations: z
    .record(z.string().min(1), z.strictObject(delay))
    .exactOptional()
    .describe('For operations by name, as the metrics show it; `*` stands for anything, and the first that fits counts.'),
});

export type LatencySettings = z.infer<typeof latencySettings>;

export interface Latency {
  readonly settings: LatencySettings;
  /** From the next call on; the draws begin anew. */
  set(settings: LatencySettings): void;
  /** Real milliseconds that the next call of the operation takes. */
  next(operation: string): number;
}

interface Delay {
  readonly milliseconds?: number;
  readonly jitterMilliseconds?: number;
}

/**
 * What the n-th call of an operation takes depends on the seed, the operation and n alone: calls of other operations in between
 * change nothing, so two runs that make the same calls meet the same delays.
 */
export function createLatency(first: LatencySettings = {}): Latency {
  let settings = first;
  let rules = rulesOf(first);
  const calls = new Map<string, number>();
  return {
    get settings() {
      return settings;
    },
    set(next) {
      settings = next;
      rules = rulesOf(next);
      calls.clear();
    },
    next(operation) {
      const { milliseconds = 0, jitterMilliseconds = 0 }: Delay = rules.find(({ fits }) => fits(operation))?.delay ?? settings;
      if (jitterMilliseconds === 0) return milliseconds;
      const count = (calls.get(operation) ?? 0) + 1;
      calls.set(operation, count);
      return milliseconds + jitterMilliseconds * share(`${settings.seed ?? 0} ${count} ${operation}`);
    },
  };
}

function rulesOf({
  operations = {},
}: LatencySettings): readonly { readonly fits: (operation: string) => boolean; readonly delay: Delay }[] {
  return Object.entries(operations).map(([pattern, delay]) => ({ fits: operationPattern(pattern), delay }));
}

/** From 0 to 1, the same for the same text. */
function share(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
