import type { SandboxClock } from './state.ts';

/** A token bucket: how many calls at once, and how many more each second. */
interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

export type CallKind = 'reads' | 'writes' | 'deletes';
export type ThrottleSettings = Partial<Readonly<Record<CallKind, Bucket>>>;

/** Resource Manager's own figures. */
const defaults: Readonly<Record<CallKind, Bucket>> = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
};

interface Taken {
  readonly allowed: boolean;
  /** Whole calls left in the bucket. */
  readonly remaining: number;
  /** Seconds until a call is left again; 0 when allowed. */
  readonly retryAfter: number;
}

export interface Throttle {
  /** Takes one call out of the bucket of `owner`, such as a subscription and a principal. */
  take(owner: string, kind: CallKind): Taken;
  readonly refused: number;
}

export function callKind(method: string): CallKind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

/** Buckets fill with sandbox time, so moving the clock fills them. */
export function createThrottle(clock: SandboxClock, settings: ThrottleSettings = {}): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let refused = 0;
  return {
    get refused() {
      return refused;
    },
    take(owner, kind) {
      const { capacity, perSecond } = settings[kind] ?? defaults[kind];
      const key = `${kind} ${owner}`;
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: capacity, at: now };
      const tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      // A hair below one is one: the wait that Retry-After names must not fail for rounding.
      const allowed = tokens >= 1 - 1e-9;
      const left = allowed ? Math.max(0, tokens - 1) : tokens;
      buckets.set(key, { tokens: left, at: now });
      if (!allowed) refused += 1;
      return { allowed, remaining: Math.floor(left), retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - left) / perSecond)) };
    },
  };
}
