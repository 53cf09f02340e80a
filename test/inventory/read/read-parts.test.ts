import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/base/guid.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { type Reading, read, unreadable } from '../../../src/base/reading.ts';
import type { Directory } from '../../../src/inventory/directory-ports.ts';
import { readPeople } from '../../../src/inventory/read/read-parts.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { RelevantPrincipals } from '../../../src/model/relevant-principals.ts';
import { person, user } from '../fake-azure.ts';

const [team, admins, nested] = ['team', 'admins', 'nested'].map(person) as [Guid, Guid, Guid];
const aGroup = (objectId: Guid): Principal => ({ kind: 'group', objectId, displayName: 'g', securityEnabled: true, dynamic: false });
const relevant: RelevantPrincipals = {
  inPolicies: new Set([team]),
  inAssignments: new Map([[admins, 'Group']]),
  inDenies: new Set(),
  inControl: new Set(),
};
const known = {
  principals: new Map([team, admins].map((id) => [id, aGroup(id)])),
  members: new Map([[admins, read(new Set([person('ann')]))]]),
};
const dynamic: JsonObject = { id: nested, '@odata.type': '#microsoft.graph.group', displayName: 'd', groupTypes: ['DynamicMembership'] };

function directoryOf(members: Readonly<Record<string, Reading<ReadonlySet<Guid>>>>, objects: Reading<readonly JsonObject[]>) {
  const calls: string[] = [];
  const directory: Directory = {
    objectsByIds: (ids) => {
      calls.push(`names ${ids.length}`);
      return Promise.resolve(objects);
    },
    transitiveMembers: (group) => {
      calls.push(`members ${group}`);
      const reading = members[group] ?? unreadable('refused');
      const groups = new Set([nested]);
      return Promise.resolve(
        reading.state === 'read'
          ? read({ ids: reading.value, groups: reading.value.has(nested) ? groups : new Set<Guid>(), things: new Set<Guid>() })
          : reading,
      );
    },
    deletedItems: () => Promise.reject(new Error('not asked')),
    otherIds: () => Promise.reject(new Error('not asked')),
    memberGroups: () => Promise.reject(new Error('not asked')),
    pimMembershipsOf: () => Promise.reject(new Error('not asked')),
  };
  return { directory, calls };
}

describe('people in the groups of a vault', () => {
  test('are asked for by group where it was not opened yet, and by name all at once', async () => {
    const { directory, calls } = directoryOf({ [team]: read(new Set([person('ann'), person('bob')])) }, read([user('ann'), user('bob')]));
    const people = await readPeople(relevant, known, directory);
    expect(calls).toEqual([`members ${team}`, 'names 2']);
    expect(people.principals.get(person('bob'))).toMatchObject({ kind: 'user', displayName: 'bob' });
    expect(people.members.get(team)).toEqual(read(new Set([person('ann'), person('bob')])));
    expect(people.members.get(admins)).toBe(known.members.get(admins));
  });
  test('EA-60: of a group that may hide them are not known to be none, and neither are those of a group around it', async () => {
    const hidden: JsonObject = {
      id: nested,
      '@odata.type': '#microsoft.graph.group',
      displayName: 'h',
      groupTypes: [],
      visibility: 'HiddenMembership',
    };
    const open = async (members: Parameters<typeof directoryOf>[0], principals: readonly Principal[], rows: readonly JsonObject[] = []) =>
      (
        await readPeople(
          relevant,
          { principals: new Map(principals.map((one) => [one.objectId, one])), members: new Map() },
          directoryOf(members, read(rows)).directory,
        )
      ).members.get(team);
    const hides: Principal = { ...aGroup(team), hiddenMembership: true } as Principal;
    expect(await open({ [team]: read(new Set()) }, [aGroup(team)])).toEqual(read(new Set()));
    expect(await open({ [team]: read(new Set()) }, [hides])).toMatchObject({ state: 'unreadable' });
    expect(await open({ [team]: read(new Set([person('ann')])) }, [hides])).toEqual(read(new Set([person('ann')])));
    const around = { [team]: read(new Set([nested])) };
    expect(await open({ ...around, [nested]: read(new Set()) }, [aGroup(team)], [hidden])).toMatchObject({ state: 'unreadable' });
    expect(await open(around, [aGroup(team)], [hidden])).toMatchObject({ state: 'unreadable' });
    expect((await open({ ...around, [nested]: read(new Set([person('bob')])) }, [aGroup(team)], [hidden]))?.state).toBe('read');
    expect((await open({ ...around, [nested]: read(new Set()) }, [aGroup(team)], [{ ...hidden, visibility: null }]))?.state).toBe('read');
  });
  test('EA-29: of a group that cannot be opened stay unknown', async () => {
    const { directory } = directoryOf({}, read([user('ann')]));
    const people = await readPeople(relevant, known, directory);
    expect(people.members.get(team)).toEqual(unreadable('refused'));
  });
  test('EA-32: whom the directory leaves out, or all when it cannot be read, are unresolved', async () => {
    const members = { [team]: read(new Set([person('bob')])) };
    const some = await readPeople(relevant, known, directoryOf(members, read([user('ann')])).directory);
    expect(some.principals.get(person('bob'))).toMatchObject({ kind: 'unresolved' });
    expect(some.principals.get(person('ann'))).toMatchObject({ kind: 'user' });
    const none = await readPeople(relevant, known, directoryOf(members, unreadable('throttled')).directory);
    expect(none.principals.get(person('ann'))).toMatchObject({
      kind: 'unresolved',
      why: { kind: 'directoryUnread', because: 'throttled' },
    });
  });
  test('EA-37: who comes through a nested dynamic group is found out', async () => {
    const members = { [team]: read(new Set([nested, person('bob')])), [nested]: read(new Set([person('bob')])) };
    const { directory, calls } = directoryOf(members, read([user('ann'), user('bob'), dynamic]));
    const people = await readPeople(relevant, known, directory);
    expect(calls).toEqual([`members ${team}`, 'names 1', `members ${nested}`, 'names 2']);
    expect(people.members.get(nested)).toEqual(read(new Set([person('bob')])));
  });
  test('EA-37: a nested group of which nobody says more than that it is there may follow a rule, too', async () => {
    const members = { [team]: read(new Set([nested, person('bob')])) };
    const { directory } = directoryOf(members, read([user('ann'), user('bob')]));
    const people = await readPeople(relevant, known, directory);
    expect(people.principals.get(nested)).toMatchObject({ kind: 'group', dynamic: true });
    expect(people.members.get(nested)).toEqual(unreadable('refused'));
  });
});
