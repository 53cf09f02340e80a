import { z } from 'zod';
import type { SandboxClock } from './state.ts';

const bucket = z.strictObject({
  capacity: z.number().int().positive().describe('How many calls at once.'),
  perSecond: z.number().positive().describe('How many more each second.'),
});
export const throttleSettings = z.strictObject({
  reads: bucket.exactOptional(),
  writes: bucket.exactOptional(),
  deletes: bucket.exactOptional(),
});

type Bucket = Readonly<z.infer<typeof bucket>>;
export type ThrottleSettings = Readonly<z.infer<typeof throttleSettings>>;
export type CallKind = keyof ThrottleSettings;

/** Resource Manager's own figures, for one subscription or the tenant, and one security principal. */
const defaults: Readonly<Record<CallKind, Bucket>> = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
};

/** All security principals together may do so many times as much in a subscription. */
const everybody = 15;

/** Who calls, and in which subscription; calls outside of subscriptions have a bucket of the tenant. */
export interface CallOwner {
  readonly principal: string;
  readonly subscription?: string;
}

export interface Taken {
  readonly allowed: boolean;
  /** Whole calls left to the principal. */
  readonly remaining: number;
  /** Whole calls left to all principals of the subscription; the tenant has no such bucket. */
  readonly remainingForAll?: number;
  /** Seconds until a call is left again; 0 when allowed. */
  readonly retryAfter: number;
}

export interface Throttle {
  readonly settings: ThrottleSettings;
  /** From the next call on, which finds every bucket full. */
  set(settings: ThrottleSettings): void;
  /** Takes one call out of every bucket that it counts in; a call that is refused takes none. */
  take(owner: CallOwner, kind: CallKind): Taken;
  readonly refused: number;
}

export function callKind(method: string): CallKind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

/** Buckets fill with sandbox time, so moving the clock fills them. */
export function createThrottle(clock: SandboxClock, first: ThrottleSettings = {}): Throttle {
  let settings = first;
  const levels = new Map<string, { tokens: number; at: number }>();
  let refused = 0;
  const look = (key: string, { capacity, perSecond }: Bucket) => {
    const now = clock.now();
    const level = levels.get(key) ?? { tokens: capacity, at: now };
    level.tokens = Math.min(capacity, level.tokens + ((now - level.at) / 1000) * perSecond);
    level.at = now;
    levels.set(key, level);
    return { level, perSecond };
  };
  return {
    get settings() {
      return settings;
    },
    set(next) {
      settings = next;
      levels.clear();
    },
    get refused() {
      return refused;
    },
    take({ principal, subscription }, kind) {
      const size = settings[kind] ?? defaults[kind];
      const own = look(`${kind} ${subscription ?? 'tenant'} ${principal}`, size);
      const all = subscription === undefined ? undefined : look(`${kind} ${subscription}`, times(size, everybody));
      const both = all === undefined ? [own] : [own, all];
      const wait = Math.max(...both.map(({ level, perSecond }) => waitFor(level.tokens, perSecond)));
      if (wait > 0) refused += 1;
      else for (const { level } of both) level.tokens = Math.max(0, level.tokens - 1);
      return {
        allowed: wait === 0,
        remaining: Math.floor(own.level.tokens),
        ...(all !== undefined && { remainingForAll: Math.floor(all.level.tokens) }),
        retryAfter: wait,
      };
    },
  };
}

function times({ capacity, perSecond }: Bucket, factor: number): Bucket {
  return { capacity: capacity * factor, perSecond: perSecond * factor };
}

/** Whole seconds until there is a token. A hair below one is one: the wait that Retry-After names must not fail for rounding. */
function waitFor(tokens: number, perSecond: number): number {
  return tokens >= 1 - 1e-9 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
}
