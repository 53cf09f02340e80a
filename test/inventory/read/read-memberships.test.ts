import { expect, test } from 'vitest';
import type { Guid } from '../../../src/base/guid.ts';
import { read } from '../../../src/base/reading.ts';
import type { Directory, PimMembershipReading } from '../../../src/inventory/directory-ports.ts';
import { readMemberships } from '../../../src/inventory/read/read-memberships.ts';
import type { PimMembership } from '../../../src/model/pim-membership.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { RelevantPrincipals } from '../../../src/model/relevant-principals.ts';
import { person } from '../fake-azure.ts';

const ann = person('ann');
const groupIds = (count: number) => Array.from({ length: count }, (_, n) => person(`group ${n}`));
const aGroup = (objectId: Guid, dynamic = false): Principal => ({
  kind: 'group',
  objectId,
  displayName: 'g',
  securityEnabled: true,
  dynamic,
});
const none: PimMembershipReading = { state: 'read', value: [] };
const row = (principalId: Guid, more: Partial<PimMembership> = {}): PimMembership => {
  return { principalId, access: 'member', activated: false, derived: false, ...more };
};

async function reading(
  members: ReadonlyMap<Guid, readonly Guid[]>,
  answer: (group: Guid, list: string) => PimMembershipReading,
  more: {
    readonly holding?: readonly Guid[];
    readonly dynamic?: readonly Guid[];
    readonly leftOut?: readonly Guid[];
    readonly closed?: ReadonlyMap<Guid, readonly Guid[]>;
  } = {},
) {
  const calls: string[] = [];
  const unused = () => Promise.reject(new Error('not asked'));
  const directory: Directory = {
    ...{ objectsByIds: unused, deletedItems: unused, otherIds: unused, memberGroups: unused },
    pimMembershipsOf: (some, list) => {
      for (const group of some) calls.push(`${list} ${group}`);
      return Promise.resolve(new Map(some.filter((group) => !more.leftOut?.includes(group)).map((group) => [group, answer(group, list)])));
    },
    transitiveMembers: (group) => {
      calls.push(`members ${group}`);
      return Promise.resolve(read({ ids: new Set(more.closed?.get(group)), groups: new Set<Guid>(), things: new Set<Guid>() }));
    },
  };
  const holding = more.holding ?? [...members.keys()];
  const relevant: RelevantPrincipals = {
    inPolicies: new Set([ann]),
    inAssignments: new Map(holding.map((id) => [id, 'Group'])),
    inDenies: new Set(),
    inControl: new Set(),
  };
  const groups = [...members.keys(), ...(more.closed?.keys() ?? [])];
  const principals = new Map(groups.map((id) => [id, aGroup(id, more.dynamic?.includes(id))] as const));
  const known = { principals, members: new Map([...members].map(([id, list]) => [id, read(new Set(list))] as const)) };
  return { estate: await readMemberships(relevant, known, directory, '2026-11-24T12:00:00Z'), calls, known };
}

test('EA-61: asks once for each assigned group that holds data access and somebody of a policy, and for who may join of each that holds any', async () => {
  const [team, others, byRule, bystanders] = groupIds(4) as [Guid, Guid, Guid, Guid];
  const members = new Map([team, others, byRule, bystanders].map((id) => [id, id === others ? [person('ben')] : [ann]]));
  const { calls, estate, known } = await reading(members, () => none, { holding: [team, others, byRule], dynamic: [byRule] });
  expect([...calls].sort()).toEqual([`assignment ${team}`, `eligibility ${others}`, `eligibility ${team}`].sort());
  expect(estate.principals).toEqual(known.principals);
  expect(estate).not.toHaveProperty('pimForGroups');
});

test('EA-61: opens groups inside only where a membership ends', async () => {
  const [team, inner] = groupIds(2) as [Guid, Guid];
  const members = new Map([[team, [ann, inner]]]);
  const closed = new Map([[inner, [ann]]]);
  const quiet = await reading(members, () => none, { closed });
  expect(quiet.calls).not.toContain(`members ${inner}`);
  const until = '2026-11-24T16:00:00Z';
  const ends = (group: Guid, list: string): PimMembershipReading =>
    list === 'assignment' && group === inner ? { state: 'read', value: [row(ann, { endDateTime: until })] } : none;
  const { calls, estate } = await reading(members, ends, { closed });
  expect(calls).toContain(`members ${inner}`);
  expect(estate.principals.get(team)).toMatchObject({ ending: [{ principalId: ann, until }] });
});

test('EA-34, EA-61: names who may join, by himself or by a group inside, and no owner', async () => {
  const [team, inner] = groupIds(2) as [Guid, Guid];
  const joins = (group: Guid, list: string): PimMembershipReading => {
    if (list === 'assignment') return none;
    return { state: 'read', value: group === inner ? [row(ann)] : [row(person('own'), { access: 'owner' }), row(person('ben'))] };
  };
  const { estate } = await reading(new Map([[team, [person('x'), inner]]]), joins, { closed: new Map([[inner, []]]) });
  expect(estate.principals.get(team)).toMatchObject({ eligible: [ann, person('ben')].sort() });
});

test('EA-61: that all of the first groups are refused says enough of the rest; that one is refused says nothing of the others', async () => {
  const ids = groupIds(50);
  const members = new Map(ids.map((id) => [id, [ann]]));
  const refused: PimMembershipReading = { state: 'unreadable', because: 'it takes a right', refused: true };
  const { calls, estate } = await reading(members, () => refused);
  expect(calls).toHaveLength(40);
  expect(estate.pimForGroups).toEqual({ state: 'unreadable', because: 'it takes a right', groups: [...ids].sort() });
  const one = await reading(members, (id) => (id === ids[7] ? refused : none));
  expect(one.calls).toHaveLength(100);
  expect(one.estate.pimForGroups?.groups).toEqual([ids[7]]);
});

test('EA-61: a group that the answer leaves out is unreadable, and no group of which PIM says nothing', async () => {
  const ids = groupIds(3);
  const { estate } = await reading(new Map(ids.map((id) => [id, [ann]])), () => none, { leftOut: ids.slice(1, 2) });
  expect(estate.pimForGroups).toMatchObject({ state: 'unreadable', groups: ids.slice(1, 2) });
});

test('EA-58, EA-61: a tenant without PIM is asked no further', async () => {
  const members = new Map(groupIds(50).map((id) => [id, [ann]]));
  const { calls, estate } = await reading(members, () => ({ state: 'unlicensed', because: 'no licence' }));
  expect(calls).toHaveLength(20);
  expect(estate.pimForGroups?.state).toBe('unlicensed');
});
