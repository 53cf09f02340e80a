import { describe, expect, test } from 'vitest';
import { guid, subscription, subscriptionScope } from '../facts.ts';
import { scriptedAzure } from '../scripted-azure.ts';

/** Numbered pages: each leads to the next until the last. */
function pages(count: number, rows: (page: number) => readonly string[]) {
  return (asked: { query: URLSearchParams; path: string }, origin: string) => {
    const page = Number(asked.query.get('page') ?? '1');
    const next = page < count ? { nextLink: `${origin}${asked.path}?api-version=x&page=${page + 1}&%24skiptoken=a%2Fb%3D` } : {};
    return { json: { value: rows(page).map((id) => ({ id })), ...next } };
  };
}

describe('the pages of a list', () => {
  test('are all read, empty ones with a next page too', async () => {
    const { resources, asked } = await scriptedAzure(pages(20, (page) => (page % 7 === 0 ? [`row ${page}`] : [])));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: [{ id: 'row 7' }, { id: 'row 14' }] });
    expect(asked).toHaveLength(20);
  });
  test('are followed by an address that goes out as it came', async () => {
    const { resources, asked } = await scriptedAzure(pages(2, () => []));
    await resources.vaults(subscription);
    expect(asked[1]?.url).toMatch(/\?api-version=x&page=2&%24skiptoken=a%2Fb%3D$/);
  });
  test('never lead a token to another host', async () => {
    const foreign = await scriptedAzure(() => ({ json: { value: [] } }));
    const { resources, directory, asked } = await scriptedAzure((request) =>
      /transitiveMembers/.test(request.path)
        ? { json: { value: [], '@odata.nextLink': `${foreign.origin}/v1.0/groups` } }
        : { json: { value: [], nextLink: `${foreign.origin}/subscriptions` } },
    );
    const readings = await Promise.all([
      resources.vaults(subscription),
      resources.roleAssignments(subscriptionScope),
      resources.subscriptions(),
      directory.transitiveMembers(guid(1)),
    ]);
    for (const reading of readings)
      expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringContaining('another host') as string });
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(foreign.asked).toEqual([]);
  });
  test.each(['http://127.0.0.1:1/x', 'ftp://x/', 'file:///etc/passwd', '/relative', 'nonsense', 7, {}])(
    'are not followed to %s',
    async (nextLink) => {
      const { resources } = await scriptedAzure(() => ({ json: { value: [], nextLink } }));
      expect((await resources.vaults(subscription)).state).toBe('unreadable');
      expect((await resources.subscriptions()).state).toBe('unreadable');
    },
  );
  test('that go round in circles are given up', async () => {
    const { resources, asked } = await scriptedAzure((request, origin) => ({
      json: { value: [], nextLink: `${origin}${request.path}?page=${request.query.get('page') === '2' ? '1' : '2'}` },
    }));
    expect(await resources.vaults(subscription)).toMatchObject({ because: expect.stringContaining('lead back') as string });
    expect(asked).toHaveLength(3);
  });
  test('that never end are given up', async () => {
    let page = 0;
    const script = (request: { path: string }, origin: string) => {
      page += 1;
      return { json: { value: [], nextLink: `${origin}${request.path}?page=${page}` } };
    };
    const { resources, asked } = await scriptedAzure(script, { limits: { pages: 25 } });
    expect(await resources.vaults(subscription)).toMatchObject({ because: expect.stringContaining('25 pages') as string });
    expect(asked).toHaveLength(25);
  });
  test('are unreadable as a whole when a later one fails', async () => {
    const { resources } = await scriptedAzure((request, origin) =>
      request.query.get('page') === '2'
        ? { status: 403, json: { error: { code: 'AuthorizationFailed', message: 'no' } } }
        : { json: { value: [{ id: 'x' }], nextLink: `${origin}${request.path}?page=2` } },
    );
    expect(await resources.vaults(subscription)).toMatchObject({
      state: 'unreadable',
      because: expect.stringContaining('403 AuthorizationFailed') as string,
    });
  });
});
