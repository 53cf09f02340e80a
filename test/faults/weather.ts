import { createHash } from 'node:crypto';
import type { FaultAction } from '../../src/sandbox/faults.ts';

const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!DOCTYPE html><html><body><h2>Our services are not available right now</h2></body></html>';
const soon = { 'retry-after-ms': '30' };
const busy = { error: { code: 'ServiceUnavailable', message: 'The service is busy.' } };

type Kinds = readonly ((afterwards: boolean) => FaultAction)[];

const throttled: Kinds = [
  () => ({ kind: 'answer', status: 429, headers: { ...html, ...soon }, body: page }),
  () => ({
    kind: 'answer',
    status: 429,
    headers: soon,
    body: { error: { code: 'SubscriptionRequestsThrottled', message: 'Too many requests.' } },
  }),
  () => ({ kind: 'answer', status: 429 }),
];
const failing: Kinds = [
  (afterwards) => ({ kind: 'answer', status: 500, body: { Message: 'An error has occurred.' }, afterwards }),
  (afterwards) => ({ kind: 'answer', status: 502, headers: html, body: page, afterwards }),
  () => ({ kind: 'answer', status: 503, headers: soon, body: busy }),
  (afterwards) => ({ kind: 'answer', status: 504, body: busy, afterwards }),
];
const resets: Kinds = [(afterwards) => ({ kind: 'reset', afterwards })];
const hangs: Kinds = [(afterwards) => ({ kind: 'hang', afterwards })];
const wrong: Kinds = [
  () => ({ kind: 'cut' }),
  (afterwards) => ({ kind: 'answer', status: 200, headers: html, body: page, afterwards }),
  (afterwards) => ({ kind: 'answer', status: 200, afterwards }),
  (afterwards) => ({ kind: 'answer', status: 200, body: {}, afterwards }),
  () => ({ kind: 'answer', status: 200, body: { value: null } }),
  () => ({ kind: 'answer', status: 200, body: [] }),
];

/** Of all calls: 5 % throttled, 2 % failing, 1 % reset, half a percent without an answer, 1 % with a wrong body. */
const mix: readonly (readonly [share: number, kinds: Kinds])[] = [
  [0.05, throttled],
  [0.02, failing],
  [0.01, resets],
  [0.005, hangs],
  [0.01, wrong],
];

/** What a run meets: the same for the same seed and number of the run. */
export interface Weather {
  /** What happens to the n-th call of an operation; mostly nothing. */
  readonly meet: (operation: string, n: number) => FaultAction | undefined;
  /** Delays in sandbox milliseconds, from none to minutes. */
  readonly delays: { readonly listingLag: number; readonly roleReplication: number; readonly assignmentPropagation: number };
}

export function weatherOf(seed: number, run: number): Weather {
  const draw = (...about: readonly (string | number)[]) => share([seed, run, ...about].join(' '));
  const minutes = (name: string, most: number) => (draw(name, 'any') < 0.5 ? 0 : Math.round(draw(name) * most * 60_000));
  return {
    meet(operation, n) {
      let left = draw(operation, n);
      for (const [part, kinds] of mix) {
        if (left < part) return kinds[Math.floor(draw(operation, n, 'kind') * kinds.length)]?.(draw(operation, n, 'afterwards') < 0.5);
        left -= part;
      }
      return undefined;
    },
    delays: {
      listingLag: minutes('listing', 8),
      roleReplication: minutes('roles', 2),
      assignmentPropagation: minutes('assignments', 9),
    },
  };
}

/** From 0 to 1, the same for the same text. */
function share(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
