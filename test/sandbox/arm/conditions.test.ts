import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, type JsonValue, objectAt } from '../../../src/base/json.ts';
import { aTenant, ids, type Running, roleId, roles, runSandbox, vaultId } from '../run-sandbox.ts';

const kvA = vaultId('kv-a');
const nameIs = (name: string) => `@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals '${name}'`;

/** The vault under Azure RBAC, where assignments work at once. */
function rbacTenant(): Parameters<typeof runSandbox>[0] {
  const tenant = aTenant();
  const vault = {
    resourceGroup: 'rg-a',
    model: 'azureRbac' as const,
    objects: { secrets: { db: 'one', mail: 'two' }, keys: { k: 'RSA' as const } },
  };
  const assignments = (tenant.assignments ?? []).map((each) => ({
    ...each,
    scope: each.scope.replace('vaults/kv-a/secrets/db', 'vaults/kv-a'),
  }));
  return { ...tenant, vaults: { ...tenant.vaults, 'kv-a': vault }, assignments, consistency: { assignmentPropagationSeconds: 0 } };
}

describe('a condition on a role assignment', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox(rbacTenant());
  });
  afterAll(async () => {
    await azure.close();
  });
  const assign = async (more: JsonObject, principalId: string = ids.app, name: string = randomUUID()) => {
    const path = `${kvA}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`;
    const properties = { roleDefinitionId: roleId(roles.secretsUser), principalId, ...more };
    const reply = await azure.call('PUT', path, { body: { properties } });
    return { status: reply.status, code: objectAt(reply.body, 'error').code, properties: objectAt(reply.body, 'properties'), path };
  };
  const read = async (path: string) => {
    const token = azure.issueToken(ids.app, 'https://vault.azure.net');
    const headers = { authorization: `Bearer ${token}`, 'x-sandbox-host': 'kv-a.vault.azure.net' };
    return (await azure.call('GET', `${path}?api-version=7.5`, { as: null, headers })).status;
  };

  test('EA-39, EA-40: opens the secrets that it names, and neither others nor the list', async () => {
    const made = await assign({ condition: nameIs('db'), conditionVersion: '2.0' });
    expect(made).toMatchObject({ status: 201, properties: { condition: nameIs('db'), conditionVersion: '2.0' } });
    expect(await read('/secrets/db')).toBe(200);
    expect(await read('/secrets/mail')).toBe(403);
    expect(await read('/secrets')).toBe(403);
    expect((await azure.call('DELETE', made.path)).status).toBe(200);
    expect(await read('/secrets/db')).toBe(403);
  });

  test('may leave other actions alone, and then the list is open', async () => {
    const value = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
    const { path } = await assign({ condition: `((!(ActionMatches{'${value}'})) OR (${nameIs('mail')}))`, conditionVersion: '2.0' });
    expect([await read('/secrets/db'), await read('/secrets/mail'), await read('/secrets')]).toEqual([403, 200, 200]);
    await azure.call('DELETE', path);
  });

  test('is of version 2.0 where none is given, and goes with an update that leaves it out', async () => {
    const name = randomUUID();
    const made = await assign({ condition: nameIs('db') }, ids.owner, name);
    expect(made).toMatchObject({ status: 201, properties: { conditionVersion: '2.0' } });
    const changed = await assign({}, ids.owner, name);
    expect(changed).toMatchObject({ status: 200, properties: { condition: null, conditionVersion: null } });
    await azure.call('DELETE', made.path);
  });

  test('is as long as 8 KB at most', async () => {
    const long = (length: number) => nameIs('x'.repeat(length - nameIs('').length));
    const whole = await assign({ condition: long(8192), conditionVersion: '2.0' }, ids.contributor);
    expect(whole.status).toBe(201);
    await azure.call('DELETE', whole.path);
    expect(await assign({ condition: long(8193), conditionVersion: '2.0' }, ids.contributor)).toMatchObject({ status: 400 });
    // Bytes count, not letters.
    expect(await assign({ condition: nameIs('ä'.repeat(4096)), conditionVersion: '2.0' }, ids.contributor)).toMatchObject({ status: 400 });
  });

  test.each<[JsonValue, JsonValue?]>([
    ['x'],
    ['@Resource[a:b] =='],
    [nameIs('db'), '1.0'],
    [nameIs('db'), '2'],
    [`${nameIs('db')} AND ${nameIs('db')} OR ${nameIs('db')}`],
    [nameIs('db').replace('secrets:name', 'secrets:tags')],
    [nameIs('db').replace('secrets:name', 'keys:name')],
    [`Exists @Resource[Microsoft.KeyVault/vaults:location]`],
    [`!(${nameIs('db').replace('@Resource', '@Environment')})`],
  ])('is refused when nobody could judge it: %j of version %j', async (condition, conditionVersion = '2.0') => {
    const before = azure.stateJson();
    expect(await assign({ condition, conditionVersion })).toMatchObject({ status: 400, code: 'InvalidCondition' });
    expect(azure.stateJson()).toBe(before);
  });

  test('of another provider is taken on trust, and opens nothing here', async () => {
    const condition = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'c'";
    const { status, path } = await assign({ condition, conditionVersion: '2.0' });
    expect([status, await read('/secrets/db')]).toEqual([201, 403]);
    await azure.call('DELETE', path);
  });

  test('does not make a second assignment of the same role out of it', async () => {
    const first = await assign({ condition: nameIs('db') });
    for (const more of [{}, { condition: nameIs('db') }, { condition: nameIs('mail') }])
      expect(await assign(more)).toMatchObject({ status: 409, code: 'RoleAssignmentExists' });
    await azure.call('DELETE', first.path);
  });
});
