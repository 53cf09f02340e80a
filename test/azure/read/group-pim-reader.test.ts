import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue, objectsAt, stringAt } from '../../../src/base/json.ts';
import { guid } from '../facts.ts';
import { type Asked, inBatches, type Reply, refusal, scriptedAzure } from '../scripted-azure.ts';

const [team, ann] = [guid(1), guid(2)];
const row = (more: JsonObject = {}): JsonObject => ({
  id: `${team}_member_1`,
  principalId: ann,
  groupId: team,
  accessId: 'member',
  memberType: 'Direct',
  assignmentType: 'Activated',
  startDateTime: '2026-11-24T08:00:00Z',
  endDateTime: '2026-11-24T16:00:00Z',
  ...more,
});

async function answered(reply: Reply, list: 'assignment' | 'eligibility' = 'assignment') {
  const { directory, asked } = await scriptedAzure(inBatches(() => reply));
  return { reading: (await directory.pimMembershipsOf([team], list)).get(team), asked };
}

const read = (value: readonly JsonValue[], list?: 'eligibility') => answered({ json: { value: [...value] } }, list);
const groupOf = (query: URLSearchParams) => /^groupId eq '(.+)'$/.exec(query.get('$filter') ?? '')?.[1];
const urlsOf = ({ body }: Asked) => (isObject(body) ? objectsAt(body, 'requests').map((request) => stringAt(request, 'url')) : []);

describe('EA-61: memberships that PIM for Groups manages', () => {
  test('are asked for by group, in batches of twenty', async () => {
    const groups = Array.from({ length: 45 }, (_, n) => guid(n + 1));
    const { directory, asked, lines } = await scriptedAzure(
      inBatches(({ query }) => ({ json: { value: [row({ groupId: groupOf(query) ?? '' })] } })),
    );
    const found = await directory.pimMembershipsOf(groups, 'assignment');
    expect([...found.keys()]).toEqual(groups);
    expect(new Set([...found.values()].map(({ state }) => state))).toEqual(new Set(['read']));
    expect(lines()).toEqual(Array(3).fill('POST /v1.0/$batch'));
    expect(asked.flatMap(urlsOf).sort()).toEqual(
      groups.map((id) => `/identityGovernance/privilegedAccess/group/assignmentScheduleInstances?$filter=groupId%20eq%20'${id}'`),
    );
  });

  test('are followed over pages, by the one group that has more of them', async () => {
    const list = '/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances';
    const { directory, lines } = await scriptedAzure(
      inBatches(({ path, query }, origin) => {
        if (query.has('$skiptoken'))
          return { json: { value: [row({ principalId: guid(3), assignmentType: 'assigned', endDateTime: null })] } };
        if (groupOf(query) !== team) return { json: { value: [] } };
        return { json: { value: [row()], '@odata.nextLink': `${origin}${path}?$filter=x&$skiptoken=2` } };
      }),
    );
    const found = await directory.pimMembershipsOf([team, guid(9)], 'assignment');
    expect(found.get(guid(9))).toEqual({ state: 'read', value: [] });
    expect(found.get(team)).toEqual({
      state: 'read',
      value: [
        {
          principalId: ann,
          access: 'member',
          activated: true,
          derived: false,
          startDateTime: row().startDateTime,
          endDateTime: row().endDateTime,
        },
        { principalId: guid(3), access: 'member', activated: false, derived: false, startDateTime: row().startDateTime },
      ],
    });
    expect(lines()).toEqual(['POST /v1.0/$batch', `GET ${list}`]);
  });

  test.each<[string, JsonObject]>([
    ['is nowhere', { '@odata.nextLink': 'page two' }],
    ['is elsewhere', { '@odata.nextLink': 'https://elsewhere.example/v1.0/groups' }],
  ])('whose next page %s are unreadable, never shorter', async (_, more) => {
    expect((await answered({ json: { value: [row()], ...more } })).reading?.state).toBe('unreadable');
  });

  test('are unreadable for the group alone whose part fails, is left out, or holds no list', async () => {
    const fails = new Map<string | undefined, Reply | undefined>([
      [guid(1), refusal(403, 'UnknownError', 'missing permission scope X.')],
      [guid(2), undefined],
      [guid(3), { json: {} }],
      [guid(4), { text: '<html>' }],
      [guid(5), { status: 500 }],
    ]);
    const { directory } = await scriptedAzure(
      inBatches(({ query }) => (fails.has(groupOf(query)) ? fails.get(groupOf(query)) : { json: { value: [] } })),
    );
    const groups = Array.from({ length: 6 }, (_, n) => guid(n + 1));
    const found = await directory.pimMembershipsOf(groups, 'eligibility');
    expect(groups.map((id) => found.get(id)?.state)).toEqual([...Array<string>(5).fill('unreadable'), 'read']);
    expect([...found].filter(([, one]) => 'refused' in one).map(([id]) => id)).toEqual([guid(1)]);
    expect(found.get(guid(1))).toMatchObject({
      because: `could not list the eligible memberships of group \`${guid(1)}\` in PIM for Groups: Microsoft Graph answered 403 UnknownError: missing permission scope X.`,
    });
  });

  test('that were throttled inside a batch are asked for again without the others, after the longest wait', async () => {
    let throttled = 2;
    const { directory, asked, slept } = await scriptedAzure(
      inBatches(({ query }) => {
        if (groupOf(query) !== team || throttled-- <= 0) return { json: { value: [] } };
        return { ...refusal(429, 'TooManyRequests', 'later'), headers: { 'Retry-After': '7' } };
      }),
    );
    const found = await directory.pimMembershipsOf([guid(8), team], 'assignment');
    expect([...found.values()]).toEqual(Array(2).fill({ state: 'read', value: [] }));
    expect(asked.map((one) => urlsOf(one).length)).toEqual([2, 1, 1]);
    expect(slept).toEqual([7000, 7000]);
  });

  test('are refused for every group when the batch itself is', async () => {
    const { directory } = await scriptedAzure(() => refusal(403, 'Authorization_RequestDenied', 'no'));
    const found = await directory.pimMembershipsOf([team, guid(8)], 'assignment');
    expect([...found.values()]).toMatchObject(Array(2).fill({ state: 'unreadable', refused: true }));
  });

  test('that may be activated carry no type of assignment', async () => {
    const { reading, asked } = await read([{ ...row(), assignmentType: null, endDateTime: null }], 'eligibility');
    expect(reading).toMatchObject({ state: 'read', value: [{ principalId: ann, activated: false }] });
    expect(asked.flatMap(urlsOf)[0]).toContain('/eligibilityScheduleInstances?');
  });

  test.each<[string, JsonObject]>([
    ['with an end that is not a time', { endDateTime: 7 }],
    ['with an end in another letter case', { endDateTime: null, EndDateTime: '2026-11-24T16:00:00Z' }],
    ['of another group', { groupId: guid(9) }],
    ['of nobody', { principalId: '' }],
    ['of a kind that is not known', { accessId: 'unknownFutureValue' }],
    ['made in a way that is not known', { assignmentType: 'unknownFutureValue' }],
    ['without a word on how it was made', { assignmentType: null }],
  ])('EA-59: %s make the list unreadable, never shorter', async (_, more) => {
    expect((await read([row(), row(more)])).reading).toMatchObject({
      state: 'unreadable',
      because: expect.stringContaining('row 2') as string,
    });
  });

  test('that the operator may not read are refused, in the words inside of Graph’s', async () => {
    const inner = JSON.stringify({
      errorCode: 'PermissionScopeNotGranted',
      message: 'missing permission scope X.',
      instanceAnnotations: [],
    });
    const { reading } = await answered(refusal(403, 'UnknownError', inner));
    expect(reading).toMatchObject({
      state: 'unreadable',
      refused: true,
      because: expect.stringContaining('missing permission scope X.') as string,
    });
    expect(JSON.stringify(reading)).not.toContain('instanceAnnotations');
  });

  test.each([
    ['AadPremiumLicenseRequired', 'The tenant needs a licence.'],
    ['UnknownError', JSON.stringify({ errorCode: 'AadPremiumLicenseRequired', message: 'The tenant needs a licence.' })],
  ])('EA-58: of a tenant without a licence are none, by the code %s', async (code, message) => {
    const { reading } = await answered(refusal(400, code, message));
    expect(reading).toEqual({ state: 'unlicensed', because: 'The tenant needs a licence.' });
  });

  test('are unreadable, and nothing more, for any other reason', async () => {
    const { reading } = await answered(refusal(400, 'BadRequest', 'no'));
    expect(reading?.state).toBe('unreadable');
    expect(reading).not.toHaveProperty('refused');
  });
});
