import { describe, expect, test } from 'vitest';
import { everyone, type Guid } from '../../../src/base/guid.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { nameGuid } from '../../../src/base/name-guid.ts';
import { read, unreadable } from '../../../src/base/reading.ts';
import type { Directory, OtherIds } from '../../../src/inventory/directory-ports.ts';
import { resolvePrincipals } from '../../../src/inventory/principals/resolve-principals.ts';

const id = (name: string): Guid => nameGuid('principal', name);
const nothingElse: OtherIds = { servicePrincipals: [], applications: [], objects: [] };
type Deleted = Awaited<ReturnType<Directory['deletedItems']>>;

function directory(objects: readonly JsonObject[], deleted: Deleted = new Map(), others: OtherIds = nothingElse) {
  const calls: string[] = [];
  const port: Directory = {
    objectsByIds: (ids) => {
      calls.push(`objects ${ids.join()}`);
      return Promise.resolve(read(objects));
    },
    deletedItems: (ids) => {
      calls.push(`deleted ${ids.join()}`);
      return Promise.resolve(deleted);
    },
    otherIds: (ids) => {
      calls.push(`others ${ids.join()}`);
      return Promise.resolve(others);
    },
    transitiveMembers: () => Promise.reject(new Error('not asked')),
    memberGroups: () => Promise.reject(new Error('not asked')),
    pimMembershipsOf: () => Promise.reject(new Error('not asked')),
  };
  return { port, calls };
}

const one = async (object: JsonObject) => {
  const all = await resolvePrincipals([id('x')], directory([{ id: id('x'), ...object }]).port);
  return all.get(id('x'));
};

describe('the all-zero id', () => {
  test('LP-13: is nobody’s, whatever the directory says, and needs no decision', async () => {
    const { port } = directory([{ id: everyone, '@odata.type': '#microsoft.graph.user', displayName: 'x' }]);
    const all = await resolvePrincipals([everyone, id('x')], port);
    expect(all.get(everyone)).toMatchObject({ kind: 'noPrincipal', is: { what: 'allZero' } });
    expect(all.get(id('x'))).toMatchObject({ kind: 'unresolved' });
  });
});

describe('an object id is', () => {
  test('a user, and a guest when the directory says so', async () => {
    const user = { '@odata.type': '#microsoft.graph.user', displayName: 'Ada' };
    expect(await one(user)).toEqual({ kind: 'user', objectId: id('x'), displayName: 'Ada', guest: false });
    expect(await one({ ...user, userType: 'Guest' })).toMatchObject({ guest: true });
    expect(await one({ ...user, userType: 'Member' })).toMatchObject({ guest: false });
  });
  test('a group, dynamic by its type or its rule', async () => {
    const group = { '@odata.type': '#microsoft.graph.group', displayName: 'Team', securityEnabled: true, groupTypes: [] };
    expect(await one(group)).toEqual({ kind: 'group', objectId: id('x'), displayName: 'Team', securityEnabled: true, dynamic: false });
    expect(await one({ ...group, groupTypes: ['Unified', 'DynamicMembership'] })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, membershipRule: 'user.department -eq "x"' })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, membershipRule: null })).toMatchObject({ dynamic: false });
    expect(await one({ ...group, groupTypes: null })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, membershipRule: { odd: 1 } })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, securityEnabled: false })).toMatchObject({ securityEnabled: false });
  });
  test('EA-37: a group of which only the id is shown, so that nobody can call its members assigned', async () => {
    expect(await one({ '@odata.type': '#microsoft.graph.group' })).toMatchObject({ kind: 'group', displayName: '', dynamic: true });
  });
  test('a service principal, and a managed identity by its type', async () => {
    const principal = {
      '@odata.type': '#microsoft.graph.servicePrincipal',
      displayName: 'app',
      appId: 'a1',
      servicePrincipalType: 'Application',
    };
    expect(await one(principal)).toEqual({
      kind: 'servicePrincipal',
      objectId: id('x'),
      displayName: 'app',
      appId: 'a1',
      managedIdentity: false,
    });
    expect(await one({ ...principal, servicePrincipalType: 'ManagedIdentity' })).toMatchObject({ managedIdentity: true });
  });
  test('EA-28: an app registration, which is no service principal', async () => {
    const registration = { '@odata.type': '#microsoft.graph.application', displayName: 'app', appId: 'a1' };
    expect(await one(registration)).toEqual({ kind: 'application', objectId: id('x'), displayName: 'app', appId: 'a1' });
  });
  test.each([
    ['device', 'device'],
    ['directoryRole', 'directoryRole'],
    ['administrativeUnit', 'administrativeUnit'],
    ['orgContact', 'mailContact'],
  ])('EA-28: no principal when the directory knows it as %s: a %s', async (type, what) => {
    expect(await one({ '@odata.type': `#microsoft.graph.${type}`, displayName: 'laptop' })).toMatchObject({
      kind: 'noPrincipal',
      is: { what, name: 'laptop' },
    });
  });
  test('unresolved when the directory knows it as something that is not known here', async () => {
    expect(await one({ '@odata.type': '#microsoft.graph.agentIdentity', displayName: 'helper' })).toMatchObject({ kind: 'unresolved' });
    expect(await one({})).toMatchObject({ kind: 'unresolved' });
  });
  test('shown under the name it was given, whatever that is', async () => {
    const displayName = '=HYPERLINK("x")\u001b[31m<b>';
    expect(await one({ '@odata.type': '#microsoft.graph.user', displayName })).toMatchObject({ displayName });
  });
});

describe('an object id that the directory leaves out', () => {
  test('is deleted when it lies among the deleted items', async () => {
    const item = { id: id('gone'), displayName: 'Old', deletedDateTime: '2026-11-01T00:00:00Z' };
    const { port } = directory([], new Map([[id('gone'), read(item)]]));
    const principal = (await resolvePrincipals([id('gone')], port)).get(id('gone'));
    expect(principal).toEqual({ kind: 'deleted', objectId: id('gone'), displayName: 'Old', since: '2026-11-01T00:00:00Z' });
  });
  test('P22, EA-32: is unresolved, never deleted, when no list has it', async () => {
    const { port } = directory([], new Map([[id('live'), { state: 'absent' }]]));
    const principal = (await resolvePrincipals([id('live')], port)).get(id('live'));
    expect(principal).toMatchObject({ kind: 'unresolved', why: { kind: 'absent' } });
  });
  test('EA-32: is unresolved when the deleted items say nothing or cannot be read', async () => {
    const { port } = directory([], new Map([[id('b'), unreadable('403')]]));
    const all = await resolvePrincipals([id('a'), id('b')], port);
    expect(all.get(id('a'))).toMatchObject({ kind: 'unresolved', why: { kind: 'unsaid' } });
    expect(all.get(id('b'))).toMatchObject({ kind: 'unresolved', why: { kind: 'deletedUnread', because: '403' } });
  });
});

describe('an id in the place of an object id is', () => {
  const absent = new Map([[id('x'), { state: 'absent' } as const]]);
  const written = new Set([id('x')]);
  test('EA-28: the application id of a service principal, by one more question', async () => {
    const servicePrincipals = [{ id: id('sp'), displayName: 'sp-deployer', appId: id('x').toUpperCase() }];
    const { port, calls } = directory([], absent, { ...nothingElse, servicePrincipals });
    expect((await resolvePrincipals([id('x')], port, { written })).get(id('x'))).toEqual({
      kind: 'noPrincipal',
      objectId: id('x'),
      displayName: 'sp-deployer',
      is: { what: 'application', name: 'sp-deployer', servicePrincipal: id('sp') },
    });
    expect(calls.at(-1)).toBe(`others ${id('x')}`);
  });
  test('EA-28: that of an app registration without a service principal', async () => {
    const { port } = directory([], absent, { ...nothingElse, applications: [{ id: id('reg'), displayName: 'reg', appId: id('x') }] });
    const principal = (await resolvePrincipals([id('x')], port, { written })).get(id('x'));
    expect(principal).toHaveProperty('is', { what: 'application', name: 'reg' });
  });
  test('what else the directory has, and what is known without it, even where it cannot be read', async () => {
    const { port } = directory([], absent, { ...nothingElse, objects: [{ id: id('x'), '@odata.type': '#microsoft.graph.directoryRole' }] });
    expect((await resolvePrincipals([id('x')], port, { written })).get(id('x'))).toMatchObject({ is: { what: 'directoryRole' } });
    const shut = { ...port, objectsByIds: () => Promise.resolve(unreadable('403')) };
    const others = new Map([[id('x'), { what: 'tenant' as const }]]);
    expect((await resolvePrincipals([id('x')], shut, { written, others })).get(id('x'))).toMatchObject({ is: { what: 'tenant' } });
  });
  test('not asked about where nobody wrote it, where it lies among the deleted items, or where the directory cannot be read', async () => {
    const { port, calls } = directory([], absent);
    await resolvePrincipals([id('x')], port);
    await resolvePrincipals([id('x')], directory([], new Map([[id('x'), read({ id: id('x') })]])).port, { written });
    await resolvePrincipals([id('x')], { ...port, objectsByIds: () => Promise.resolve(unreadable('403')) }, { written });
    expect(calls.filter((call) => call.startsWith('others'))).toEqual([]);
  });
  test('P22: unresolved where nothing tells, and where an answer speaks of another id', async () => {
    const servicePrincipals = [{ id: id('sp'), displayName: 'sp', appId: id('y') }];
    const { port } = directory([], absent, { ...nothingElse, servicePrincipals });
    expect((await resolvePrincipals([id('x')], port, { written })).get(id('x'))).toMatchObject({
      kind: 'unresolved',
      why: { kind: 'absent' },
    });
  });
});

describe('asking the directory', () => {
  test('takes one question for the ids and one for those it leaves out, however often an id occurs', async () => {
    const { port, calls } = directory([{ id: id('a'), '@odata.type': '#microsoft.graph.user' }]);
    await resolvePrincipals([id('b'), id('a'), id('a')], port);
    expect(calls).toEqual([`objects ${[id('a'), id('b')].sort().join()}`, `deleted ${id('b')}`]);
  });
  test('takes no question at all without ids, and none about deleted items when all are known', async () => {
    const { port, calls } = directory([{ id: id('a'), '@odata.type': '#microsoft.graph.user' }]);
    expect(await resolvePrincipals([], port)).toEqual(new Map());
    expect(calls).toEqual([]);
    await resolvePrincipals([id('a')], port);
    expect(calls).toEqual([`objects ${id('a')}`]);
  });
  test('leaves every id unresolved, with the reason, when the directory cannot be read', async () => {
    const { port } = directory([]);
    const shut = { ...port, objectsByIds: () => Promise.resolve(unreadable('Authorization_RequestDenied')) };
    const all = await resolvePrincipals([id('a'), id('b')], shut);
    expect([...all.values()].map((principal) => principal.kind)).toEqual(['unresolved', 'unresolved']);
    expect(all.get(id('a'))).toHaveProperty('why', { kind: 'directoryUnread', because: 'Authorization_RequestDenied' });
  });
  test('does not let in objects that nobody asked for', async () => {
    const { port } = directory([{ id: id('stranger'), '@odata.type': '#microsoft.graph.user' }, { id: 7 }]);
    expect([...(await resolvePrincipals([id('a')], port)).keys()]).toEqual([id('a')]);
  });
});
