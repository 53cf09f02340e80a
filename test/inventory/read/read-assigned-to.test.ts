import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../src/base/reading.ts';
import type { Directory } from '../../../src/inventory/directory-ports.ts';
import { type ReadingProgress, readEstate } from '../../../src/inventory/read-estate.ts';
import { parseSelection } from '../../../src/inventory/selection.ts';
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
} from '../fake-azure.ts';

const people = [user('anna'), user('ben'), group('team'), group('other-team')];
const scopeOf = (n: number) => `/subscriptions/${subscriptionId(n)}`;
const subscription = (n: number, names: readonly string[], more: Partial<FakeSubscription> = {}): FakeSubscription => ({
  vaults: names.map((name, i) => vaultRow(vaultId(n, `kv-${n}-${i}`), { accessPolicies: [policy(person(name))] })),
  assignments: [assignment(scopeOf(n), person('team'), 'Group')],
  ...more,
});
const refused = unreadable('Microsoft Graph answered 403');
const noMembers: Partial<Directory> = { transitiveMembers: () => Promise.resolve(refused) };
const nothing: Partial<Directory> = { ...noMembers, objectsByIds: () => Promise.resolve(refused) };

async function reading(
  subscriptions: readonly FakeSubscription[],
  directory: Partial<Directory>,
  more: { readonly assignedTo?: 'never' } = {},
) {
  const azure = fakeAzure(subscriptions, people);
  const told: ReadingProgress[] = [];
  const request = {
    selection: parseSelection({}),
    cloud: 'public',
    tenantId: tenant,
    operatorId: person('operator'),
    now: () => '2026-11-24T10:00:00Z',
  };
  const ports = { ...azure, directory: { ...azure.directory, ...directory } };
  const estate = await readEstate({ ...request, ...more }, ports, (progress) => told.push(progress));
  const lists = estate.subscriptions.map(({ assignedTo }) => assignedTo && [...assignedTo.keys()]);
  return { estate, lists, told, asked: azure.calls.filter((call) => call.startsWith('assignedTo')) };
}

describe("EA-30: Azure's own list of what is assigned to a principal", () => {
  test('is asked for by nobody whose directory answers', async () => {
    const { lists, asked, told } = await reading([subscription(1, ['anna', 'ben', 'team'])], {});
    expect([lists, asked]).toEqual([[undefined], []]);
    expect(told.some(({ principals }) => principals !== undefined)).toBe(false);
  });
  test('is asked for once a principal and subscription where the members of a group could not be read; never of a group', async () => {
    const { lists, asked, estate } = await reading(
      [subscription(1, ['anna', 'anna', 'ben', 'team']), subscription(2, ['anna'])],
      noMembers,
    );
    const sorted = [person('anna'), person('ben')].sort();
    expect(lists).toEqual([sorted, [person('anna')]]);
    expect(asked.sort()).toEqual([scopeOf(1), scopeOf(1), scopeOf(2)].map((scope) => `assignedTo ${scope}`));
    expect(estate.subscriptions[0]?.assignedTo?.get(person('anna'))).toEqual({ state: 'read', value: [] });
  });
  test('is asked for about everybody where the directory says nothing of anybody', async () => {
    const { lists } = await reading([subscription(1, ['anna', 'team'])], nothing);
    expect(lists).toEqual([[person('anna'), person('team')].sort()]);
  });
  test('is not asked for where the group holds nothing, nor for a group that no right could open', async () => {
    const elsewhere = subscription(2, ['anna'], { assignments: [] });
    expect((await reading([elsewhere], nothing)).asked).toEqual([]);
    const foreign = subscription(1, ['anna'], { assignments: [assignment(scopeOf(1), person('stranger'), 'ForeignGroup')] });
    expect((await reading([foreign], {})).asked).toEqual([]);
    const left = subscription(1, ['anna', 'nobody-knows'], { assignments: [assignment(scopeOf(1), person('nobody-knows'), 'User')] });
    expect((await reading([left], {})).asked).toEqual([]);
  });
  test('is spared where it is told to be', async () => {
    const { lists, asked } = await reading([subscription(1, ['anna'])], nothing, { assignedTo: 'never' });
    expect([lists, asked]).toEqual([[undefined], []]);
  });
  test('that cannot be read is unreadable, with the reason', async () => {
    const { estate } = await reading([subscription(1, ['anna'], { unreadable: ['assignedTo'] })], noMembers);
    expect(estate.subscriptions[0]?.assignedTo?.get(person('anna'))).toEqual(unreadable('assignedTo refused'));
  });
  test('is asked for a thousand times in a run and no more, and those left out say so', async () => {
    const names = Array.from({ length: 1003 }, (_, n) => `p${n}`);
    const { estate, asked, told } = await reading([subscription(1, names)], nothing);
    expect(asked).toHaveLength(1000);
    const unasked = [...(estate.subscriptions[0]?.assignedTo?.values() ?? [])].filter((list) => list.state === 'unreadable');
    expect(unasked).toHaveLength(3);
    expect(unasked[0]).toHaveProperty('because', expect.stringContaining('1000 such lists at most'));
    const progress = told.flatMap(({ principals }) => principals ?? []);
    expect([progress[0], progress.at(-1)]).toEqual([
      { done: 0, total: 1000 },
      { done: 1000, total: 1000 },
    ]);
  });
});
