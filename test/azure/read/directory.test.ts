import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue, objectsAt, stringAt, stringsAt } from '../../../src/base/json.ts';
import { guid } from '../facts.ts';
import { type Asked, type Reply, refusal, scriptedAzure } from '../scripted-azure.ts';

const ids = (count: number) => Array.from({ length: count }, (_, i) => guid(i + 1));
const bodyOf = (asked: Asked): JsonObject => (isObject(asked.body) ? asked.body : {});

describe('looking up object ids', () => {
  test('asks for a thousand at once, and hands objects on as they are', async () => {
    const { directory, asked } = await scriptedAzure((request) => ({
      json: {
        value: stringsAt(bodyOf(request), 'ids')
          .slice(0, 1)
          .map((id) => ({ id, '@odata.type': '#microsoft.graph.user', future: [1] })),
      },
    }));
    const reading = await directory.objectsByIds(ids(2500));
    expect(asked.map((request) => stringsAt(bodyOf(request), 'ids').length).sort()).toEqual([1000, 1000, 500]);
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/v1.0/directoryObjects/getByIds']));
    expect(asked.map((request) => stringsAt(bodyOf(request), 'types'))[0]).toEqual([
      'user',
      'group',
      'servicePrincipal',
      'device',
      'application',
    ]);
    expect(reading.state === 'read' && reading.value).toHaveLength(3);
    expect(reading.state === 'read' && reading.value[0]).toMatchObject({ '@odata.type': '#microsoft.graph.user', future: [1] });
  });
  test('asks nothing for no ids', async () => {
    const { directory, asked } = await scriptedAzure(() => ({}));
    expect(await directory.objectsByIds([])).toEqual({ state: 'read', value: [] });
    expect(asked).toEqual([]);
  });
  test('is unreadable when one part of it fails, and says what right is missing', async () => {
    let turn = 0;
    const { directory } = await scriptedAzure(() => {
      turn += 1;
      return turn === 2
        ? refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
        : { json: { value: [] } };
    });
    expect(await directory.objectsByIds(ids(1001))).toMatchObject({
      state: 'unreadable',
      because: expect.stringContaining('Microsoft Graph answered 403 Authorization_RequestDenied') as string,
    });
  });
  test('carries a token, as all calls to the directory do', async () => {
    const { directory, asked } = await scriptedAzure(() => ({ json: { value: [] } }));
    await directory.objectsByIds(ids(1));
    expect(asked[0]?.headers.authorization).toMatch(/^Bearer /);
  });
});

describe('deleted items', () => {
  const answer = (request: JsonObject, response: JsonObject): JsonObject => ({ id: stringAt(request, 'id'), headers: {}, ...response });
  const idOf = (request: JsonObject) => stringAt(request, 'url')?.split('/').at(-1) ?? '';
  const batches = (respond: (request: JsonObject, round: number) => JsonObject | undefined) => {
    let round = 0;
    return (asked: Asked): Reply => {
      round += 1;
      const responses = objectsAt(bodyOf(asked), 'requests').flatMap((request) => {
        const response = respond(request, round);
        return response === undefined ? [] : [answer(request, response)];
      });
      return { json: { responses: responses as JsonValue[] } };
    };
  };
  const notFound = { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'no' } } };

  test('are asked for in batches of twenty, and found, absent or unreadable one by one', async () => {
    const script = batches((request) => {
      const id = idOf(request);
      if (id === guid(1)) return { status: 200, body: { id, displayName: 'gone', deletedDateTime: '2026-01-01T00:00:00Z' } };
      if (id === guid(2)) return { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'no' } } };
      if (id === guid(3)) return undefined;
      if (id === guid(4)) return { status: 404, body: '<html>' };
      if (id === guid(5)) return { status: 200, body: { id: guid(6) } };
      return notFound;
    });
    const { directory, asked } = await scriptedAzure(script);
    const found = await directory.deletedItems(ids(45));
    expect(asked.map((request) => objectsAt(bodyOf(request), 'requests').length).sort()).toEqual([20, 20, 5]);
    expect(found.get(guid(1))).toMatchObject({ state: 'read', value: { displayName: 'gone' } });
    expect([2, 3, 4, 5].map((id) => found.get(guid(id))?.state)).toEqual(Array.from({ length: 4 }, () => 'unreadable'));
    expect([...found].filter(([, each]) => each.state === 'absent')).toHaveLength(40);
    expect(found.size).toBe(45);
  });
  test('that were throttled inside a batch are asked for again by themselves, after the longest wait', async () => {
    const { directory, asked, slept } = await scriptedAzure(
      batches((request, round) => (idOf(request) === guid(2) && round < 3 ? { status: 429, headers: { 'Retry-After': '7' } } : notFound)),
    );
    const found = await directory.deletedItems(ids(3));
    expect(asked.map((request) => objectsAt(bodyOf(request), 'requests').map(idOf))).toEqual([ids(3), [guid(2)], [guid(2)]]);
    expect(slept).toEqual([7000, 7000]);
    expect([...found.values()].map((each) => each.state)).toEqual(['absent', 'absent', 'absent']);
  });
  test('that stay throttled are unreadable, never absent', async () => {
    const { directory } = await scriptedAzure(batches(() => ({ status: 429 })));
    expect([...(await directory.deletedItems(ids(2))).values()].map((each) => each.state)).toEqual(['unreadable', 'unreadable']);
  });
  test.each([
    ['is refused', refusal(403, 'Authorization_RequestDenied', 'no')],
    ['is HTML', { text: '<html></html>' }],
    ['is empty', { json: {} }],
  ])('are all unreadable when the batch itself %s', async (_, reply) => {
    const { directory } = await scriptedAzure(() => reply);
    expect([...(await directory.deletedItems(ids(21))).values()].every((each) => each.state === 'unreadable')).toBe(true);
  });
});

describe('groups', () => {
  test('EA-29: are opened to the last page', async () => {
    const { directory, asked } = await scriptedAzure((request, origin) =>
      request.query.get('$skiptoken') === 'b'
        ? { json: { value: [{ id: guid(3).toUpperCase() }] } }
        : { json: { value: [{ id: guid(2) }], '@odata.nextLink': `${origin}${request.path}?$skiptoken=b` } },
    );
    expect(await directory.transitiveMembers(guid(1))).toEqual({
      state: 'read',
      value: { ids: new Set([guid(2), guid(3)]), groups: new Set([guid(2), guid(3)]), things: new Set() },
    });
    expect(asked[0]?.path).toBe(`/v1.0/groups/${guid(1)}/transitiveMembers`);
    expect(asked[0]?.query.get('$top')).toBe('999');
  });
  test('hold devices and contacts too, which are nobody that asks a vault; a member of no stated kind counts', async () => {
    const kinds = ['user', 'device', 'orgContact', 'group', 'servicePrincipal'];
    const value = [...kinds.map((kind, n) => ({ '@odata.type': `#microsoft.graph.${kind}`, id: guid(n + 2) })), { id: guid(9) }];
    const { directory } = await scriptedAzure(() => ({ json: { value } }));
    expect(await directory.transitiveMembers(guid(1))).toEqual({
      state: 'read',
      value: {
        ids: new Set([guid(2), guid(5), guid(6), guid(9)]),
        groups: new Set([guid(5), guid(9)]),
        things: new Set([guid(3), guid(4)]),
      },
    });
  });
  test('EA-60: are empty when their direct members are too, and unreadable when those say otherwise', async () => {
    const answers = (members: readonly JsonObject[], direct: readonly JsonObject[]) => (asked: { readonly path: string }) => ({
      json: { value: [...(asked.path.endsWith('/transitiveMembers') ? members : direct)] },
    });
    const [ann, device] = [
      { '@odata.type': '#microsoft.graph.user', id: guid(2) },
      { '@odata.type': '#microsoft.graph.device', id: guid(3) },
    ];
    const state = async (members: readonly JsonObject[], direct: readonly JsonObject[]) =>
      (await (await scriptedAzure(answers(members, direct))).directory.transitiveMembers(guid(1))).state;
    expect([await state([], []), await state([], [device]), await state([device], [device])]).toEqual(['read', 'read', 'read']);
    expect([await state([], [ann]), await state([{ ...device, id: guid(2) }], [ann])]).toEqual(['unreadable', 'unreadable']);
    const { directory, asked } = await scriptedAzure(answers([ann], []));
    expect([(await directory.transitiveMembers(guid(1))).state, asked.length]).toEqual(['read', 1]);
  });
  test('are unreadable when a member has no id', async () => {
    const { directory } = await scriptedAzure(() => ({ json: { value: [{ displayName: 'x' }] } }));
    expect((await directory.transitiveMembers(guid(1))).state).toBe('unreadable');
  });
  test('EA-29: of an object are asked for without leaving any kind out', async () => {
    const { directory, asked } = await scriptedAzure(() => ({ json: { value: [guid(2), guid(3)] } }));
    expect(await directory.memberGroups(guid(1))).toEqual({ state: 'read', value: [guid(2), guid(3)] });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: `/v1.0/directoryObjects/${guid(1)}/getMemberGroups`,
      body: { securityEnabledOnly: false },
    });
  });
  test('that are too many are unreadable, not fewer', async () => {
    const { directory } = await scriptedAzure(() => refusal(400, 'Directory_ResultSizeLimitExceeded', 'too many'));
    expect(await directory.memberGroups(guid(1))).toMatchObject({ state: 'unreadable' });
  });
});
