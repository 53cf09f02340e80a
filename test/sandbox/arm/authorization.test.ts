import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectAt, objectsAt, stringAt } from '../../../src/base/json.ts';
import { aTenant, groupId, ids, type Running, runSandbox, vaultId } from '../run-sandbox.ts';

const kvA = vaultId('kv-a');
const subscription = `/subscriptions/${ids.subscription}`;
const dataAccessAdministrator = '8b54135c-b56d-4d72-a534-26097cfdc8d8';

describe('what hangs on scopes', () => {
  let azure: Running;
  beforeAll(async () => {
    const locks = [
      { name: 'on-vault', scope: 'vaults/kv-a', level: 'CanNotDelete' as const },
      { name: 'on-group', scope: 'resourceGroups/rg-a', level: 'ReadOnly' as const },
    ];
    const policyAssignments = [
      {
        name: 'rbac',
        scope: 'managementGroups/platform',
        definition: '/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5',
      },
    ];
    azure = await runSandbox({ ...aTenant(), locks, policyAssignments });
  });
  afterAll(async () => {
    await azure.close();
  });
  const names = async (path: string, as?: string) => {
    const reply = await azure.call('GET', path, as === undefined ? {} : { as });
    return objectsAt(reply.body, 'value').map((row) => stringAt(row, 'name'));
  };

  test('locks: a vault shows inherited ones, a subscription those below', async () => {
    const list = async (scope: string, more = '') =>
      (await names(`${scope}/providers/Microsoft.Authorization/locks?api-version=2020-05-01${more}`)).sort();
    expect(await list(kvA)).toEqual(['on-group', 'on-vault']);
    expect(await list(subscription)).toEqual(['on-group', 'on-vault']);
    expect(await list(groupId, '&$filter=atScope()')).toEqual(['on-group']);
    expect(await list(vaultId('kv-b', groupId.replace('rg-a', 'rg-b')))).toEqual([]);
    const missing = await azure.call('GET', `${kvA}/providers/Microsoft.Authorization/locks/none?api-version=2020-05-01`);
    expect(objectAt(missing.body, 'error').code).toBe('LockNotFound');
  });

  test('EA-22: deny assignments list principals without dashes, found by name or principal', async () => {
    const rows = [];
    for await (const deny of azure.authorization().denyAssignments.listForScope(subscription)) rows.push(deny);
    expect(rows[0]?.denyAssignmentName).toBe('stack');
    expect(rows[0]?.excludePrincipals?.[0]?.id).toBe(ids.owner.replaceAll('-', ''));
    const list = (filter: string) =>
      names(
        `${subscription}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01&$filter=${encodeURIComponent(filter)}`,
      );
    expect(await list("denyAssignmentName eq 'stack'")).toHaveLength(1);
    expect(await list(`principalId eq '${ids.app}'`)).toHaveLength(0);
    expect(await list(`gdprExportPrincipalId eq '${ids.owner}'`)).toHaveLength(1);
  });

  test('EA-36: eligible instances are listed apart', async () => {
    const rows = [];
    for await (const row of azure.authorization().roleEligibilityScheduleInstances.listForScope(kvA)) rows.push(row);
    expect(rows.map((row) => [row.principalId, row.memberType])).toEqual([[ids.dana, 'Direct']]);
  });

  test('policies, their definitions and diagnostic settings can be read', async () => {
    expect(await names(`${subscription}/providers/Microsoft.Authorization/policyAssignments?api-version=2024-05-01`)).toEqual(['rbac']);
    expect(
      await names(`${subscription}/providers/Microsoft.Authorization/policyAssignments?api-version=2024-05-01&$filter=atExactScope()`),
    ).toEqual([]);
    const id = '/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5';
    const definition = await azure.call('GET', `${id}?api-version=2024-05-01`);
    expect(objectAt(definition.body, 'properties').displayName).toBe('Azure Key Vault should use RBAC permission model');
    const kvB = vaultId('kv-b', groupId.replace('rg-a', 'rg-b'));
    expect(await names(`${kvB}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`)).toEqual(['law']);
    expect(await names(`${kvA}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`)).toEqual([]);
  });

  test('subscriptions, tenants, groups and management groups are shown to who may see them', async () => {
    expect(await names('/subscriptions?api-version=2022-12-01')).toHaveLength(1);
    const rows = await azure.call('GET', '/subscriptions?api-version=2019-11-01', { as: ids.contributor });
    expect(objectsAt(rows.body, 'value').map((row) => row.subscriptionId)).toEqual([ids.subscription]);
    expect(objectsAt((await azure.call('GET', '/subscriptions?api-version=2019-11-01', { as: ids.app })).body, 'value')).toEqual([]);
    expect(objectsAt((await azure.call('GET', '/tenants?api-version=2022-12-01')).body, 'value')[0]?.tenantId).toBe(ids.tenant);
    expect(await names(`${subscription}/resourceGroups?api-version=2021-04-01`)).toEqual(['rg-a', 'rg-b']);
    expect(await names(`${subscription}/resourceGroups?api-version=2021-04-01`, ids.contributor)).toEqual(['rg-a']);
    const group = await azure.call(
      'GET',
      '/providers/Microsoft.Management/managementGroups/platform?api-version=2021-04-01&$expand=ancestors',
    );
    expect(group.body.name).toBe('platform');
  });

  test('EA-48: permissions are the caller’s own; conditions show from 2022-05-01-preview on', async () => {
    const client = azure.authorization(ids.delegate);
    const rows = [];
    for await (const block of client.permissions.listForResource('rg-a', 'Microsoft.KeyVault', '', 'vaults', 'kv-a')) rows.push(block);
    expect(rows).toHaveLength(2);
    const ask = async (version: string) => {
      const reply = await azure.call('GET', `${kvA}/providers/Microsoft.Authorization/permissions?api-version=${version}`, {
        as: ids.delegate,
      });
      return objectsAt(reply.body, 'value').filter((block) => block.condition !== undefined).length;
    };
    expect(await ask('2022-04-01')).toBe(0);
    expect(await ask('2022-05-01-preview')).toBe(1);
    const stranger = await azure.call('GET', `${kvA}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`, {
      as: ids.stranger,
    });
    expect(stranger.body).toEqual({ value: [] });
  });

  test('EA-19: role definitions carry the subscription in their id, and conditions only in newer versions', async () => {
    const client = azure.authorization().roleDefinitions;
    const found = [];
    for await (const role of client.list(kvA, { filter: "roleName eq 'Key Vault Secrets User'" })) found.push(role.id);
    expect(found).toEqual([`${subscription}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`]);
    const condition = async (version: string) => {
      const path = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${dataAccessAdministrator}?api-version=${version}`;
      return objectsAt(objectAt((await azure.call('GET', path)).body, 'properties'), 'permissions')[0]?.condition;
    };
    expect(await condition('2022-04-01')).toBeUndefined();
    expect(await condition('2018-01-01-preview')).toBeUndefined();
    expect(await condition('2022-05-01-preview')).toContain('ForAnyOfAnyValues:GuidEquals');
  });
});
