import { type Heard, type TokenBucket, tokenBucket } from './token-bucket.ts';
import { type Bucket, sizeOf } from './which-bucket.ts';

/** Time as it passes for a run: never back, whatever the clock on the wall does. */
export interface Pace {
  /** Milliseconds. */
  now(): number;
  /** @returns what calls it off. */
  after(milliseconds: number, run: () => void): () => void;
}

const realPace: Pace = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** How a call that had its turn ended; `refused` is 429, after which nothing of its bucket leaves for so many milliseconds. */
type CallEnd =
  | ({ readonly kind: 'answered' } & Heard)
  | ({ readonly kind: 'refused'; readonly wait: number } & Heard)
  | { readonly kind: 'unanswered' };

/** The place of one request in the queue of its bucket, through all of its tries. */
export interface Place {
  /** Waits until a try may leave. @throws the signal's reason when it is aborted meanwhile; the place is then free for the next. */
  turn(signal?: AbortSignal): Promise<void>;
  /** The try ended. */
  ended(end: CallEnd): void;
  /** Since when Azure has answered nothing but 429 to this bucket, in milliseconds of the governor's time. */
  readonly shutSince: number | undefined;
}

/** Decides when requests leave. There is one for each security principal, since Azure counts by them. */
export interface Governor {
  /** Milliseconds of its own time. */
  readonly now: () => number;
  place(bucket: Bucket, ahead: boolean): Place;
}

interface Waiting {
  readonly ticket: number;
  readonly go: () => void;
}

interface Queue {
  readonly bucket: TokenBucket;
  /** Those who go ahead, and the others. */
  readonly lanes: readonly [Waiting[], Waiting[]];
  callOff?: (() => void) | undefined;
}

/**
 * Each bucket has a queue of its own: who came first leaves first, and within the bucket's means. Over all of them there is only a
 * ceiling, and no bucket takes more of it than it leaves free, so that one that hangs does not keep the others from working.
 * @param ceiling requests under way at once, at least 1
 */
export function createGovernor(ceiling: number, pace: Pace = realPace): Governor {
  const queues = new Map<string, Queue>();
  let tickets = 0;
  const underWay = () => [...queues.values()].reduce((sum, { bucket }) => sum + bucket.inFlight, 0);

  const pump = (queue: Queue): void => {
    queue.callOff?.();
    queue.callOff = undefined;
    for (let lane = nextLane(queue); lane !== undefined; lane = nextLane(queue)) {
      if (queue.bucket.inFlight >= ceiling - underWay()) return;
      const wait = queue.bucket.wait(pace.now());
      if (wait > 0) {
        if (wait < Number.POSITIVE_INFINITY)
          queue.callOff = pace.after(Math.ceil(wait), () => {
            pump(queue);
          });
        return;
      }
      lane.shift()?.go();
    }
  };
  /** Those with the fewest under way come first. */
  const pumpAll = (): void => {
    const waiting = [...queues.values()].filter((queue) => nextLane(queue) !== undefined);
    for (const queue of waiting.sort((a, b) => a.bucket.inFlight - b.bucket.inFlight)) pump(queue);
  };
  const queueOf = ({ key, kind }: Bucket): Queue => {
    const made = queues.get(key) ?? { bucket: tokenBucket(sizeOf(kind)), lanes: [[], []] };
    queues.set(key, made);
    return made;
  };
  return {
    now: () => pace.now(),
    place(named, ahead) {
      const queue = queueOf(named);
      const { bucket } = queue;
      const lane = queue.lanes[ahead ? 0 : 1];
      tickets += 1;
      const ticket = tickets;
      let call = 0;
      return {
        get shutSince() {
          return bucket.shutSince;
        },
        turn: (signal) =>
          new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            const stop = (): void => {
              lane.splice(lane.indexOf(waiting), 1);
              reject(signal?.reason as Error);
              pump(queue);
            };
            const go = (): void => {
              signal?.removeEventListener('abort', stop);
              call = bucket.leave(pace.now());
              resolve();
            };
            const waiting = { ticket, go };
            signal?.addEventListener('abort', stop, { once: true });
            enqueue(lane, waiting);
            pump(queue);
          }),
        ended(end) {
          const now = pace.now();
          if (end.kind === 'answered') bucket.answered(call, now, end);
          else if (end.kind === 'refused') bucket.refused(call, now, end.wait, end);
          else bucket.unanswered(call, now);
          pumpAll();
        },
      };
    },
  };
}

function nextLane({ lanes }: Queue): Waiting[] | undefined {
  return lanes.find((lane) => lane.length > 0);
}

/** A request that comes back after a 429 keeps its place: it came before nearly all who wait. */
function enqueue(lane: Waiting[], waiting: Waiting): void {
  const later = (lane.at(-1)?.ticket ?? 0) > waiting.ticket ? lane.findIndex(({ ticket }) => ticket > waiting.ticket) : lane.length;
  lane.splice(later, 0, waiting);
}
