import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CallKind, callKind, createThrottle } from '../../src/sandbox/throttle.ts';

function movable() {
  let now = 0;
  return {
    now: () => now,
    advance: (by: number) => {
      now += by;
    },
  };
}

const owner = { principal: 'owner', subscription: 'one' };

test('never more calls than the bucket held at first and was filled with since', () => {
  const waits = fc.array(fc.nat(3000), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (steps, capacity, perSecond) => {
      const clock = movable();
      const throttle = createThrottle(clock, { writes: { capacity, perSecond } });
      let allowed = 0;
      for (const step of steps) {
        clock.advance(step);
        if (throttle.take(owner, 'writes').allowed) allowed += 1;
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
      for (let n = 0; n < capacity; n++) expect(throttle.take(owner, 'reads').allowed).toBe(true);
      const refused = throttle.take(owner, 'reads');
      expect(refused.allowed).toBe(false);
      clock.advance(refused.retryAfter * 1000);
      expect(throttle.take(owner, 'reads').allowed).toBe(true);
    }),
  );
});

test('buckets are apart by subscription, by principal and by kind, and start with the figures of Resource Manager', () => {
  const throttle = createThrottle(movable());
  const left = (principal: string, subscription: string | undefined, kind: CallKind) =>
    throttle.take({ principal, ...(subscription !== undefined && { subscription }) }, kind).remaining;
  expect([left('a', 's', 'reads'), left('a', 's', 'writes'), left('a', 's', 'deletes')]).toEqual([249, 199, 199]);
  expect([left('b', 's', 'reads'), left('a', 't', 'reads'), left('a', undefined, 'reads')]).toEqual([249, 249, 249]);
  expect(left('a', 's', 'reads')).toBe(248);
  expect(['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'].map(callKind)).toEqual([
    'reads',
    'reads',
    'writes',
    'writes',
    'writes',
    'deletes',
  ]);
});

test('all principals of a subscription together have fifteen times as much, and the tenant has no such bucket', () => {
  const throttle = createThrottle(movable(), { writes: { capacity: 2, perSecond: 1 } });
  const taken = Array.from({ length: 16 }, (_, n) => throttle.take({ principal: `p${n}`, subscription: 's' }, 'writes'));
  expect(taken.map(({ remainingForAll }) => remainingForAll).slice(0, 2)).toEqual([29, 28]);
  const second = Array.from({ length: 15 }, (_, n) => throttle.take({ principal: `p${n}`, subscription: 's' }, 'writes'));
  expect(second.filter(({ allowed }) => allowed)).toHaveLength(14);
  // The last one had a call left of its own, and keeps it.
  expect(second.at(-1)).toEqual({ allowed: false, remaining: 1, remainingForAll: 0, retryAfter: 1 });
  expect(throttle.take({ principal: 'p14', subscription: 't' }, 'writes').remainingForAll).toBe(29);
  expect(throttle.take({ principal: 'p14' }, 'writes').remainingForAll).toBeUndefined();
});

test('a call that is refused takes no token, however often it is tried', () => {
  const clock = movable();
  const throttle = createThrottle(clock, { reads: { capacity: 1, perSecond: 1 } });
  throttle.take(owner, 'reads');
  for (let n = 0; n < 50; n++) {
    clock.advance(10);
    expect(throttle.take(owner, 'reads').allowed).toBe(false);
  }
  clock.advance(500);
  expect(throttle.take(owner, 'reads').allowed).toBe(true);
  expect(throttle.refused).toBe(50);
});
