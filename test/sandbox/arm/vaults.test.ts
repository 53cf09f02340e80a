import type { VaultProperties } from '@azure/arm-keyvault';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectAt, objectsAt, stringAt } from '../../../src/base/json.ts';
import { aTenant, groupId, ids, type Running, runSandbox, vaultId } from '../run-sandbox.ts';

const version = 'api-version=2026-02-01';
const flip = { properties: { enableRbacAuthorization: true } };

/** What the SDK wants of a new vault that uses Azure RBAC. */
const properties: VaultProperties = {
  tenantId: ids.tenant,
  sku: { family: 'A', name: 'standard' },
  accessPolicies: [],
  enableRbacAuthorization: true,
};

describe('vaults', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('the SDK lists the vaults of a subscription and of a group, and gets one', async () => {
    const names: (string | undefined)[] = [];
    for await (const vault of azure.vaults().listBySubscription()) names.push(vault.name);
    expect(names.sort()).toEqual(['kv-a', 'kv-b']);
    const inGroup: (string | undefined)[] = [];
    for await (const vault of azure.vaults().listByResourceGroup('rg-b')) inGroup.push(vault.name);
    expect(inGroup).toEqual(['kv-b']);
    const vault = await azure.vaults().get('rg-a', 'kv-a');
    expect(vault.properties.accessPolicies?.[0]?.permissions).toEqual({ secrets: ['Get', 'list', 'get'], keys: ['wrapKey'] });
    expect(vault.properties.enableRbacAuthorization).toBe(false);
  });

  test('the generic list knows vaults and shows no properties', async () => {
    const rows = [];
    for await (const row of azure.vaults().list()) rows.push(row);
    expect(rows.map((row) => row.name).sort()).toEqual(['kv-a', 'kv-b']);
    const filter = encodeURIComponent("resourceType eq 'Microsoft.Storage/storageAccounts'");
    const refused = await azure.call('GET', `/subscriptions/${ids.subscription}/resources?%24filter=${filter}&api-version=2015-11-01`);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Microsoft.Storage/storageAccounts');
  });

  test('paths are compared without case, with doubled and trailing slashes', async () => {
    const path = `//SUBSCRIPTIONS/${ids.subscription}/resourcegroups/RG-A/providers/microsoft.keyvault//Vaults/KV-A/?${version}`;
    const reply = await azure.call('GET', path);
    expect(reply.body.id).toBe(vaultId('kv-a'));
  });

  test('LP-2: a PUT is echoed word for word, and replaces the whole list', async () => {
    const permissions = { secrets: ['Get', 'get', 'LIST'], keys: ['WrapKey', 'unwrapKey'] };
    const properties = {
      tenantId: ids.tenant,
      sku: { family: 'A', name: 'Standard' },
      accessPolicies: [{ tenantId: ids.tenant, objectId: ids.app, permissions }],
      enableRbacAuthorization: false,
    };
    const body = { location: 'westeurope', tags: { b: '2', a: '1' }, properties };
    const created = await azure.call('PUT', `${vaultId('kv-new')}?${version}`, { body });
    expect(created.status).toBe(200);
    expect(objectAt(created.body, 'properties').provisioningState).toBe('RegisteringDns');
    const read = await azure.call('GET', `${vaultId('kv-new')}?${version}`);
    expect(read.text).toContain(JSON.stringify(permissions));
    expect(read.text).toContain('"tags":{"b":"2","a":"1"}');
    expect(objectAt(read.body, 'properties').provisioningState).toBe('Succeeded');
    const wiped = await azure.call('PUT', `${vaultId('kv-new')}?${version}`, {
      body: { ...body, properties: { ...properties, accessPolicies: [] } },
    });
    expect(objectAt(wiped.body, 'properties').accessPolicies).toEqual([]);
  });

  test('a new vault without the flag uses Azure RBAC from 2026-02-01 on, and none before', async () => {
    const properties = { tenantId: ids.tenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [] };
    const flags = await Promise.all(
      ['2023-07-01', '2026-02-01'].map(async (apiVersion) => {
        const id = vaultId(`kv-default-${apiVersion.slice(0, 4)}`);
        const reply = await azure.call('PUT', `${id}?api-version=${apiVersion}`, { body: { location: 'westeurope', properties } });
        return objectAt(reply.body, 'properties').enableRbacAuthorization;
      }),
    );
    expect(flags).toEqual([false, true]);
  });

  test('the SDK creates a vault and follows the creation to its end', async () => {
    const vault = await azure.vaults().createOrUpdate('rg-a', 'kv-from-sdk', { location: 'westeurope', properties });
    expect(vault.properties.provisioningState).toBe('Succeeded');
  });

  test('a vault that is deleted can be found, recovered without its assignments, and purged', async () => {
    await azure.vaults().createOrUpdate('rg-a', 'kv-gone', { location: 'westeurope', properties });
    await azure.vaults().delete('rg-a', 'kv-gone');
    const deleted = await azure.vaults().getDeleted('kv-gone', 'westeurope');
    expect(deleted.properties?.vaultId).toBe(vaultId('kv-gone'));
    expect((await azure.vaults().checkNameAvailability({ name: 'kv-gone', type: 'Microsoft.KeyVault/vaults' })).nameAvailable).toBe(false);
    const taken = azure.vaults().createOrUpdate('rg-a', 'kv-gone', { location: 'westeurope', properties });
    await expect(taken).rejects.toMatchObject({ code: 'VaultAlreadyExists' });
    await azure
      .vaults()
      .createOrUpdate('rg-a', 'kv-gone', { location: 'westeurope', properties: { ...properties, createMode: 'recover' } });
    await azure.vaults().delete('rg-a', 'kv-gone');
    await azure.vaults().purgeDeleted('kv-gone', 'westeurope');
    expect((await azure.vaults().checkNameAvailability({ name: 'kv-gone', type: 'Microsoft.KeyVault/vaults' })).nameAvailable).toBe(true);
  });

  test('missing vaults and groups are refused in the words of the service', async () => {
    await expect(azure.vaults().get('rg-a', 'kv-none')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
    await expect(azure.vaults().get('rg-none', 'kv-a')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceGroupNotFound' });
    const deleted = azure.vaults().getDeleted('kv-a', 'westeurope');
    await expect(deleted).rejects.toMatchObject({ statusCode: 404, code: 'DeletedVaultNotFound' });
  });
});

describe('changing the permission model', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('one PATCH of the flag changes nothing else, null changes nothing at all', async () => {
    const before = await azure.call('GET', `${vaultId('kv-a')}?${version}`);
    const after = await azure.vaults().update('rg-a', 'kv-a', flip);
    expect(after.properties.enableRbacAuthorization).toBe(true);
    const unchanged = await azure.call('PATCH', `${vaultId('kv-a')}?${version}`, {
      body: { properties: { enableRbacAuthorization: null } },
    });
    expect(objectAt(unchanged.body, 'properties').enableRbacAuthorization).toBe(true);
    expect(objectAt(unchanged.body, 'properties').accessPolicies).toEqual(objectAt(before.body, 'properties').accessPolicies);
    await azure.vaults().update('rg-a', 'kv-a', { properties: { enableRbacAuthorization: false } });
    const back = await azure.call('GET', `${vaultId('kv-a')}?${version}`);
    expect(objectAt(back.body, 'properties')).toEqual(objectAt(before.body, 'properties'));
  });

  test('EA-43: vaults/write alone is not enough, nor is a conditioned right to assign roles; in both directions', async () => {
    for (const who of [ids.contributor, ids.delegate]) {
      const refused = azure.vaults(who).update('rg-a', 'kv-a', flip);
      await expect(refused).rejects.toMatchObject({ statusCode: 403, code: 'InsufficientPermissions' });
      await expect(refused).rejects.toThrow(
        `Details: oid=${who}; action=Microsoft.Authorization/roleAssignments/write; resource=${vaultId('kv-a')}`,
      );
    }
    await azure.vaults().update('rg-a', 'kv-a', flip);
    const back = azure.vaults(ids.contributor).update('rg-a', 'kv-a', { properties: { enableRbacAuthorization: false } });
    await expect(back).rejects.toMatchObject({ statusCode: 403, code: 'InsufficientPermissions' });
    await azure.vaults().update('rg-a', 'kv-a', { properties: { enableRbacAuthorization: false } });
    // Other changes of the vault need no more than the write.
    await expect(azure.vaults(ids.contributor).update('rg-a', 'kv-a', { tags: { a: 'b' } })).resolves.toMatchObject({ tags: { a: 'b' } });
  });

  test('a person without vaults/write is refused by name, and a deny assignment stops one who has it', async () => {
    const refused = azure.vaults(ids.reader).update('rg-a', 'kv-a', flip);
    await expect(refused).rejects.toMatchObject({ statusCode: 403, code: 'AuthorizationFailed' });
    await expect(refused).rejects.toThrow(
      /^The client 'rita@arm\.example' with object id .* to perform action 'Microsoft\.KeyVault\/vaults\/write' over scope/,
    );
    const denied = await azure.call('PATCH', `${vaultId('kv-b', groupId.replace('rg-a', 'rg-b'))}?${version}`, {
      as: ids.contributor,
      body: flip,
    });
    expect(stringAt(objectAt(denied.body, 'error'), 'message')).toContain('because of the deny assignment');
  });

  test('two writes of one vault at once: the second is a conflict', async () => {
    const slow = await runSandbox(aTenant(), { vaultWriteTime: 300 });
    try {
      const path = `${vaultId('kv-a')}?${version}`;
      const replies = await Promise.all([1, 2].map(() => slow.call('PATCH', path, { body: { tags: { a: 'b' } } })));
      expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
      expect(replies.map((reply) => objectAt(reply.body, 'error').code)).toContain('ConflictError');
    } finally {
      await slow.close();
    }
  });

  test('a ReadOnly lock above the vault stops the flip, CanNotDelete does not', async () => {
    const tenant = { ...aTenant(), locks: [{ name: 'freeze', scope: 'resourceGroups/rg-a', level: 'ReadOnly' as const }] };
    const locked = await runSandbox(tenant);
    try {
      const refused = locked.vaults().update('rg-a', 'kv-a', flip);
      await expect(refused).rejects.toMatchObject({ statusCode: 409, code: 'ScopeLocked' });
      await expect(refused).rejects.toThrow(`following scope(s) are locked: '${groupId}'`);
    } finally {
      await locked.close();
    }
    const kept = await runSandbox({ ...aTenant(), locks: [{ name: 'keep', scope: 'vaults/kv-a', level: 'CanNotDelete' }] });
    try {
      await expect(kept.vaults().update('rg-a', 'kv-a', flip)).resolves.toMatchObject({ name: 'kv-a' });
      await expect(kept.vaults().delete('rg-a', 'kv-a')).rejects.toMatchObject({ code: 'ScopeLocked' });
    } finally {
      await kept.close();
    }
  });

  test.each([
    ['12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5', true, false],
    ['vaults-keep-access-policies', false, true],
  ])('Azure Policy %s refuses one direction', async (definition, from, to) => {
    const policy = {
      name: 'guard',
      scope: 'subscriptions/main',
      definition: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
      effect: 'Deny',
    };
    const tenant = aTenant();
    const vaults = {
      ...tenant.vaults,
      'kv-a': { resourceGroup: 'rg-a', model: from ? ('azureRbac' as const) : ('accessPolicy' as const), accessPolicies: [] },
    };
    const guarded = await runSandbox({ ...tenant, vaults, policyAssignments: [policy] });
    try {
      const path = `${vaultId('kv-a')}?${version}`;
      const refused = await guarded.call('PATCH', path, { body: { properties: { enableRbacAuthorization: to } } });
      expect(refused.status).toBe(403);
      const error = objectAt(refused.body, 'error');
      expect(error).toMatchObject({ code: 'RequestDisallowedByPolicy', target: 'kv-a' });
      expect(objectsAt(error, 'additionalInfo')[0]?.type).toBe('PolicyViolation');
      const same = await guarded.call('PATCH', path, { body: { tags: {} } });
      expect(same.status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});

describe('access policies', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('add unites, replace is per identity, remove takes permissions away and then the entry', async () => {
    const operate = async (operation: 'add' | 'replace' | 'remove', objectId: string, secrets: string[]) => {
      const entry = { tenantId: ids.tenant, objectId, permissions: { secrets } };
      const answer = await azure.vaults().updateAccessPolicy('rg-a', 'kv-a', operation, { properties: { accessPolicies: [entry] } });
      return answer.properties.accessPolicies.map((each) => [each.objectId, each.permissions.secrets]);
    };
    expect(await operate('add', ids.app, ['LIST', 'set'])).toEqual([[ids.app, ['Get', 'list', 'get', 'set']]]);
    expect(await operate('add', ids.dana, ['get'])).toEqual([
      [ids.app, ['Get', 'list', 'get', 'set']],
      [ids.dana, ['get']],
    ]);
    expect(await operate('replace', ids.app, ['purge'])).toEqual([
      [ids.app, ['purge']],
      [ids.dana, ['get']],
    ]);
    expect(await operate('remove', ids.dana, ['Get'])).toEqual([[ids.app, ['purge']]]);
  });

  test('an object id that the directory does not know, and a word with a blank, are refused', async () => {
    const send = (objectId: string, word: string) =>
      azure.call('PATCH', `${vaultId('kv-a')}?${version}`, {
        body: { properties: { accessPolicies: [{ tenantId: ids.tenant, objectId, permissions: { secrets: [word] } }] } },
      });
    const unknown = await send(ids.stranger, 'get');
    expect(objectAt(unknown.body, 'error')).toEqual({
      code: 'BadRequest',
      message: `Invalid value found at accessPolicies[0].ObjectId: ${ids.stranger}`,
    });
    const blank = await send(ids.app, 'get ');
    expect(objectAt(blank.body, 'error')).toEqual({ code: 'BadRequest', message: "An invalid value was provided for 'accessPolicies'." });
  });
});
