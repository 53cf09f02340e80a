import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/base/json.ts';
import { guid } from '../facts.ts';
import { refusal, scriptedAzure } from '../scripted-azure.ts';

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

async function read(value: readonly JsonValue[], list: 'assignment' | 'eligibility' = 'assignment') {
  const { directory, asked } = await scriptedAzure(() => ({ json: { value } }));
  return { reading: await directory.pimMemberships(team, list), asked };
}

describe('EA-61: memberships that PIM for Groups manages', () => {
  test('are asked for by group, and followed over pages', async () => {
    let page = 0;
    const { directory, asked } = await scriptedAzure(({ path }, origin) => {
      page += 1;
      const next = page === 1 ? { '@odata.nextLink': `${origin}${path}?$filter=x&$skiptoken=2` } : {};
      return { json: { value: [row(page === 1 ? {} : { principalId: guid(3), assignmentType: 'assigned', endDateTime: null })], ...next } };
    });
    expect(await directory.pimMemberships(team, 'assignment')).toEqual({
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
    expect(asked.map(({ path }) => path)).toEqual(
      Array(2).fill('/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances'),
    );
    expect(asked[0]?.query.get('$filter')).toBe(`groupId eq '${team}'`);
  });

  test('that may be activated carry no type of assignment', async () => {
    const { reading, asked } = await read([{ ...row(), assignmentType: null, endDateTime: null }], 'eligibility');
    expect(reading).toMatchObject({ state: 'read', value: [{ principalId: ann, activated: false }] });
    expect(asked[0]?.path).toMatch(/\/eligibilityScheduleInstances$/);
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
    const { directory } = await scriptedAzure(() => refusal(403, 'UnknownError', inner));
    const reading = await directory.pimMemberships(team, 'assignment');
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
    const { directory } = await scriptedAzure(() => refusal(400, code, message));
    expect(await directory.pimMemberships(team, 'assignment')).toEqual({ state: 'unlicensed', because: 'The tenant needs a licence.' });
  });

  test('are unreadable, and nothing more, for any other reason', async () => {
    const { directory } = await scriptedAzure(() => refusal(400, 'BadRequest', 'no'));
    expect(await directory.pimMemberships(team, 'assignment')).not.toHaveProperty('refused');
  });
});
