import { describe, expect, test } from 'vitest';
import { guid, subscription, subscriptionScope, vaultId } from './facts.ts';
import { type Reply, refusal, scriptedAzure } from './scripted-azure.ts';

const good: Reply = { json: { value: [{ id: 'x' }] } };
const html429: Reply = { status: 429, text: 'Too many requests' };

/** Answers one after the other, then the last one again and again. */
function inTurn(...replies: readonly Reply[]) {
  let turn = 0;
  return () => {
    turn += 1;
    return replies[Math.min(turn, replies.length) - 1] ?? {};
  };
}

describe('a request that is throttled', () => {
  const throttled: [string, Reply][] = [
    ['with Retry-After in seconds', { ...html429, headers: { 'retry-after': '0' } }],
    ['with Retry-After as a date', { ...html429, headers: { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' } }],
    ['with milliseconds', { ...refusal(429, 'TooManyRequests', 'wait'), headers: { 'x-ms-retry-after-ms': '5' } }],
    ['without saying how long', html429],
    ['with a Retry-After that means nothing', { ...html429, headers: { 'retry-after': 'soon' } }],
    ['with an empty body', { status: 429 }],
    ['with 503', { status: 503, headers: { 'retry-after': '0' } }],
  ];
  test.each(throttled)('is sent again: %s', async (_, reply) => {
    const { resources, asked } = await scriptedAzure(inTurn(reply, reply, good));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: [{ id: 'x' }] });
    expect(asked).toHaveLength(3);
  });
  test('is sent again many times, since throttling passes', async () => {
    const replies = Array.from({ length: 10 }, () => html429);
    const { directory } = await scriptedAzure(inTurn(...replies, { json: { value: [{ id: guid(1) }] } }), { limits: { longestWait: 2 } });
    expect((await directory.objectsByIds([guid(1)])).state).toBe('read');
  });
  test('is given up when the wait is too long, and the person is told how long', async () => {
    const { resources, asked } = await scriptedAzure(() => ({ ...html429, headers: { 'retry-after': '3600' } }));
    const reading = await resources.vaults(subscription);
    expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringContaining('asks to wait 3600 seconds') as string });
    expect(asked).toHaveLength(1);
  });
  test('keeps one request id over all tries', async () => {
    const { resources, asked } = await scriptedAzure(inTurn(html429, good));
    await resources.vaults(subscription);
    expect(new Set(asked.map((request) => request.headers['x-ms-client-request-id'])).size).toBe(1);
  });
});

describe('a read that fails', () => {
  const passing: [string, Reply][] = [
    ['500 without an envelope', { status: 500, json: { Message: 'An error has occurred.' } }],
    ['502', { status: 502, text: '<html>bad gateway</html>' }],
    ['a connection that breaks off', { how: 'reset' }],
    ['half of a body', { ...good, how: 'cut' }],
    ['408', { status: 408 }],
  ];
  test.each(passing)('is sent again after %s', async (_, reply) => {
    const { resources, asked } = await scriptedAzure(inTurn(reply, good));
    expect((await resources.vaults(subscription)).state).toBe('read');
    expect(asked).toHaveLength(2);
  });
  test.each(passing)('is unreadable when it is always %s', async (_, reply) => {
    const { resources, directory, asked } = await scriptedAzure(() => reply);
    expect((await resources.vault(vaultId)).state).toBe('unreadable');
    expect(asked).toHaveLength(4);
    expect((await directory.transitiveMembers(guid(1))).state).toBe('unreadable');
  });
  test('is sent again when no answer comes in time, and when its body stalls', async () => {
    const { resources, asked } = await scriptedAzure(inTurn({ how: 'hang' }, { ...good, how: 'stall' }, good), {
      limits: { tryTimeout: 1_000 },
    });
    expect((await resources.vaults(subscription)).state).toBe('read');
    expect(asked).toHaveLength(3);
  });
  test.each([400, 401, 403, 409, 412, 501])('is not sent again after %i', async (status) => {
    const { resources, asked } = await scriptedAzure(() => refusal(status, 'Some', 'no'));
    expect((await resources.vaults(subscription)).state).toBe('unreadable');
    expect(asked).toHaveLength(1);
  });
});

describe('the run’s signal', () => {
  test('ends a wait that the service asked for, and the abort is no unreadable answer', async () => {
    const run = new AbortController();
    const { resources } = await scriptedAzure(
      () => {
        setTimeout(() => {
          run.abort(new DOMException('interrupted', 'AbortError'));
        }, 20);
        return { ...html429, headers: { 'retry-after': '1000' } };
      },
      { signal: run.signal, limits: { throttledFor: 2_000_000 } },
    );
    await expect(resources.vaults(subscription)).rejects.toThrow('interrupted');
  });
  test.each(['hang', 'stall'] as const)('ends a request that gets no answer (%s)', async (how) => {
    const run = new AbortController();
    const { directory } = await scriptedAzure(
      () => {
        setTimeout(() => {
          run.abort(new DOMException('interrupted', 'AbortError'));
        }, 20);
        return { ...good, how };
      },
      { signal: run.signal },
    );
    await expect(directory.objectsByIds([guid(1)])).rejects.toThrow('interrupted');
  });
  test('that was given before stops everything', async () => {
    const { resources, asked } = await scriptedAzure(() => good, { signal: AbortSignal.abort(new Error('over')) });
    await expect(resources.locks(subscriptionScope)).rejects.toThrow('over');
    expect(asked).toEqual([]);
  });
});

describe('many requests', () => {
  test('never have more under way than the limit, over all services together', async () => {
    let now = 0;
    let most = 0;
    const { resources, directory } = await scriptedAzure(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return { json: { value: [] } };
      },
      { limits: { concurrency: 3 } },
    );
    const ids = Array.from({ length: 12 }, (_, i) => guid(i));
    await Promise.all([
      ...ids.map((id) => directory.memberGroups(id)),
      ...ids.map((id) => resources.vaults(id)),
      resources.subscriptions(),
    ]);
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });
});
