import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { azureTime } from '../../src/azure/azure-time.ts';

const noon = Date.parse('2026-11-24T12:00:00Z');
const minute = 60_000;

/** What is made of answers that Azure stamped so much later than this machine sent the request. */
function skewAfter(...dates: readonly (string | undefined)[]): number {
  let now = noon;
  const time = azureTime(() => now);
  for (const date of dates) {
    const answered = time.sent();
    now += 300;
    answered(date);
  }
  return time.skew;
}

const at = (milliseconds: number) => new Date(noon + milliseconds).toUTCString();

describe("Azure's time", () => {
  test('is that of this machine as long as the way of the answers explains the difference', () => {
    expect(skewAfter(at(0), at(0), at(0), undefined)).toBe(0);
    expect(azureTime(() => noon).skew).toBe(0);
  });

  test.each([-20, 20, -600])('is told by the answers where the clock here is wrong: %i minutes', (minutes) => {
    expect(Math.abs(skewAfter(at(minutes * minute)) - minutes * minute)).toBeLessThanOrEqual(1300);
  });

  test('of several answers is the one by which least time has passed', () => {
    expect(skewAfter(at(20 * minute), at(-5 * minute), at(0))).toBeLessThan(-4 * minute);
    expect(skewAfter(at(20 * minute), at(0))).toBe(0);
    expect(skewAfter(at(20 * minute), undefined)).toBe(0);
  });

  test.each([
    undefined,
    '',
    'yesterday',
    '2026-11-24T18:00:00Z',
    '1795521600000',
    'Tue, 24 Nov 2026 18:00:00',
    'Tue, 24 Nov 2026 18:00:00 PST',
    'Tue, 99 Nov 2026 18:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
    at(48 * 60 * minute),
  ])('is not told by %j', (date) => {
    expect(skewAfter(date)).toBe(0);
  });

  test('never makes anything older than it is by the clock here or by any answer', () => {
    const dates = fc.array(fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.constant(undefined)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(dates, (offsets) => {
        const skew = skewAfter(...offsets.map((offset) => (offset === undefined ? undefined : at(offset))));
        for (const offset of offsets)
          expect(skew).toBeLessThanOrEqual(offset === undefined || offset > 86_400_000 ? 0 : Math.max(offset, 0));
      }),
    );
  });
});
