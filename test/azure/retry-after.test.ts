import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { defaultLimits, retryAfter, waitBefore } from '../../src/azure/client/retry-rules.ts';

test.each(['-5', '0', ' 0 ', '-0.5', 'Mon, 01 Jan 2024 00:00:00 GMT', 'soon', '2020'.padStart(5, '-')])(
  'a Retry-After of `%s` asks for no wait, so the tries wait longer and longer by themselves',
  (value) => {
    const response = { headers: createHttpHeaders({ 'retry-after': value }), status: 429 } as never;
    expect(retryAfter(response)).toBeUndefined();
    for (let count = 0; count < defaultLimits.throttledTries; count += 1) {
      const least = Math.min(defaultLimits.longestWait, defaultLimits.firstWait * 2 ** count) / 2;
      expect(waitBefore(count, { response }, defaultLimits, true)).toBeGreaterThanOrEqual(least);
    }
    expect(waitBefore(defaultLimits.throttledTries, { response }, defaultLimits, true)).toBeUndefined();
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
