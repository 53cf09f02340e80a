import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { subscription, subscriptionScope } from './facts.ts';
import { type Reply, scriptedAzure } from './scripted-azure.ts';

const mebibyte = 2 ** 20;
const zipped = (text: string | Buffer, more: Partial<Reply> = {}): Reply => ({
  bytes: gzipSync(text),
  headers: { 'content-encoding': 'gzip' },
  ...more,
});
const list = JSON.stringify({ value: [{ id: 'x' }] });

describe('an answer', () => {
  test('is asked for in gzip, and read whole from it', async () => {
    const { resources, asked } = await scriptedAzure(() => zipped(list));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: [{ id: 'x' }] });
    expect(asked[0]?.headers['accept-encoding']).toBe('gzip');
  });

  test.each([
    ['of 600 MB of blanks in half a megabyte of gzip', zipped(Buffer.alloc(600 * 1_000_000, ' '))],
    ['too long as it is', { bytes: Buffer.alloc(33 * mebibyte, ' ') }],
    ['refused with a body that is too long', zipped(Buffer.alloc(40 * mebibyte, '<'), { status: 403 })],
  ])('%s is given up after the first try, and is no empty list', async (_, reply: Reply) => {
    const { resources, asked } = await scriptedAzure(() => reply);
    const reading = await resources.vaults(subscription);
    expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringMatching(/longer than 32 MiB/) as string });
    expect(asked).toHaveLength(1);
  });

  test('may be long', async () => {
    const value = Array.from({ length: 4000 }, (_, index) => ({ id: `row ${index}`, words: 'x'.repeat(4000) }));
    const { resources } = await scriptedAzure(() => zipped(JSON.stringify({ value })));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value });
  });

  test('in gzip that is damaged, or ends in the middle, is asked for again', async () => {
    const damaged = gzipSync(list);
    damaged.fill(0, 12, 18);
    const replies: Reply[] = [zipped('', { bytes: damaged }), zipped(list, { how: 'cut' }), zipped(list)];
    const { resources, asked } = await scriptedAzure(() => replies.shift() ?? zipped(list));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: [{ id: 'x' }] });
    expect(asked).toHaveLength(3);
  });

  test('in gzip that stops coming is left when its time is over', async () => {
    const { resources } = await scriptedAzure(() => zipped(list, { how: 'stall' }), { limits: { tryTimeout: 50, otherTries: 1 } });
    expect(await resources.vaults(subscription)).toMatchObject({ because: expect.stringContaining('no answer within') as string });
  });

  test.each(['stall', 'hang'] as const)('in gzip that stops coming is left at once when the run is to end: %s', async (how) => {
    const stop = new AbortController();
    const { resources, asked } = await scriptedAzure(
      () => {
        setImmediate(() => {
          stop.abort(new Error('asked to stop'));
        });
        return zipped(list, { how });
      },
      { signal: stop.signal },
    );
    await expect(resources.vaults(subscription)).rejects.toThrow('asked to stop');
    expect(asked).toHaveLength(1);
  });
});

describe('a list', () => {
  test('whose pages together are too long is given up', async () => {
    const rows = 'x'.repeat(mebibyte);
    let page = 0;
    const { resources, asked } = await scriptedAzure((request, origin) => {
      page += 1;
      return zipped(JSON.stringify({ value: [{ id: rows }], nextLink: `${origin}${request.path}?page=${page}` }));
    });
    const reading = await resources.vaults(subscription);
    expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringMatching(/more than 128 MiB/) as string });
    expect(asked.length).toBeLessThanOrEqual(130);
  });

  test('nested deeper than anything that Azure writes is unreadable', async () => {
    const deep = (depth: number) => `{"value":[${'{"x":['.repeat(depth)}${']}'.repeat(depth)}]}`;
    const headers = { 'content-type': 'application/json' };
    for (const depth of [250, 6_000, 200_000]) {
      const { resources } = await scriptedAzure(() => ({ text: deep(depth), headers }));
      const readings = await Promise.all([resources.vaults(subscription), resources.policyAssignments(subscriptionScope)]);
      for (const reading of readings)
        expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringMatching(/nested/) as string });
    }
  });

  test('may hold brackets in its words, however many', async () => {
    const value = [{ id: `"${'[{'.repeat(5_000)}\\"`, deep: [[[{ rule: { not: { anyOf: [] } } }]]] }];
    const { resources } = await scriptedAzure(() => ({ json: { value } }));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value });
  });
});
