import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callKind, createThrottle } from '../../src/sandbox/throttle.ts';

function movable() {
  let now = 0;
  return {
    now: () => now,
    advance: (by: number) => {
      now += by;
    },
  };
}

test('never more calls than the bucket held at first and was filled with since', () => {
  const waits = fc.array(fc.nat(3000), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (steps, capacity, perSecond) => {
      const clock = movable();
      const throttle = createThrottle(clock, { writes: { capacity, perSecond } });
      let allowed = 0;
      for (const step of steps) {
        clock.advance(step);
        if (throttle.take('owner', 'writes').allowed) allowed += 1;
      }
      expect(allowed).toBeLessThanOrEqual(capacity + (clock.now() / 1000) * perSecond);
    }),
  );
});

test('who waits as long as Retry-After says is let through', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.05, max: 30, noNaN: true }), (capacity, perSecond) => {
      const clock = movable();
      const throttle = createThrottle(clock, { reads: { capacity, perSecond } });
      for (let n = 0; n < capacity; n++) expect(throttle.take('owner', 'reads').allowed).toBe(true);
      const refused = throttle.take('owner', 'reads');
      expect(refused.allowed).toBe(false);
      clock.advance(refused.retryAfter * 1000);
      expect(throttle.take('owner', 'reads').allowed).toBe(true);
    }),
  );
});

test('buckets are apart by owner and by kind, and start with the figures of Resource Manager', () => {
  const throttle = createThrottle(movable());
  expect(throttle.take('a', 'reads').remaining).toBe(249);
  expect(throttle.take('a', 'writes').remaining).toBe(199);
  expect(throttle.take('a', 'deletes').remaining).toBe(199);
  expect(throttle.take('b', 'reads').remaining).toBe(249);
  expect(['GET', 'PATCH', 'POST', 'DELETE'].map(callKind)).toEqual(['reads', 'writes', 'writes', 'deletes']);
});
