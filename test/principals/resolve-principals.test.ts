import { describe, expect, it } from 'vitest';
import { type Guid, nameGuid } from '../../src/model/guid.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { read, unreadable } from '../../src/model/reading.ts';
import type { Directory } from '../../src/principals/ports.ts';
import { resolvePrincipals } from '../../src/principals/resolve-principals.ts';

const id = (name: string): Guid => nameGuid('principal', name);
type Deleted = Awaited<ReturnType<Directory['deletedItems']>>;

function directory(objects: readonly JsonObject[], deleted: Deleted = new Map()) {
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
    transitiveMembers: () => Promise.reject(new Error('not asked')),
    memberGroups: () => Promise.reject(new Error('not asked')),
  };
  return { port, calls };
}

const one = async (object: JsonObject) => {
  const all = await resolvePrincipals([id('x')], directory([{ id: id('x'), ...object }]).port);
  return all.get(id('x'));
};

describe('an object id is', () => {
  it('a user, and a guest when the directory says so', async () => {
    const user = { '@odata.type': '#microsoft.graph.user', displayName: 'Ada' };
    expect(await one(user)).toEqual({ kind: 'user', objectId: id('x'), displayName: 'Ada', guest: false });
    expect(await one({ ...user, userType: 'Guest' })).toMatchObject({ guest: true });
    expect(await one({ ...user, userType: 'Member' })).toMatchObject({ guest: false });
  });
  it('a group, dynamic by its type or its rule', async () => {
    const group = { '@odata.type': '#microsoft.graph.group', displayName: 'Team', securityEnabled: true, groupTypes: [] };
    expect(await one(group)).toEqual({ kind: 'group', objectId: id('x'), displayName: 'Team', securityEnabled: true, dynamic: false });
    expect(await one({ ...group, groupTypes: ['Unified', 'DynamicMembership'] })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, membershipRule: 'user.department -eq "x"' })).toMatchObject({ dynamic: true });
    expect(await one({ ...group, membershipRule: null })).toMatchObject({ dynamic: false });
    expect(await one({ ...group, securityEnabled: false })).toMatchObject({ securityEnabled: false });
  });
  it('EA-37: a group of which only the id is shown, so that nobody can call its members assigned', async () => {
    expect(await one({ '@odata.type': '#microsoft.graph.group' })).toMatchObject({ kind: 'group', displayName: '', dynamic: true });
  });
  it('a service principal, and a managed identity by its type', async () => {
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
  it('EA-28: an app registration, which is no service principal', async () => {
    const registration = { '@odata.type': '#microsoft.graph.application', displayName: 'app', appId: 'a1' };
    expect(await one(registration)).toEqual({ kind: 'application', objectId: id('x'), displayName: 'app', appId: 'a1' });
  });
  it('unresolved when the directory knows it as something else', async () => {
    expect(await one({ '@odata.type': '#microsoft.graph.device', displayName: 'laptop' })).toMatchObject({ kind: 'unresolved' });
    expect(await one({})).toMatchObject({ kind: 'unresolved' });
  });
  it('shown under the name it was given, whatever that is', async () => {
    const displayName = '=HYPERLINK("x")\u001b[31m<b>';
    expect(await one({ '@odata.type': '#microsoft.graph.user', displayName })).toMatchObject({ displayName });
  });
});

describe('an object id that the directory leaves out', () => {
  it('is deleted when it lies among the deleted items', async () => {
    const item = { id: id('gone'), displayName: 'Old', deletedDateTime: '2026-11-01T00:00:00Z' };
    const { port } = directory([], new Map([[id('gone'), read(item)]]));
    const principal = (await resolvePrincipals([id('gone')], port)).get(id('gone'));
    expect(principal).toMatchObject({ kind: 'deleted', displayName: 'Old' });
    expect(principal).toHaveProperty('because', expect.stringContaining('2026-11-01'));
  });
  it('P22, EA-32: is unresolved, never deleted, when no list has it', async () => {
    const { port } = directory([], new Map([[id('live'), { state: 'absent' }]]));
    const principal = (await resolvePrincipals([id('live')], port)).get(id('live'));
    expect(principal).toMatchObject({ kind: 'unresolved' });
    expect(principal).toHaveProperty('because', expect.stringContaining('another tenant'));
  });
  it('EA-32: is unresolved when the deleted items say nothing or cannot be read', async () => {
    const { port } = directory([], new Map([[id('b'), unreadable('403')]]));
    const all = await resolvePrincipals([id('a'), id('b')], port);
    expect(all.get(id('a'))).toMatchObject({ kind: 'unresolved' });
    expect(all.get(id('b'))).toHaveProperty('because', expect.stringContaining('403'));
  });
});

describe('asking the directory', () => {
  it('takes one question for the ids and one for those it leaves out, however often an id occurs', async () => {
    const { port, calls } = directory([{ id: id('a'), '@odata.type': '#microsoft.graph.user' }]);
    await resolvePrincipals([id('b'), id('a'), id('a')], port);
    expect(calls).toEqual([`objects ${[id('a'), id('b')].sort().join()}`, `deleted ${id('b')}`]);
  });
  it('takes no question at all without ids, and none about deleted items when all are known', async () => {
    const { port, calls } = directory([{ id: id('a'), '@odata.type': '#microsoft.graph.user' }]);
    expect(await resolvePrincipals([], port)).toEqual(new Map());
    expect(calls).toEqual([]);
    await resolvePrincipals([id('a')], port);
    expect(calls).toEqual([`objects ${id('a')}`]);
  });
  it('leaves every id unresolved, with the reason, when the directory cannot be read', async () => {
    const { port } = directory([]);
    const shut = { ...port, objectsByIds: () => Promise.resolve(unreadable('Authorization_RequestDenied')) };
    const all = await resolvePrincipals([id('a'), id('b')], shut);
    expect([...all.values()].map((principal) => principal.kind)).toEqual(['unresolved', 'unresolved']);
    expect(all.get(id('a'))).toHaveProperty('because', expect.stringContaining('Authorization_RequestDenied'));
  });
  it('does not let in objects that nobody asked for', async () => {
    const { port } = directory([{ id: id('stranger'), '@odata.type': '#microsoft.graph.user' }, { id: 7 }]);
    expect([...(await resolvePrincipals([id('a')], port)).keys()]).toEqual([id('a')]);
  });
});
