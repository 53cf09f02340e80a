/** How many calls a bucket holds when it is full, and how many it gains each second. */
export interface BucketSize {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What an answer says about the bucket. */
export interface Heard {
  /** Calls that are left, as the answer's header says. */
  readonly remaining?: number;
  /** Calls that are left to everybody together; says nothing when it is more than ours. */
  readonly remainingForAll?: number;
}

/** What is believed of one of Azure's token buckets. Times are milliseconds of one clock that never goes back. */
export interface TokenBucket {
  readonly inFlight: number;
  /** Milliseconds until a call may leave: 0 for now, Infinity for not before an answer comes. */
  wait(now: number): number;
  /** A call leaves. @returns its number, for the methods below. */
  leave(now: number): number;
  answered(call: number, now: number, heard: Heard): void;
  /** A call was answered 429, and nothing leaves for so many milliseconds. */
  refused(call: number, now: number, wait: number, heard: Heard): void;
  /** A call ended without an answer: whether it was counted is not known, so it was. */
  unanswered(call: number, now: number): void;
  /** Since when there was nothing but 429 for those who asked. */
  readonly shutSince: number | undefined;
}

/** So many calls find out how a bucket stands that was not heard of for a while: others may have emptied it. */
const scouts = 3;
const forgottenAfter = 10_000;
/**
 * Calls under way that a bucket has use for: four times as many as it gains tokens while one call takes, so that a full one is soon
 * used. More would be connections that stand idle afterwards, and that the other end may close just as they are used again.
 */
const ample = 4;
const leastUnderWay = 12;
/** Of its capacity, what is left to others who share the bucket, so that what they take between two answers costs us no 429. */
const leastReserve = 0.05;
const mostReserve = 0.3;
/** A 429 that the bucket does not explain: there is a limit that nobody told of. It is approached again by so much with each answer. */
const slower = 0.6;
const faster = 1.0015;
const slowest = 0.2;
/** For so many answers after such a 429, a header that says that much is left is not believed. */
const disbelief = 100;

/**
 * Counts as Azure does and believes Azure's own count where it tells one. An answer was counted before calls that left after it, and
 * perhaps after all that are under way: between these two lies what is left.
 */
export function tokenBucket({ capacity, perSecond }: BucketSize): TokenBucket {
  // By number, with when it left and how many calls had ended by then.
  const underWay = new Map<number, { readonly leftAt: number; readonly endedBefore: number }>();
  let [ended, latency] = [0, 0];
  const least = capacity * leastReserve;
  let [tokens, at, rate, reserve, heldUntil, heardAt] = [capacity, 0, perSecond, least, 0, Number.NEGATIVE_INFINITY];
  let [calls, window, doubts] = [0, scouts, 0];
  let lastHeard: number | undefined;
  let shutSince: number | undefined;

  const refill = (now: number): void => {
    if (now <= at) return;
    tokens = Math.min(capacity, tokens + ((now - at) / 1000) * rate);
    at = now;
  };
  const believe = (call: number, endedBefore: number, { remaining, remainingForAll = Number.POSITIVE_INFINITY }: Heard): void => {
    const left = Math.min(remaining ?? Number.POSITIVE_INFINITY, remainingForAll);
    if (left === Number.POSITIVE_INFINITY) return;
    lastHeard = left;
    let later = 0;
    for (const other of underWay.keys()) if (other > call) later += 1;
    const [fewest, most] = [left - underWay.size - (ended - endedBefore), left - later];
    if (tokens > most) tokens = most;
    else if (remaining !== undefined && doubts === 0 && tokens < fewest) tokens = Math.min(capacity, fewest);
  };
  const end = (call: number, now: number): number => {
    const { leftAt, endedBefore } = underWay.get(call) ?? { leftAt: now, endedBefore: ended };
    latency = latency === 0 ? now - leftAt : latency * 0.9 + (now - leftAt) * 0.1;
    if (underWay.delete(call)) ended += 1;
    return endedBefore;
  };
  const mostUnderWay = (): number => Math.max(leastUnderWay, Math.ceil(((ample * perSecond) / 1000) * latency));
  return {
    get inFlight() {
      return underWay.size;
    },
    get shutSince() {
      return shutSince;
    },
    wait(now) {
      refill(now);
      const idle = underWay.size === 0 && now - heardAt > forgottenAfter;
      if (underWay.size >= Math.min(idle ? scouts : window, mostUnderWay())) return Number.POSITIVE_INFINITY;
      return Math.max(0, heldUntil - now, ((reserve + 1 - tokens) / rate) * 1000);
    },
    leave(now) {
      refill(now);
      if (underWay.size === 0 && now - heardAt > forgottenAfter) window = scouts;
      tokens -= 1;
      calls += 1;
      underWay.set(calls, { leftAt: now, endedBefore: ended });
      return calls;
    },
    answered(call, now, heard) {
      refill(now);
      const endedBefore = end(call, now);
      [heardAt, shutSince] = [now, undefined];
      window = heard.remaining === undefined ? window + 1 : Number.POSITIVE_INFINITY;
      doubts = Math.max(0, doubts - 1);
      rate = Math.min(perSecond, rate * faster);
      reserve = Math.max(least, reserve * 0.998);
      believe(call, endedBefore, heard);
    },
    refused(call, now, wait, heard) {
      refill(now);
      const endedBefore = end(call, now);
      heardAt = now;
      const explained = (heard.remaining ?? lastHeard ?? Number.POSITIVE_INFINITY) < Math.max(2, reserve);
      believe(call, endedBefore, heard);
      if (now >= heldUntil) {
        shutSince = now - heldUntil > forgottenAfter ? now : (shutSince ?? now);
        reserve = Math.min(capacity * mostReserve, reserve + least);
        if (!explained) [rate, doubts] = [Math.max(perSecond * slowest, rate * slower), disbelief];
      }
      heldUntil = Math.max(heldUntil, now + wait);
      // When the wait is over one call finds out, and the others follow at the bucket's pace.
      [tokens, at] = [reserve + 1, heldUntil];
    },
    unanswered(call, now) {
      end(call, now);
    },
  };
}
