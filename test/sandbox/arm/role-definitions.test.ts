import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, objectAt } from '../../../src/base/json.ts';
import { aTenant, groupId, ids, type Running, roleId, runSandbox, vaultId } from '../run-sandbox.ts';

const subscription = `/subscriptions/${ids.subscription}`;
const otherGroup = `${subscription}/resourceGroups/rg-b`;
const readMetadata = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
const dataAccessAdministrator = '8b54135c-b56d-4d72-a534-26097cfdc8d8';
const platform = '/providers/Microsoft.Management/managementGroups/platform';

const at = (scope: string, name: string = randomUUID()) =>
  `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}?api-version=2022-04-01`;
const role = (changes: JsonObject = {}, block: JsonObject = {}): JsonObject => ({
  properties: {
    roleName: `role ${randomUUID()}`,
    type: 'CustomRole',
    assignableScopes: [subscription],
    permissions: [{ dataActions: [readMetadata], ...block }],
    ...changes,
  },
});

describe('custom roles', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });
  const put = async (body: JsonObject, scope = subscription, more: { as?: string; name?: string } = {}) => {
    const { name, ...call } = more;
    const reply = await azure.call('PUT', at(scope, name), { ...call, body });
    const { code, message } = objectAt(reply.body, 'error');
    return { status: reply.status, code, message, body: reply.body };
  };

  test('made, found below their scopes, renamed only to free names, not removed while in use', async () => {
    const [client, name] = [azure.authorization(), randomUUID()];
    const wanted = {
      roleName: 'Lists names',
      roleType: 'CustomRole',
      description: 'x',
      assignableScopes: [otherGroup],
      permissions: [{ dataActions: [readMetadata] }],
    };
    await client.roleDefinitions.createOrUpdate(subscription, name, wanted);
    const listed = async (scope: string, filter: string) => {
      const rows: (string | undefined)[] = [];
      for await (const each of client.roleDefinitions.list(scope, { filter })) rows.push(each.roleName);
      return rows;
    };
    expect(await listed(vaultId('kv-b', otherGroup), "type eq 'CustomRole'")).toEqual(['Lists names']);
    expect(await listed(subscription, "type eq 'CustomRole'")).toEqual([]);
    expect(await listed(subscription, "atScopeAndBelow() and type eq 'CustomRole'")).toEqual(['Lists names']);
    const twin = client.roleDefinitions.createOrUpdate(subscription, randomUUID(), wanted);
    await expect(twin).rejects.toMatchObject({ statusCode: 409, code: 'RoleDefinitionWithSameNameExists' });
    const builtIn = client.roleDefinitions.createOrUpdate(subscription, dataAccessAdministrator, { ...wanted, roleName: 'Other' });
    await expect(builtIn).rejects.toMatchObject({ statusCode: 409, code: 'RoleDefinitionExists' });
    const assignment = randomUUID();
    await client.roleAssignments.create(otherGroup, assignment, { roleDefinitionId: roleId(name), principalId: ids.app });
    await expect(client.roleDefinitions.delete(subscription, name)).rejects.toMatchObject({ code: 'RoleDefinitionHasAssignments' });
    await client.roleAssignments.delete(otherGroup, assignment);
    const deleted = await azure.call('DELETE', at(subscription, name));
    expect([deleted.status, deleted.body.name]).toEqual([200, name]);
    expect((await azure.call('DELETE', at(subscription, name))).status).toBe(204);
    expect(await listed(subscription, "atScopeAndBelow() and type eq 'CustomRole'")).toEqual([]);
  });

  test('answered whole with 201, new or changed, and missing lists as empty ones', async () => {
    const name = randomUUID();
    const made = await put(role({ roleName: 'First' }), subscription, { name });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ id: roleId(name), name, type: 'Microsoft.Authorization/roleDefinitions' });
    expect(objectAt(made.body, 'properties')).toMatchObject({
      roleName: 'First',
      type: 'CustomRole',
      description: null,
      assignableScopes: [subscription],
      permissions: [{ actions: [], notActions: [], dataActions: [readMetadata], notDataActions: [] }],
      createdBy: null,
      updatedBy: ids.owner,
    });
    const changed = await put(role({ roleName: 'Second', description: 'why' }), subscription, { name });
    expect([changed.status, objectAt(changed.body, 'properties')]).toEqual([
      201,
      expect.objectContaining({ roleName: 'Second', description: 'why', createdBy: ids.owner }),
    ]);
    expect(await put(role({ type: null }))).toMatchObject({ status: 201 });
  });

  test('found by a name that holds quotes and the word and', async () => {
    const roleName = "Ann's reader and lister and 'more'";
    await put(role({ roleName }));
    const found: (string | undefined)[] = [];
    const filter = `roleName eq '${roleName.replaceAll("'", "''")}' and type eq 'CustomRole'`;
    for await (const row of azure.authorization().roleDefinitions.list(subscription, { filter })) found.push(row.roleName);
    expect(found).toEqual([roleName]);
  });

  test.each<[string, JsonObject, JsonObject?]>([
    ['InvalidRoleDefinitionType', { type: 'BuiltInRole' }],
    ['RoleDefinitionNameNullOrEmpty', { roleName: '' }],
    ['RoleDefinitionNameNullOrEmpty', { roleName: null }],
    ['RoleDefinitionNameTooLong', { roleName: 'x'.repeat(513) }],
    ['RoleDefinitionDescriptionTooLong', { description: 'x'.repeat(2049) }],
    ['MissingAssignableScopes', { assignableScopes: [] }],
    ['MissingAssignableScopes', { assignableScopes: null }],
    ['MissingAssignableScopes', { assignableScopes: [subscription, ''] }],
    ['LinkedInvalidPropertyId', { assignableScopes: ['Invalid_Scope'] }],
    ['LinkedInvalidPropertyId', { assignableScopes: ['/'] }],
    ['InvalidAssignableScopes', { assignableScopes: [platform, `${platform}2`] }],
    ['InvalidDataActionOrNotDataAction', {}, { dataActions: ['Microsoft.KeyVault/vaults/secrets/read'] }],
    ['InvalidDataActionOrNotDataAction', {}, { dataActions: [readMetadata, 'Microsoft.KeyVault/vaults/read'] }],
    ['InvalidDataActionOrNotDataAction', {}, { notDataActions: ['microsoft.keyvault/vaults/nothing/*'] }],
    ['InvalidDataActionOrNotDataAction', {}, { dataActions: ['Microsoft.KeyVault/*/secrets/*'] }],
    ['InvalidDataActionOrNotDataAction', {}, { dataActions: [''] }],
    ['InvalidActionOrNotAction', {}, { actions: ['*/*'] }],
    ['InvalidRequestContent', {}, { dataActions: readMetadata }],
    ['InvalidRequestContent', {}, { condition: 'x' }],
  ])('%s refuses %j %j', async (code, changes, block) => {
    const before = azure.stateJson();
    expect(await put(role(changes, block))).toMatchObject({ status: 400, code });
    expect(azure.stateJson()).toBe(before);
  });

  test('EA-9: take the data actions of vaults in any case, and one star in each', async () => {
    const dataActions = [readMetadata.toUpperCase(), 'Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/keys/*'];
    expect(await put(role({}, { dataActions, notDataActions: ['Microsoft.KeyVault/vaults/keys/purge/action'] }))).toMatchObject({
      status: 201,
    });
  });

  test('a name that is not a GUID is refused', async () => {
    expect(await put(role(), subscription, { name: 'owner' })).toMatchObject({ status: 400, code: 'InvalidRoleDefinitionId' });
  });

  test('are written with the right on the scope, and on every scope where they can be assigned', async () => {
    expect(await put(role(), subscription, { as: ids.reader })).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
    const elsewhere = `/subscriptions/${ids.other}`;
    const linked = await put(role({ assignableScopes: [subscription, elsewhere] }));
    expect(linked).toMatchObject({ status: 403, code: 'LinkedAuthorizationFailed' });
    expect(linked.message).toContain(`on the linked scope(s) '${elsewhere}'`);
    const name = randomUUID();
    await put(role(), subscription, { name });
    const refused = await azure.call('DELETE', at(subscription, name), { as: ids.contributor });
    expect([refused.status, objectAt(refused.body, 'error').code]).toEqual([403, 'AuthorizationFailed']);
  });

  test('can be assigned at and below their assignable scopes only', async () => {
    const name = randomUUID();
    await put(role({ assignableScopes: [otherGroup] }), otherGroup, { name });
    const assign = async (scope: string) => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
      const reply = await azure.call('PUT', path, { body: { properties: { roleDefinitionId: roleId(name), principalId: ids.app } } });
      return [reply.status, objectAt(reply.body, 'error').code];
    };
    const refused = [400, 'RoleAssignmentScopeNotAssignableToRoleDefinition'];
    for (const scope of [subscription, groupId, vaultId('kv-a')]) expect(await assign(scope), scope).toEqual(refused);
    for (const scope of [otherGroup, vaultId('kv-b', otherGroup)]) expect(await assign(scope), scope).toEqual([201, undefined]);
  });

  test('EA-20: with data actions may be for a management group, and not be assigned at it', async () => {
    const name = randomUUID();
    expect(await put(role({ assignableScopes: [platform] }), platform, { name })).toMatchObject({ status: 201 });
    const client = azure.authorization().roleAssignments;
    const body = { roleDefinitionId: roleId(name), principalId: ids.app };
    await expect(client.create(platform, randomUUID(), body)).rejects.toMatchObject({
      statusCode: 400,
      code: 'RoleAssignmentScopeNotAssignableToRoleDefinition',
    });
    await expect(client.create(groupId, randomUUID(), body)).resolves.toMatchObject({ principalId: ids.app });
  });

  test('EA-20: a full tenant takes no more, and may still change those that it has', async () => {
    const full = await runSandbox(aTenant(), { customRoleLimit: 1 });
    try {
      const name = randomUUID();
      const send = async (path: string, body: JsonObject) => {
        const reply = await full.call('PUT', path, { body });
        return [reply.status, objectAt(reply.body, 'error').code];
      };
      expect(await send(at(subscription, name), role())).toEqual([201, undefined]);
      expect(await send(at(subscription), role())).toEqual([400, 'RoleDefinitionLimitExceeded']);
      expect(await send(at(subscription, name), role({ description: 'changed' }))).toEqual([201, undefined]);
    } finally {
      await full.close();
    }
  });

  test('locks: ReadOnly stops making, CanNotDelete stops removing', async () => {
    const locked = await runSandbox({ ...aTenant(), locks: [{ name: 'lock', scope: 'subscriptions/main', level: 'ReadOnly' }] });
    try {
      for (const [method, body] of [['PUT', role()], ['DELETE']] as const) {
        const reply = await locked.call(method, at(subscription), body === undefined ? {} : { body });
        expect([reply.status, objectAt(reply.body, 'error').code]).toEqual([409, 'ScopeLocked']);
      }
    } finally {
      await locked.close();
    }
  });

  test('a new role is read by its id at once, and listed and assigned when it has replicated', async () => {
    const late = await runSandbox({ ...aTenant(), consistency: { roleReplicationSeconds: 60 } });
    try {
      const [client, name] = [late.authorization(), randomUUID()];
      const roleName = 'young';
      const permissions = [{ dataActions: [readMetadata] }];
      const made = { roleName, roleType: 'CustomRole', assignableScopes: [subscription], permissions };
      await client.roleDefinitions.createOrUpdate(subscription, name, made);
      const listed = async () => {
        const found: (string | undefined)[] = [];
        for await (const row of client.roleDefinitions.list(subscription, { filter: `roleName eq '${roleName}'` })) found.push(row.name);
        return found;
      };
      const assign = () =>
        client.roleAssignments.create(vaultId('kv-a'), randomUUID(), { roleDefinitionId: roleId(name), principalId: ids.app });
      expect((await client.roleDefinitions.get(subscription, name)).roleName).toBe(roleName);
      expect(await listed()).toEqual([]);
      await expect(assign()).rejects.toMatchObject({ statusCode: 404, code: 'RoleDefinitionDoesNotExist' });
      late.clock.advance(61_000);
      // Writing it again does not make it young again.
      await client.roleDefinitions.createOrUpdate(subscription, name, made);
      expect(await listed()).toEqual([name]);
      await expect(assign()).resolves.toMatchObject({ principalId: ids.app });
    } finally {
      await late.close();
    }
  });
});
