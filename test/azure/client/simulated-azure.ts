import type { Governor, Pace } from '../../../src/azure/client/governor.ts';
import { whichBucket } from '../../../src/azure/client/which-bucket.ts';

export interface SimulatedPace extends Pace {
  /** Lets time pass, from one event to the next, until nothing is left to happen or `until` is over. */
  run(until?: number): Promise<void>;
}

/** Time that passes only when nothing is left to do. */
export function simulatedPace(): SimulatedPace {
  let now = 0;
  let made = 0;
  const events = new Map<number, { readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    after(milliseconds, run) {
      made += 1;
      const id = made;
      events.set(id, { at: now + Math.max(0, milliseconds), run });
      return () => events.delete(id);
    },
    async run(until = Number.POSITIVE_INFINITY) {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        let next: [number, { readonly at: number; readonly run: () => void }] | undefined;
        for (const event of events) if (next === undefined || event[1].at < next[1].at) next = event;
        if (next === undefined || next[1].at > until) return;
        events.delete(next[0]);
        now = next[1].at;
        next[1].run();
      }
    },
  };
}

export interface SimulatedBucket {
  /** Takes a call. */
  take(): { readonly allowed: boolean; readonly remaining: number; readonly retryAfter: number };
  /** Calls that were let through, and calls that could have been, if somebody had asked as soon as there was a token. */
  readonly taken: number;
}

/** A token bucket as Resource Manager documents it. */
export function simulatedBucket(
  pace: Pace,
  { capacity = 200, perSecond = 10, level = capacity }: { capacity?: number; perSecond?: number; level?: number } = {},
): SimulatedBucket {
  let [tokens, at, taken] = [level, pace.now(), 0];
  return {
    get taken() {
      return taken;
    },
    take() {
      const now = pace.now();
      tokens = Math.min(capacity, tokens + ((now - at) / 1000) * perSecond);
      at = now;
      const allowed = tokens >= 1;
      if (allowed) {
        tokens -= 1;
        taken += 1;
      }
      return { allowed, remaining: Math.floor(tokens), retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond)) };
    },
  };
}

export interface Load {
  readonly governor: Governor;
  readonly pace: Pace;
  readonly subscription: string;
  readonly calls: number;
  readonly bucket: SimulatedBucket;
  /** Milliseconds that the next call takes. */
  readonly latency: () => number;
  /** Whether answers tell what is left. */
  readonly tells?: boolean;
  readonly onFlight?: (change: 1 | -1) => void;
}

export interface Done {
  sent: number;
  refused: number;
  finished: number;
  endedAt: number;
}

/** Sends all calls of a load at once, each again until it is let through, as the pipeline does. */
export function send({ governor, pace, subscription, calls, bucket, latency, tells = true, onFlight = () => undefined }: Load): Done {
  const done: Done = { sent: 0, refused: 0, finished: 0, endedAt: 0 };
  const named = whichBucket('resourceManager', 'PUT', new URL(`https://arm/subscriptions/${subscription}/resourceGroups/x`));
  const pause = (milliseconds: number) => new Promise<void>((resolve) => pace.after(milliseconds, resolve));
  const one = async (): Promise<void> => {
    const place = governor.place(named, false);
    for (;;) {
      await place.turn();
      onFlight(1);
      done.sent += 1;
      const time = latency();
      await pause(time / 2);
      const { allowed, remaining, retryAfter } = bucket.take();
      await pause(time / 2);
      onFlight(-1);
      const heard = tells ? { remaining } : {};
      if (allowed) {
        place.ended({ kind: 'answered', ...heard });
        done.finished += 1;
        done.endedAt = pace.now();
        return;
      }
      done.refused += 1;
      place.ended({ kind: 'refused', wait: retryAfter * 1000, ...heard });
    }
  };
  for (let n = 0; n < calls; n += 1) void one();
  return done;
}
