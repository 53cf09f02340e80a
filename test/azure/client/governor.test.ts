import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGovernor, type Place } from '../../../src/azure/client/governor.ts';
import { goesAhead, heardOf, whichBucket } from '../../../src/azure/client/which-bucket.ts';
import { type Done, send, simulatedBucket, simulatedPace } from './simulated-azure.ts';

const arm = (path: string) => new URL(`https://management.azure.com${path}`);
const bucketOf = (subscription: string, method = 'PUT') => whichBucket('resourceManager', method, arm(`/subscriptions/${subscription}/x`));

/** A fair way to draw numbers from a seed, for what happens during a run. */
function drawn(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const loads = fc.record({
  seed: fc.nat(),
  calls: fc.integer({ min: 400, max: 800 }),
  level: fc.oneof(fc.constant(200), fc.integer({ min: 0, max: 200 })),
  least: fc.integer({ min: 10, max: 300 }),
  jitter: fc.integer({ min: 0, max: 1000 }),
});

type LoadOf<T> = T extends fc.Arbitrary<infer U> ? U : never;

/** Plays one load against one bucket, with a client beside it that knows nothing of us and takes `share` of what the bucket gains. */
async function play(
  { seed, calls, level, least, jitter }: LoadOf<typeof loads>,
  rival?: { readonly share: number; readonly burst: number },
) {
  const [pace, random] = [simulatedPace(), drawn(seed)];
  const bucket = simulatedBucket(pace, { level });
  const load = { governor: createGovernor(256, pace), pace, subscription: 'a', calls, bucket, latency: () => least + random() * jitter };
  const done = send(load);
  const comes = (): void => {
    if (rival === undefined || done.finished === calls) return;
    for (let left = Math.ceil(random() * rival.burst); left > 0; left -= 1) bucket.take();
    pace.after(((-Math.log(1 - random()) * (rival.burst + 1)) / 2 / (rival.share * 10)) * 1000, comes);
  };
  comes();
  await pace.run();
  // The first call that learns and the last one that is waited for are no fault of the pace.
  const seconds = Math.max(0, done.endedAt - 2 * (least + jitter)) / 1000;
  return { done, refused: done.refused / done.sent, used: bucket.taken / (level + 10 * seconds) };
}

describe('many calls into one bucket of Azure', () => {
  test('use at least nine tenths of what it allows, and at most one in a hundred is answered 429, however full it is and however long calls take', async () => {
    await fc.assert(
      fc.asyncProperty(loads, async (load) => {
        const { done, refused, used } = await play(load);
        expect(done.finished).toBe(load.calls);
        expect(refused).toBeLessThanOrEqual(0.01);
        expect(used).toBeGreaterThanOrEqual(0.9);
      }),
      { numRuns: 15 },
    );
  });
  test('give way to another client of the same bucket, and together they use it', async () => {
    const rivals = fc.record({ share: fc.double({ min: 0.05, max: 0.5, noNaN: true }), burst: fc.integer({ min: 1, max: 10 }) });
    await fc.assert(
      fc.asyncProperty(loads, rivals, async (load, rival) => {
        const { done, refused, used } = await play(load, rival);
        expect(done.finished).toBe(load.calls);
        expect(refused).toBeLessThanOrEqual(0.015);
        expect(used).toBeGreaterThanOrEqual(0.9);
      }),
      { numRuns: 15 },
    );
  });
  test('find the pace of a limit that no header tells of', async () => {
    const [pace, random] = [simulatedPace(), drawn(7)];
    const bucket = simulatedBucket(pace, { perSecond: 5 });
    const done = send({
      ...{ governor: createGovernor(256, pace), pace, subscription: 'a', calls: 2000, bucket, tells: false },
      latency: () => 20 + random() * 500,
    });
    await pace.run();
    expect(done.finished).toBe(2000);
    expect(done.refused / done.sent).toBeLessThanOrEqual(0.02);
    expect(bucket.taken / (200 + (5 * done.endedAt) / 1000)).toBeGreaterThanOrEqual(0.9);
  });
});

test('the longer calls take, the more of them are under way', async () => {
  const most = async (latency: number): Promise<number> => {
    const pace = simulatedPace();
    let [now, peak] = [0, 0];
    const onFlight = (change: number): void => {
      now += change;
      peak = Math.max(peak, now);
    };
    const load = { governor: createGovernor(1000, pace), pace, subscription: 'a', calls: 400, bucket: simulatedBucket(pace), onFlight };
    send({ ...load, latency: () => latency });
    await pace.run();
    return peak;
  };
  expect(await most(150)).toBeLessThanOrEqual(12);
  const slow = await most(2_000);
  expect(slow).toBeGreaterThanOrEqual(20);
  expect(slow).toBeLessThanOrEqual(80);
});

describe('several subscriptions', () => {
  const sender = (ceiling?: number) => {
    const pace = simulatedPace();
    const governor = createGovernor(ceiling ?? 256, pace);
    let [now, most] = [0, 0];
    const onFlight = (change: number): void => {
      now += change;
      most = Math.max(most, now);
    };
    const to = (subscription: string, calls: number, latency: number, perSecond = 10): Done => {
      const size = perSecond === 10 ? {} : { capacity: 1, perSecond, level: 0 };
      return send({ governor, pace, subscription, calls, bucket: simulatedBucket(pace, size), latency: () => latency, onFlight });
    };
    return { pace, to, most: () => most };
  };
  test('do not slow each other: one that is shut, one that hangs and one at work', async () => {
    const alone = sender();
    const undisturbed = alone.to('c', 300, 150);
    await alone.pace.run();
    const { pace, to } = sender();
    to('a', 40, 150, 0.5);
    to('b', 400, 30_000);
    await pace.run(5_000);
    const began = pace.now();
    const done = to('c', 300, 150);
    await pace.run();
    expect(done.endedAt - began).toBeLessThanOrEqual(undisturbed.endedAt * 1.01);
  });
  test('have no more under way than the ceiling, all together', async () => {
    const count = fc.integer({ min: 1, max: 8 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), count, async (ceiling, subscriptions) => {
        const { pace, to, most } = sender(ceiling);
        const done = Array.from({ length: subscriptions }, (_, n) => to(`s${n}`, 30, 50 + n * 100));
        await pace.run();
        expect(most()).toBeLessThanOrEqual(ceiling);
        expect(done.map(({ finished }) => finished)).toEqual(done.map(() => 30));
      }),
      { numRuns: 20 },
    );
  });
});

/** A governor whose places write down when they have their turn. */
function bench(ceiling = 256) {
  const pace = simulatedPace();
  const governor = createGovernor(ceiling, pace);
  const turns: string[] = [];
  const come = (
    name: string,
    { ahead = false, method = 'PUT', signal }: { ahead?: boolean; method?: string; signal?: AbortSignal } = {},
  ): Place => {
    const place = governor.place(bucketOf('a', method), ahead);
    place.turn(signal).then(
      () => turns.push(name),
      (error: unknown) => turns.push(`${name}: ${(error as Error).message}`),
    );
    return place;
  };
  return { pace, turns, come };
}

describe('a call that waits for its turn', () => {
  test('leaves in the order of coming, behind those that go ahead, and keeps its place after a 429', async () => {
    const { pace, turns, come } = bench(1);
    const first = come('first');
    come('second');
    come('third');
    const urgent = come('urgent', { ahead: true });
    await pace.run(0);
    first.ended({ kind: 'refused', wait: 1000 });
    first.turn().then(
      () => turns.push('first again'),
      () => undefined,
    );
    await pace.run(999);
    expect(turns).toEqual(['first']);
    await pace.run();
    expect([...turns]).toEqual(['first', 'urgent']);
    urgent.ended({ kind: 'answered', remaining: 50 });
    await pace.run();
    expect(turns).toEqual(['first', 'urgent', 'first again']);
    first.ended({ kind: 'answered', remaining: 49 });
    await pace.run();
    expect(turns).toEqual(['first', 'urgent', 'first again', 'second']);
  });
  test('is over at once when the run is asked to stop, and its place is free for the next', async () => {
    const { pace, turns, come } = bench(1);
    const stop = new AbortController();
    const first = come('first');
    come('second', { signal: stop.signal });
    come('third');
    await pace.run(0);
    stop.abort(new Error('interrupted'));
    await pace.run(0);
    expect(turns).toEqual(['first', 'second: interrupted']);
    come('too late', { signal: stop.signal });
    first.ended({ kind: 'answered' });
    await pace.run();
    expect(turns).toEqual(['first', 'second: interrupted', 'too late: interrupted', 'third']);
  });
  test('waits as long as Azure asks, with all of its bucket and nobody else, and one goes first to see', async () => {
    const { pace, turns, come } = bench();
    const first = come('write');
    await pace.run(0);
    first.ended({ kind: 'refused', wait: 30_000, remaining: 0 });
    for (const name of ['one', 'two', 'three']) come(name);
    come('read', { method: 'GET' });
    await pace.run(29_999);
    expect(turns).toEqual(['write', 'read']);
    await pace.run(30_000);
    expect(turns).toEqual(['write', 'read', 'one']);
    await pace.run(30_101);
    expect(turns).toEqual(['write', 'read', 'one', 'two']);
  });
  test('is not kept by three that find out how a bucket stands when one of them gets no answer', async () => {
    const { pace, turns, come } = bench();
    const [hangs] = ['1', '2', '3', '4', '5'].map((name) => come(name));
    await pace.run(0);
    expect(turns).toEqual(['1', '2', '3']);
    hangs?.ended({ kind: 'unanswered' });
    await pace.run(0);
    expect(turns).toEqual(['1', '2', '3', '4']);
  });
});

describe('what answers say of their bucket', () => {
  const heard = (headers: Record<string, string>) => heardOf(bucketOf('a'), { get: (name) => headers[name] });
  const name = 'x-ms-ratelimit-remaining-subscription-writes';
  test('is taken from the headers of that kind of call', () => {
    expect(heard({ [name]: '12', 'x-ms-ratelimit-remaining-subscription-reads': '3' })).toEqual({ remaining: 12 });
    expect(heard({ [name]: '12', 'x-ms-ratelimit-remaining-subscription-global-writes': '2999' })).toEqual({
      remaining: 12,
      remainingForAll: 2999,
    });
    const tenant = whichBucket('resourceManager', 'GET', arm('/subscriptions'));
    expect(heardOf(tenant, { get: (asked) => (asked === 'x-ms-ratelimit-remaining-tenant-reads' ? '7' : undefined) })).toEqual({
      remaining: 7,
    });
  });
  test.each([
    '',
    'NaN',
    '-1',
    '1e300',
    '1.5',
    '0x10',
    '199, 198',
    '199;w=1',
    'Microsoft.Compute/LowCostGet;107',
    '99999999999999999999',
    ' 1',
  ])('is nothing when it is no whole number of calls: `%s`', (value) => {
    expect(heard({ [name]: value })).toEqual({});
  });
  test('is believed when all principals together have fewer calls left than the caller alone', async () => {
    const { pace, turns, come } = bench();
    const first = come('first');
    await pace.run(0);
    first.ended({ kind: 'answered', remaining: 199, remainingForAll: 0 });
    come('second');
    await pace.run(100);
    expect(turns).toEqual(['first']);
    await pace.run();
    expect(turns).toEqual(['first', 'second']);
  });
});

describe('the bucket of a call', () => {
  const key = (method: string, path: string) => whichBucket('resourceManager', method, arm(path)).key;
  test('is one for each subscription, however it is written, and for each kind of call', () => {
    expect(key('GET', '/subscriptions/AA/resourceGroups/x')).toBe(key('HEAD', '//Subscriptions//aa?api-version=1'));
    const kinds = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'].map((method) => key(method, '/subscriptions/aa'));
    expect(new Set(kinds).size).toBe(3);
    expect(key('GET', '/subscriptions/bb')).not.toBe(key('GET', '/subscriptions/aa'));
  });
  test('is the tenant’s outside of subscriptions, and Graph’s own', () => {
    expect(key('GET', '/subscriptions')).toBe(key('GET', '/providers/Microsoft.Management/managementGroups/mg'));
    expect(whichBucket('graph', 'GET', new URL('https://graph.microsoft.com/v1.0/me')).key).not.toBe(key('GET', '/subscriptions'));
  });
  test('lets flips, lists of a whole subscription and what a write asks about itself go ahead', () => {
    const vault = arm('/subscriptions/aa/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv');
    const list = arm('/subscriptions/aa/providers/Microsoft.Authorization/roleAssignments');
    const asked = [goesAhead('PATCH', vault, true), goesAhead('GET', list, false), goesAhead('GET', vault, true)];
    expect(asked).toEqual([true, true, true]);
    expect([goesAhead('GET', vault, false), goesAhead('PUT', vault, true), goesAhead('PUT', list, true)]).toEqual([false, false, false]);
  });
});
