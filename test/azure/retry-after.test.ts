import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { defaultLimits, holdAfter, retryAfter, waitBefore } from '../../src/azure/client/retry-rules.ts';

test.each(['-5', '0', ' 0 ', '-0.5', 'Mon, 01 Jan 2024 00:00:00 GMT', 'soon', '2020'.padStart(5, '-')])(
  'a Retry-After of `%s` asks for no wait, so the tries wait longer and longer by themselves',
  (value) => {
    const response = { headers: createHttpHeaders({ 'retry-after': value }), status: 429 } as never;
    expect(retryAfter(response)).toBeUndefined();
    for (let count = 0; count < 12; count += 1) {
      const least = Math.min(defaultLimits.longestWait, defaultLimits.firstWait * 2 ** count) / 2;
      expect(holdAfter(count, response, defaultLimits)).toBeGreaterThanOrEqual(least);
    }
  },
);

test('a wait of no milliseconds leaves the word to the header after it', () => {
  expect(retryAfter({ headers: createHttpHeaders({ 'retry-after-ms': '0', 'retry-after': '7' }) })).toBe(7000);
});

test('a Retry-After that asks for a wait is obeyed, in seconds and as a date', () => {
  expect(retryAfter({ headers: createHttpHeaders({ 'retry-after': '7' }) })).toBe(7000);
  const date = new Date(Date.now() + 3600_000).toUTCString();
  expect(retryAfter({ headers: createHttpHeaders({ 'retry-after': date }) })).toBeGreaterThan(3500_000);
});

test('a service that says that it is busy is asked again as often as it may be, and not when it asks for too long a wait', () => {
  const busy = (seconds: string) => ({ response: { headers: createHttpHeaders({ 'retry-after': seconds }), status: 503 } as never });
  expect(waitBefore(defaultLimits.busyTries - 1, busy('7'), defaultLimits, false)).toBe(7000);
  expect(waitBefore(defaultLimits.busyTries, busy('7'), defaultLimits, false)).toBeUndefined();
  expect(waitBefore(0, busy('3600'), defaultLimits, false)).toBeUndefined();
});
