import { describe, expect, test } from 'vitest';
import { everyone } from '../../src/base/guid.ts';
import type { JsonValue } from '../../src/base/json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { type EstateRequest, type ReadingProgress, readEstate, readEstatePieces } from '../../src/inventory/read-estate.ts';
import { parseSelection, type SelectionWords } from '../../src/inventory/selection.ts';
import {
  assignment,
  type FakeSubscription,
  fakeAzure,
  group,
  person,
  policy,
  subscriptionId,
  tenant,
  user,
  vaultId,
  vaultRow,
} from './fake-azure.ts';

const request = (words: SelectionWords = {}, more: Partial<EstateRequest> = {}): EstateRequest => ({
  selection: parseSelection(words),
  cloud: 'public',
  tenantId: tenant,
  operatorId: person('operator'),
  now: () => '2026-11-24T10:00:00Z',
  ...more,
});
const subscription = (n: number, count: number, more: Partial<FakeSubscription> = {}): FakeSubscription => ({
  vaults: Array.from({ length: count }, (_, i) => vaultRow(vaultId(n, `kv-${n}-${i}`), { accessPolicies: [policy(person(`p${i}`))] })),
  ...more,
});
const kinds = (calls: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[call.split(' ')[0] ?? ''] = (counts[call.split(' ')[0] ?? ''] ?? 0) + 1;
  return counts;
};
async function failure(run: Promise<unknown>): Promise<KnownError> {
  const error: unknown = await run.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof KnownError) return error;
  throw error;
}

describe('reading an estate', () => {
  test('EA-46: asks the same number of questions of a subscription for one vault as for 400', async () => {
    const asked = async (count: number) => {
      const azure = fakeAzure([subscription(1, count), subscription(2, count), subscription(3, count)]);
      const estate = await readEstate(request({}, { diagnosticSettings: 'never' }), azure);
      expect(estate.vaults).toHaveLength(3 * count);
      return kinds(azure.calls);
    };
    const few = await asked(1);
    expect(await asked(400)).toEqual(few);
    expect(few).toEqual({
      subscriptions: 1,
      vaults: 3,
      assignments: 3,
      definitions: 3,
      denies: 3,
      active: 3,
      eligible: 3,
      locks: 3,
      policies: 3,
      getByIds: 1,
      deletedItems: 1,
      otherIds: 1,
      groups: 1,
    });
  });
  test('in pieces asks for the groups of the operator once, and every piece has them', async () => {
    const azure = fakeAzure([subscription(1, 2), subscription(2, 2), subscription(3, 2)]);
    const groups = [];
    for await (const piece of readEstatePieces(request(), azure, () => undefined, 1))
      if (piece.kind === 'part') groups.push(piece.estate.operator.groups);
    expect(groups).toEqual(Array(3).fill(read([person('z-group'), person('a-group')].sort())));
    expect(kinds(azure.calls).groups).toBe(1);
  });
  test('knows the names of all vaults in reach where it looked through everything, and says nothing of them where it did not', async () => {
    const azure = fakeAzure([subscription(1, 2), subscription(2, 1)]);
    const all = ['kv-1-0', 'kv-1-1', 'kv-2-0'];
    expect((await readEstate(request({ vaults: ['kv-2-0'] }), azure)).vaultsInReach).toEqual(all);
    const narrowed = [
      { subscriptions: [subscriptionId(1)] },
      { vaults: [(await readEstate(request({}), azure)).vaults[0]?.vault.id ?? ''] },
    ];
    for (const words of narrowed) expect(await readEstate(request(words), azure)).not.toHaveProperty('vaultsInReach');
  });
  test('asks for nothing but the vaults where none is meant, and nothing of the directory when none is meant at all', async () => {
    const azure = fakeAzure([subscription(1, 2), subscription(2, 2)]);
    const one = await readEstate(request({ vaults: ['kv-2-1'] }), azure);
    expect(one.subscriptions.map((facts) => facts.subscriptionId)).toEqual([subscriptionId(2)]);
    expect(azure.calls.filter((call) => call.endsWith(subscriptionId(1)))).toEqual([`vaults ${subscriptionId(1)}`]);
    const empty = fakeAzure([subscription(1, 0)]);
    const none = await readEstate(request(), empty);
    expect(none.vaults).toEqual([]);
    expect(kinds(empty.calls)).toEqual({ subscriptions: 1, vaults: 1 });
    expect(none.operator.groups.state).toBe('unreadable');
  });
  test('refuses a management group above nothing, but not where the lists that would show it could not be read', async () => {
    const words = { managementGroups: ['mg-nope'] };
    const refused = await failure(readEstate(request(words), fakeAzure([subscription(1, 1)])));
    expect(refused).toMatchObject({ outcome: 'usage', code: 'NO_VAULTS' });
    const unreadLists = fakeAzure([subscription(1, 1, { unreadable: ['assignments'] })]);
    const unread = await readEstate(request(words), unreadLists);
    expect(unread.unreadable).toHaveLength(1);
  });
  test('narrows names down by other selectors, of which all together have to leave a vault', async () => {
    const azure = fakeAzure([subscription(1, 2)]);
    const refused = await failure(readEstate(request({ vaults: ['kv-1-0'], resourceGroups: ['elsewhere'] }), azure));
    expect(refused).toMatchObject({ outcome: 'usage', code: 'NO_VAULTS' });
  });
  test('asks for vaults that are named by id one by one while they are few, without the list', async () => {
    const azure = fakeAzure([subscription(1, 30), subscription(2, 30)]);
    const estate = await readEstate(request({ vaults: [vaultId(1, 'KV-1-7')] }), azure);
    expect(estate.vaults.map(({ vault }) => vault.name)).toEqual(['kv-1-7']);
    expect(kinds(azure.calls)).toMatchObject({ vault: 1, assignments: 1 });
    expect(kinds(azure.calls)).not.toHaveProperty('vaults');
    const many = fakeAzure([subscription(1, 30)]);
    const ids = Array.from({ length: 26 }, (_, i) => vaultId(1, `kv-1-${i}`));
    expect((await readEstate(request({ vaults: ids }), many)).vaults).toHaveLength(26);
    expect(kinds(many.calls)).toMatchObject({ vaults: 1 });
    expect(kinds(many.calls)).not.toHaveProperty('vault');
  });
  test('reads diagnostic settings of up to 25 vaults, and says of more that they were not asked for', async () => {
    const few = fakeAzure([subscription(1, 25)]);
    await readEstate(request(), few);
    expect(kinds(few.calls)).toMatchObject({ diagnostics: 25 });
    const many = fakeAzure([subscription(1, 26)]);
    const estate = await readEstate(request(), many);
    expect(kinds(many.calls)).not.toHaveProperty('diagnostics');
    expect(estate.vaults[0]?.diagnosticSettings.state).toBe('notAsked');
  });
  test('gives the same value whatever order Azure answers in', async () => {
    const turned = (n: number) => ({ ...subscription(n, 3), vaults: [...subscription(n, 3).vaults].reverse() });
    const estate = await readEstate(request(), fakeAzure([subscription(1, 3), subscription(2, 3)], [user('p0')]));
    expect(await readEstate(request(), fakeAzure([turned(1), turned(2)], [user('p0')]))).toEqual(estate);
    expect(estate.vaults.map(({ vault }) => vault.scope)).toEqual([...estate.vaults.map(({ vault }) => vault.scope)].sort());
    expect(estate.operator.groups).toEqual({ state: 'read', value: [person('z-group'), person('a-group')].sort() });
  });
  test('tells how far it is', async () => {
    const heard: ReadingProgress[] = [];
    await readEstate(request(), fakeAzure([subscription(1, 2), subscription(2, 1)]), (progress) => heard.push(progress));
    expect(heard[0]).toEqual({ done: 0, total: 2, vaults: 0 });
    expect(heard.at(-1)).toEqual({ done: 2, total: 2, vaults: 3 });
  });
  test('EA-44: takes the management groups above a subscription from the rows that stand at them', async () => {
    const at = (name: string) => assignment(`/providers/Microsoft.Management/managementGroups/${name}`, person('a'));
    const subscriptions = [subscription(1, 1, { assignments: [at('Corp'), at('Root'), at('Corp')] }), subscription(2, 1)];
    const estate = await readEstate(request(), fakeAzure(subscriptions));
    expect(estate.subscriptions.map((facts) => facts.managementGroups)).toEqual([
      ['/providers/microsoft.management/managementgroups/corp', '/providers/microsoft.management/managementgroups/root'],
      [],
    ]);
    const below = await readEstate(request({ managementGroups: ['corp'] }), fakeAzure(subscriptions));
    expect(below.vaults.map(({ vault }) => vault.name)).toEqual(['kv-1-0']);
  });
});

describe('what could not be read', () => {
  test.each(['assignments', 'definitions', 'denies', 'active', 'eligible', 'locks', 'policies'])(
    '%s: stays unreadable and is not empty',
    async (list) => {
      const estate = await readEstate(request(), fakeAzure([subscription(1, 1, { unreadable: [list] })]));
      const [facts] = estate.subscriptions;
      const unread = Object.entries(facts ?? {}).filter(([, value]) => (value as { state?: string } | null)?.state === 'unreadable');
      expect(unread).toHaveLength(1);
      expect(unread[0]?.[1]).toEqual({ state: 'unreadable', because: `${list} refused` });
    },
  );
  test('of a subscription’s vaults is said, and the others are read', async () => {
    const estate = await readEstate(request(), fakeAzure([subscription(1, 1, { unreadable: ['vaults'] }), subscription(2, 1)]));
    expect(estate.vaults.map(({ vault }) => vault.name)).toEqual(['kv-2-0']);
    expect(estate.unreadable).toEqual([
      { subject: `/subscriptions/${subscriptionId(1)}`, because: 'its vaults could not be listed: vaults refused' },
    ]);
  });
  test('among the rows of a list is named, and costs no other row', async () => {
    const hostile: readonly JsonValue[] = [null, 7, 'x', [], {}, { id: 7 }, { id: '/subscriptions/x' }, vaultRow(vaultId(9, 'elsewhere'))];
    const good = vaultRow(vaultId(1, 'good'));
    const estate = await readEstate(request(), fakeAzure([{ vaults: [...hostile, good, good] }]));
    expect(estate.vaults.map(({ vault }) => vault.name)).toEqual(['good']);
    expect(estate.unreadable).toHaveLength(hostile.length);
    expect(estate.unreadable[0]?.because).toContain('row 1 ');
    expect(estate.unreadable.at(-1)?.because).toContain('elsewhere');
  });
  test('of a vault whose policies are missing, or that is listed twice and not alike, is its name; it is not a vault without policies', async () => {
    const [lost, twin] = [vaultId(1, 'lost'), vaultId(1, 'twin')];
    const rows = [vaultRow(lost, { accessPolicies: null }), vaultRow(twin, { accessPolicies: [policy(person('u'))] }), vaultRow(twin)];
    const { vaults, unreadable: unread } = await readEstate(request(), fakeAzure([{ vaults: rows }]));
    expect(vaults).toEqual([]);
    expect(unread).toEqual([
      { subject: lost, because: expect.stringContaining('access policies') as string },
      { subject: twin, because: expect.stringContaining('twice') as string },
    ]);
  });
  test('of a vault that was named by id is said, and so is an answer about another vault', async () => {
    const azure = fakeAzure([subscription(1, 3)]);
    const refused = { ...azure.resources, vault: () => Promise.resolve(unreadable('403')) };
    const ids = [vaultId(1, 'kv-1-0'), vaultId(1, 'kv-1-1')];
    const none = await readEstate(request({ vaults: ids }), { ...azure, resources: refused });
    expect([none.vaults, none.unreadable]).toEqual([[], ids.map((subject) => ({ subject, because: '403' }))]);
    const mixedUp = { ...azure.resources, vault: () => Promise.resolve(read(vaultRow(vaultId(1, 'kv-1-1')))) };
    const one = await readEstate(request({ vaults: ids }), { ...azure, resources: mixedUp });
    expect(one.vaults.map(({ vault }) => vault.name)).toEqual(['kv-1-1']);
    expect(one.unreadable.map(({ subject }) => subject)).toEqual([vaultId(1, 'kv-1-0')]);
  });
  test('of the subscriptions stops a search, but not vaults that are named by id', async () => {
    const azure = fakeAzure([subscription(1, 1)]);
    const resources = { ...azure.resources, subscriptions: () => Promise.resolve(unreadable('503')) };
    const error = await failure(readEstate(request({ vaults: ['kv-1-0'] }), { ...azure, resources }));
    expect([error.code, error.outcome]).toEqual(['SUBSCRIPTIONS_UNREAD', 'undetermined']);
    const estate = await readEstate(request({ vaults: [vaultId(1, 'kv-1-0')] }), { ...azure, resources });
    expect(estate.vaults).toHaveLength(1);
  });
});

describe('a vault that is not there', () => {
  test('stops the run when it was named, with the names that may have been meant', async () => {
    const error = await failure(readEstate(request({ vaults: ['kv-1-00', 'kv-1-1'] }), fakeAzure([subscription(1, 2)])));
    expect([error.code, error.outcome]).toEqual(['VAULT_UNKNOWN', 'usage']);
    expect(error.remedy).toContain('`kv-1-0`');
  });
  test('is not called unknown when a subscription could not be looked through', async () => {
    const subscriptions = [subscription(1, 1), subscription(2, 1, { unreadable: ['vaults'] })];
    const error = await failure(readEstate(request({ vaults: ['kv-2-0'] }), fakeAzure(subscriptions)));
    expect([error.code, error.outcome]).toEqual(['VAULT_NOT_SEEN', 'undetermined']);
  });
  test('is said of an id among others, and stops the run when it is the only one', async () => {
    const azure = fakeAzure([subscription(1, 2)]);
    const gone = vaultId(1, 'kv-1-9');
    const estate = await readEstate(request({ vaults: [gone, vaultId(1, 'kv-1-1')] }), azure);
    expect(estate.vaults).toHaveLength(1);
    expect(estate.unreadable).toEqual([{ subject: gone, because: 'Azure knows no such vault' }]);
    const error = await failure(readEstate(request({ vaults: [gone] }), azure));
    expect(error.remedy).toContain('kv-1-0');
  });
  test('lies in a subscription beyond reach: said, not lost, also beside names', async () => {
    const azure = fakeAzure([subscription(1, 2)]);
    const beyond = vaultId(7, 'kv-far');
    for (const vaults of [
      [beyond, vaultId(1, 'kv-1-1')],
      [beyond, 'kv-1-1'],
    ]) {
      const estate = await readEstate(request({ vaults }), azure);
      expect(estate.vaults.map(({ vault }) => vault.name)).toEqual(['kv-1-1']);
      expect(estate.unreadable.map(({ subject }) => subject)).toEqual([beyond]);
    }
  });
  test('counts for a subscription too', async () => {
    const error = await failure(readEstate(request({ subscriptions: ['Subscription 9'] }), fakeAzure([subscription(1, 1)])));
    expect([error.code, error.outcome]).toEqual(['SUBSCRIPTION_UNKNOWN', 'usage']);
    expect(error.remedy).toContain('Subscription 1');
    const estate = await readEstate(request({ subscriptions: ['subscription 1'] }), fakeAzure([subscription(1, 1), subscription(2, 1)]));
    expect(estate.vaults).toHaveLength(1);
  });
});

describe('the directory is asked about', () => {
  const vault = vaultId(1, 'kv');
  const withRows = (more: Partial<FakeSubscription>, people = [user('u'), group('g')]) =>
    fakeAzure([{ vaults: [vaultRow(vault, { accessPolicies: [policy(person('u'))] }), vaultRow(vaultId(1, 'kv2'))], ...more }], people);
  const kv = request({ vaults: [vault] });
  const known = async (more: Partial<FakeSubscription>) => [...(await readEstate(kv, withRows(more))).principals.keys()];

  test('everybody in a policy, and holders of data roles above, at and inside the vault', async () => {
    const scopes = [
      '/',
      '/providers/Microsoft.Management/managementGroups/m',
      `/subscriptions/${subscriptionId(1)}`,
      vault,
      `${vault}/secrets/s`,
    ];
    const ids = await known({ assignments: scopes.map((scope) => assignment(scope, person(scope))) });
    expect(new Set(ids)).toEqual(new Set([person('u'), ...scopes.map((scope) => person(scope))]));
  });
  test('nobody whose role carries no data action, or stands at another vault', async () => {
    const ids = await known({
      assignments: [
        assignment(vault, person('control'), 'User', 'control'),
        assignment(`${vault}2`, person('neighbour')),
        assignment(`${vault}2/secrets/s`, person('neighbour')),
      ],
    });
    expect(ids).toEqual([person('u')]);
  });
  test('LP-8: holders of rights to hand out access by the way, in the same call, and without asking what became of them', async () => {
    const azure = withRows(
      { assignments: [assignment(vault, person('owner'), 'User', 'control'), assignment(vault, person('gone'), 'User', 'control')] },
      [user('u'), user('owner')],
    );
    const { principals, members } = await readEstate(kv, azure);
    expect([...principals.keys()].sort()).toEqual([person('u'), person('owner')].sort());
    expect(members.size).toBe(0);
    expect(azure.calls.filter((call) => /getByIds|deletedItems|members/.test(call))).toEqual(['getByIds 3']);
  });
  test('holders of a role that nobody can look up, which may carry anything', async () => {
    expect(await known({ assignments: [assignment(vault, person('x'), 'User', 'unlisted')] })).toContain(person('x'));
  });
  test('EA-29: the members of groups with a data role or in a deny on data, and of no other group', async () => {
    const deny = (principals: readonly string[], excludePrincipals: readonly string[] = [], dataActions = ['*']) => ({
      id: 'deny',
      properties: {
        scope: vault,
        permissions: [{ dataActions }],
        principals: principals.map((id) => ({ id })),
        excludePrincipals: excludePrincipals.map((id) => ({ id })),
      },
    });
    const people = [user('u'), group('holds'), group('denied'), group('left out'), group('policy'), group('control')];
    const azure = fakeAzure(
      [
        {
          vaults: [vaultRow(vault, { accessPolicies: [policy(person('policy'))] })],
          assignments: [assignment(vault, person('holds'), 'Group'), assignment(vault, person('control'), 'Group', 'control')],
          denies: [deny([person('denied'), everyone, person('stranger')], [person('left out')]), deny([person('control')], [], [])],
        },
      ],
      people,
    );
    const { members, principals } = await readEstate(kv, azure);
    expect(principals.has(everyone)).toBe(false);
    expect(new Set(members.keys())).toEqual(new Set(['holds', 'denied', 'left out', 'stranger'].map(person)));
    expect(members.get(person('holds'))).toEqual({ state: 'read', value: new Set([person('member')]) });
    // Who is unresolved may be a group: a deny on it must not look as if it bit nobody.
    expect(members.get(person('stranger'))?.state).toBe('unreadable');
  });
  test('EA-29: a foreign group is unreadable, and a group that Graph hides is asked for all the same', async () => {
    const azure = withRows({
      assignments: [assignment(vault, person('foreign'), 'ForeignGroup'), assignment(vault, person('hidden'), 'Group')],
    });
    const { members } = await readEstate(kv, azure);
    expect(members.get(person('foreign'))?.state).toBe('unreadable');
    expect(members.get(person('hidden'))?.state).toBe('read');
    expect(azure.calls.filter((call) => call.startsWith('members'))).toEqual([`members ${person('hidden')}`]);
  });
  test('and not about an object id that is not a GUID', async () => {
    const azure = fakeAzure([{ vaults: [vaultRow(vault, { accessPolicies: [policy('nobody')] })] }]);
    expect((await readEstate(kv, azure)).principals.size).toBe(0);
    expect(kinds(azure.calls)).not.toHaveProperty('getByIds');
  });
});
