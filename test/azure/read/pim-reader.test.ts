import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { anAssignment, guid, secretsUser, subscriptionScope, vaultPath } from '../facts.ts';
import { type Asked, type Reply, refusal, scriptedAzure } from '../scripted-azure.ts';

const provider = 'providers/Microsoft.Authorization';
const newWords = 'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.';

function instance(name: string, properties: JsonObject = {}): JsonObject {
  return {
    id: `${vaultPath}/${provider}/roleAssignmentScheduleInstances/${name}`,
    name,
    properties: {
      scope: vaultPath,
      principalId: guid(0xb1),
      principalType: 'User',
      roleDefinitionId: `${subscriptionScope}/${provider}/roleDefinitions/${secretsUser}`,
      assignmentType: 'Assigned',
      originRoleAssignmentId: `${vaultPath}/${provider}/roleAssignments/${name}`,
      roleAssignmentScheduleId: `${vaultPath}/${provider}/roleAssignmentSchedules/${guid(0x51)}`,
      ...properties,
    },
  };
}

const schedule = (properties: JsonObject = {}): JsonObject => ({
  ...instance(guid(0x51), properties),
  id: `${vaultPath}/${provider}/roleAssignmentSchedules/${guid(0x51)}`,
});

interface Script {
  readonly all?: readonly JsonObject[] | Reply;
  readonly above?: readonly JsonObject[] | Reply;
  readonly schedules?: readonly JsonObject[] | Reply;
}

/** What the reader makes of the answers to its three questions. */
async function active({ all = [], above = [], schedules = [] }: Script, scope = vaultPath) {
  const answer = (value: readonly JsonObject[] | Reply): Reply => ('length' in value ? { json: { value } } : value);
  const { resources } = await scriptedAzure((asked: Asked) => {
    if (asked.path.endsWith('roleAssignmentSchedules')) return answer(schedules);
    return answer(asked.query.get('$filter') === 'atScope()' ? above : all);
  });
  return resources.activeInstances(scope);
}

const unlicensed = refusal(400, 'AadPremiumLicenseRequired', newWords);
const why = (reading: { readonly state: string; readonly because?: string }) => `${reading.state}: ${reading.because ?? ''}`;

describe('a tenant without Entra ID P2', () => {
  test.each([newWords, 'The tenant needs an AAD Premium 2 license.'])('EA-58: has no PIM, in whatever words: %s', async (words) => {
    const refused = refusal(400, 'AadPremiumLicenseRequired', words);
    expect(await active({ all: refused, above: refused, schedules: refused })).toEqual({ state: 'unlicensed', because: words });
  });
  test.each([
    ['another code', refusal(400, 'InvalidFilter', newWords)],
    ['another status', refusal(403, 'AadPremiumLicenseRequired', newWords)],
    ['no right', refusal(403, 'AuthorizationFailed', 'no')],
  ])('EA-58: is not told by %s', async (_, refused) => {
    expect((await active({ all: refused, above: refused })).state).toBe('unreadable');
  });
  test('EA-58: is not believed when the list answers with a filter, or without', async () => {
    expect(why(await active({ all: unlicensed, above: [] }))).toMatch(/^unreadable: .*only one says that the tenant has no PIM/);
    expect((await active({ all: [instance(guid(1))], above: unlicensed })).state).toBe('unreadable');
  });
});

describe('the instances of PIM', () => {
  test('EA-35: are read when its schedules agree, cannot be read, or say nothing of them', async () => {
    const lasting = instance(guid(1));
    for (const schedules of [[schedule()], [], refusal(500, 'X', 'down'), [{ id: 'odd' }], [schedule({ principalId: guid(9) })]]) {
      expect(await active({ all: [lasting], above: [lasting], schedules })).toMatchObject({ state: 'read', value: [{ id: lasting.id }] });
    }
    const ends = { endDateTime: '2026-12-01T00:00:00Z' };
    const ending = instance(guid(1), ends);
    expect((await active({ all: [ending], above: [ending], schedules: [schedule(ends)] })).state).toBe('read');
  });
  test('EA-35: are unreadable when one has no end and its schedule has one, by the id of the schedule or by what it grants', async () => {
    const schedules = [schedule({ endDateTime: '2026-12-01T00:00:00Z' })];
    for (const one of [instance(guid(1)), instance(guid(1), { roleAssignmentScheduleId: null })]) {
      expect(why(await active({ all: [one], above: [one], schedules }))).toMatch(/^unreadable: .*its schedule has one/);
    }
  });
  test.each<[string, JsonObject]>([
    ['a number', { endDateTime: 20_261_201 }],
    ['no time', { endDateTime: 'soon' }],
    ['empty', { endDateTime: '' }],
    ['in another letter case', { EndDateTime: '2026-12-01T00:00:00Z' }],
  ])('EA-59: are unreadable with an end that is %s', async (_, properties) => {
    const odd = instance(guid(1), properties);
    expect((await active({ all: [odd], above: [odd] })).state).toBe('unreadable');
  });
});

describe('two answers about the same rows', () => {
  const list = async (all: readonly JsonObject[], above: readonly JsonObject[], scope: string) => {
    const { resources } = await scriptedAzure((asked) => ({
      json: { value: [...(asked.query.get('$filter') === 'atScope()' ? above : all)] },
    }));
    return resources.roleAssignments(scope);
  };
  const at = (scope: string, n: number) => anAssignment(guid(n), { scope });
  const [root, group] = [at('/', 1), at('/providers/Microsoft.Management/managementGroups/mg', 2)];

  test('EA-45: are unreadable when a row at the scope is in the filtered one alone', async () => {
    const here = at(subscriptionScope, 3);
    expect(why(await list([], [here], subscriptionScope))).toMatch(/^unreadable: .*is missing without one/);
    expect((await list([here], [here], subscriptionScope)).state).toBe('read');
  });
  test('EA-45: are read when what lies above is in the filtered one alone, unless the other shows some of that too', async () => {
    expect((await list([at(vaultPath, 3)], [root, group], subscriptionScope)).state).toBe('read');
    expect((await list([root], [root, group], subscriptionScope)).state).toBe('unreadable');
  });
  test('EA-45: are unreadable when they say different things of one row, and when one of them does', async () => {
    const other = at('/providers/Microsoft.Management/managementGroups/other', 2);
    expect(why(await list([group], [other], subscriptionScope))).toMatch(/^unreadable: .*answers differently/);
    expect((await list([group, other], [], subscriptionScope)).state).toBe('unreadable');
    expect((await list([group, group], [group], subscriptionScope)).state).toBe('read');
  });
});
