import type { FaultAction } from '../../src/sandbox/faults.ts';

const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!DOCTYPE html><html><body><h2>Our services are not available right now</h2></body></html>';

/** What can happen to a call that ends for good, one call later. */
const passing: Readonly<Record<string, FaultAction>> = {
  'connection reset before it was carried out': { kind: 'reset' },
  'connection reset after it was carried out': { kind: 'reset', afterwards: true },
  'half a body': { kind: 'cut' },
  'a page instead of an answer': { kind: 'answer', status: 200, headers: html, body: page },
  'a page instead of an answer, after it was carried out': { kind: 'answer', status: 200, headers: html, body: page, afterwards: true },
  'an HTML 429 with Retry-After': { kind: 'answer', status: 429, headers: { ...html, 'retry-after': '1' }, body: page },
  'a 429 without a header': { kind: 'answer', status: 429 },
  'a 500 without an envelope': { kind: 'answer', status: 500, body: { Message: 'An error has occurred.' } },
  'a 500 without an envelope, after it was carried out': {
    kind: 'answer',
    status: 500,
    body: { Message: 'An error has occurred.' },
    afterwards: true,
  },
  'an empty 500': { kind: 'answer', status: 500 },
  'an empty 200': { kind: 'answer', status: 200 },
  'an empty object': { kind: 'answer', status: 200, body: {} },
  'a list that is null': { kind: 'answer', status: 200, body: { value: null } },
  'a bare list': { kind: 'answer', status: 200, body: [] },
  'a redirect to a sign-in page': { kind: 'answer', status: 302, headers: { location: 'https://127.0.0.1:9/' } },
  'a 404 of a proxy': { kind: 'answer', status: 404, headers: html, body: page },
  'a 403': { kind: 'answer', status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
  'a call that hangs': { kind: 'hang' },
  'a call that hangs after it was carried out': { kind: 'hang', afterwards: true },
};

export interface FaultCase {
  readonly operation: string;
  readonly what: string;
  readonly action: FaultAction;
  /** The n-th call of the operation, counted from the start of the run. */
  readonly nth: number;
  /** How many calls in a row. */
  readonly times: number;
}

/** Every operation with everything that can happen to it, at its first call and at a later one, once and for ever. */
export function faultCases(operations: Readonly<Record<string, number>>, later: (calls: number) => number): readonly FaultCase[] {
  return Object.entries(operations).flatMap(([operation, calls]) =>
    Object.entries(passing).flatMap(([what, action]) => [
      { operation, what, action, nth: 1, times: 1 },
      ...(calls > 1 ? [{ operation, what, action, nth: later(calls), times: 1 }] : []),
      { operation, what, action, nth: 1, times: 1_000_000 },
    ]),
  );
}
