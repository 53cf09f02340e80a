import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectAt, stringAt } from '../../../src/base/json.ts';
import { aTenant, groupId, ids, type Running, roleId, roles, runSandbox, vaultId } from '../run-sandbox.ts';

const kvA = vaultId('kv-a');
const version = 'api-version=2022-04-01';
const at = (scope: string, name: string = randomUUID()) => `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?${version}`;
const grant = (principalId: string, role: string = roles.secretsUser, more: object = {}) => ({
  properties: { roleDefinitionId: roleId(role), principalId, ...more },
});

async function principals(list: AsyncIterable<{ principalId?: string; scope?: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const row of list)
    found.push(`${Object.entries(ids).find(([, id]) => id === row.principalId)?.[0] ?? '?'} ${row.scope?.split('/').at(-1) ?? ''}`);
  return found.sort();
}

describe('listing role assignments', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('EA-44: no filter shows at, above and below; atScope() leaves out what lies below', async () => {
    const assignments = azure.authorization().roleAssignments;
    const all = [
      'contributor rg-a',
      'dana db',
      'delegate rg-a',
      'delegate rg-a',
      'group kv-a',
      'owner platform',
      `reader ${ids.subscription}`,
    ];
    expect(await principals(assignments.listForSubscription())).toEqual(all);
    expect(await principals(assignments.listForScope(kvA))).toEqual(all);
    expect(await principals(assignments.listForScope(kvA, { filter: 'atScope()' }))).toEqual(all.filter((row) => row !== 'dana db'));
    expect(await principals(assignments.listForScope(`${kvA}/secrets/db`, { filter: 'atScope()' }))).toEqual(all);
  });

  test('EA-30: principalId is direct, assignedTo counts groups and takes none', async () => {
    const assignments = azure.authorization().roleAssignments;
    expect(await principals(assignments.listForScope(kvA, { filter: `principalId eq '${ids.dana}'` }))).toEqual(['dana db']);
    expect(await principals(assignments.listForScope(kvA, { filter: `assignedTo('${ids.dana}')` }))).toEqual(['dana db', 'group kv-a']);
    expect(await principals(assignments.listForScope(kvA, { filter: `atScope() and assignedTo('${ids.dana}')` }))).toEqual(['group kv-a']);
    await expect(principals(assignments.listForScope(kvA, { filter: `assignedTo('${ids.group}')` }))).rejects.toMatchObject({
      statusCode: 400,
    });
    const both = principals(assignments.listForScope(kvA, { filter: `atScope() and principalId eq '${ids.dana}'` }));
    await expect(both).rejects.toMatchObject({ statusCode: 400, code: 'UnsupportedQuery' });
  });

  test('reading asks for the right to read', async () => {
    const refused = principals(azure.authorization(ids.app).roleAssignments.listForScope(kvA));
    await expect(refused).rejects.toMatchObject({ statusCode: 403, code: 'AuthorizationFailed' });
  });

  test('the listing lag hides new assignments and keeps removed ones, reads by name do not lag', async () => {
    const lagging = await runSandbox({ ...aTenant(), consistency: { listingLagSeconds: 60 } });
    try {
      const [name, client] = [randomUUID(), lagging.authorization().roleAssignments];
      const rows = async () => await principals(client.listForScope(kvA, { filter: `principalId eq '${ids.app}'` }));
      await client.create(kvA, name, { roleDefinitionId: roleId(roles.secretsUser), principalId: ids.app });
      expect(await rows()).toEqual([]);
      expect((await client.get(kvA, name)).principalId).toBe(ids.app);
      lagging.clock.advance(61_000);
      expect(await rows()).toEqual(['app kv-a']);
      await client.delete(kvA, name);
      expect(await rows()).toEqual(['app kv-a']);
      await expect(client.get(kvA, name)).rejects.toMatchObject({ statusCode: 404, code: 'RoleAssignmentNotFound' });
      lagging.clock.advance(61_000);
      expect(await rows()).toEqual([]);
    } finally {
      await lagging.close();
    }
  });
});

describe('writing role assignments', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('201 with the whole resource, 200 for the same again, 200 and 204 for deleting', async () => {
    const name = randomUUID();
    const created = await azure.call('PUT', at(`${kvA}/secrets/db`, name), {
      body: grant(ids.app, roles.secretsUser, { description: 'for tests' }),
    });
    expect(created.status).toBe(201);
    expect(objectAt(created.body, 'properties')).toMatchObject({
      roleDefinitionId: roleId(roles.secretsUser),
      principalType: 'ServicePrincipal',
      scope: `${kvA}/secrets/db`,
      description: 'for tests',
      condition: null,
      createdBy: null,
      updatedBy: ids.owner,
    });
    const again = await azure.call('PUT', at(`${kvA}/secrets/db`, name), { body: grant(ids.app) });
    expect([again.status, objectAt(again.body, 'properties').description]).toEqual([200, null]);
    const client = azure.authorization().roleAssignments;
    expect((await client.getById(`${kvA}/secrets/db/providers/Microsoft.Authorization/roleAssignments/${name}`)).createdBy).toBe(ids.owner);
    const deleted = await azure.call('DELETE', at(`${kvA}/secrets/db`, name));
    expect([deleted.status, deleted.body.name]).toEqual([200, name]);
    expect((await azure.call('DELETE', at(`${kvA}/secrets/db`, name))).status).toBe(204);
  });

  test('the same role for the same principal under another name is a conflict that names the first', async () => {
    const first = randomUUID();
    await azure.call('PUT', at(kvA, first), { body: grant(ids.dana) });
    const twin = await azure.call('PUT', at(kvA.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')), { body: grant(ids.dana) });
    expect(twin.status).toBe(409);
    expect(objectAt(twin.body, 'error')).toEqual({
      code: 'RoleAssignmentExists',
      message: `The role assignment already exists. The ID of the existing role assignment is ${first.replaceAll('-', '')}.`,
    });
    const moved = await azure.call('PUT', at(groupId, first), { body: grant(ids.dana) });
    expect([moved.status, objectAt(moved.body, 'error').code]).toEqual([400, 'RoleAssignmentUpdateNotPermitted']);
  });

  test('EA-28, EA-32: what the directory says about a principal decides', async () => {
    const send = async (principalId: string, more: object = {}) => {
      const reply = await azure.call('PUT', at(kvA), { body: grant(principalId, roles.reader, more) });
      return [reply.status, objectAt(reply.body, 'error').code, stringAt(objectAt(reply.body, 'error'), 'message')?.slice(0, 60)];
    };
    const start = `Principal ${ids.stranger.replaceAll('-', '')} does not exist`;
    expect(await send(ids.stranger)).toEqual([400, 'PrincipalNotFound', expect.stringContaining(start)]);
    expect((await send(ids.stranger, { principalType: 'User' }))[0]).toBe(201);
    expect((await send(ids.registration, { principalType: 'ServicePrincipal' })).slice(0, 2)).toEqual([400, 'PrincipalTypeNotSupported']);
    expect((await send(ids.group, { principalType: 'User' })).slice(0, 2)).toEqual([400, 'UnmatchedPrincipalType']);
    expect((await send('wow')).slice(0, 2)).toEqual([400, 'InvalidPrincipalId']);
    expect((await send(ids.app, { principalType: 'Robot' })).slice(0, 2)).toEqual([400, 'InvalidPrincipalType']);
  });

  test('a young principal is unknown until it has replicated, unless the request says its type', async () => {
    const tenant = aTenant();
    const fresh = { kind: 'managedIdentity' as const, displayName: 'fresh', id: ids.stranger, createdMinutesAgo: 1 };
    const young = await runSandbox({
      ...tenant,
      principals: { ...tenant.principals, fresh },
      consistency: { principalReplicationSeconds: 120 },
    });
    try {
      const send = async (role: string, more: object = {}) =>
        (await young.call('PUT', at(kvA), { body: grant(ids.stranger, role, more) })).status;
      expect(await send(roles.secretsUser)).toBe(400);
      expect(await send(roles.reader, { principalType: 'ServicePrincipal' })).toBe(201);
      young.clock.advance(61_000);
      expect(await send(roles.secretsUser)).toBe(201);
    } finally {
      await young.close();
    }
  });

  test('EA-42: a conditioned right assigns and removes only the roles that its condition names', async () => {
    const client = azure.authorization(ids.delegate).roleAssignments;
    const name = randomUUID();
    const body = (role: string) => ({ roleDefinitionId: roleId(role), principalId: ids.app, principalType: 'ServicePrincipal' as const });
    await expect(client.create(kvA, name, body(roles.secretsUser))).resolves.toMatchObject({ name });
    await expect(client.delete(kvA, name)).resolves.toBeDefined();
    const refused = client.create(kvA, randomUUID(), body(roles.certificateUser));
    await expect(refused).rejects.toMatchObject({ statusCode: 403, code: 'AuthorizationFailed' });
    await expect(refused).rejects.toThrow('does not have authorization or an ABAC condition not fulfilled to perform action');
    const other = randomUUID();
    await azure.authorization().roleAssignments.create(kvA, other, body(roles.certificateUser));
    await expect(client.delete(kvA, other)).rejects.toMatchObject({ statusCode: 403 });
    await azure.authorization().roleAssignments.delete(kvA, other);
  });

  test('unknown roles, missing scopes, bad names and conditions are refused', async () => {
    const send = async (path: string, body: object) => {
      const reply = await azure.call('PUT', path, { body: body as never });
      return [reply.status, objectAt(reply.body, 'error').code];
    };
    expect(await send(at(kvA), grant(ids.app, randomUUID()))).toEqual([404, 'RoleDefinitionDoesNotExist']);
    expect(await send(at(vaultId('kv-none')), grant(ids.app))).toEqual([404, 'ResourceNotFound']);
    expect(await send(at(kvA, 'no-guid'), grant(ids.app))).toEqual([400, 'InvalidRoleAssignmentId']);
    expect(await send(at(kvA), { properties: { principalId: ids.app } })).toEqual([400, 'InvalidRequestContent']);
    expect(await send(at(kvA), { properties: { principalId: ids.app, roleDefinitionId: roles.reader } })).toEqual([
      400,
      'InvalidRoleDefinitionId',
    ]);
  });

  test('EA-51: a full subscription takes no more, and management groups do not count', async () => {
    const full = await runSandbox(aTenant(), { assignmentLimit: 6 });
    try {
      const refused = await full.call('PUT', at(kvA), { body: grant(ids.app) });
      expect([refused.status, objectAt(refused.body, 'error').code]).toEqual([400, 'RoleAssignmentLimitExceeded']);
    } finally {
      await full.close();
    }
  });

  test('locks: ReadOnly stops assigning, CanNotDelete stops removing', async () => {
    const send = async (level: 'ReadOnly' | 'CanNotDelete', method: string) => {
      const locked = await runSandbox({ ...aTenant(), locks: [{ name: 'lock', scope: 'vaults/kv-a', level }] });
      try {
        const there = [...locked.tenant.roleAssignments.values()].find(({ body }) => objectAt(body, 'properties').scope === kvA);
        const name = stringAt(there?.body ?? {}, 'name') ?? '';
        const body = method === 'PUT' ? { body: grant(ids.app) } : {};
        const reply = await locked.call(method, at(kvA, method === 'PUT' ? randomUUID() : name), body);
        return [reply.status, objectAt(reply.body, 'error').code];
      } finally {
        await locked.close();
      }
    };
    expect(await send('ReadOnly', 'PUT')).toEqual([409, 'ScopeLocked']);
    expect(await send('CanNotDelete', 'DELETE')).toEqual([409, 'ScopeLocked']);
    expect(await send('CanNotDelete', 'PUT')).toEqual([201, undefined]);
  });

  test('every standing assignment has a schedule instance, which goes with it', async () => {
    const [name, client] = [randomUUID(), azure.authorization()];
    const rows = async () => {
      const origins: (string | undefined)[] = [];
      for await (const row of client.roleAssignmentScheduleInstances.listForScope(kvA)) origins.push(row.originRoleAssignmentId);
      return origins.filter((origin) => origin?.endsWith(name));
    };
    await client.roleAssignments.create(kvA, name, { roleDefinitionId: roleId(roles.reader), principalId: ids.dana });
    expect(await rows()).toHaveLength(1);
    await client.roleAssignments.delete(kvA, name);
    expect(await rows()).toHaveLength(0);
  });
});
