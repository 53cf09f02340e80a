import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/base/json.ts';
import { wholeDeny, wholeRole } from '../../builders/whole-rows.ts';
import { anAssignment, aVault, guid, subscription, subscriptionScope, tenant, vaultId, vaultPath } from '../facts.ts';
import { refusal, scriptedAzure } from '../scripted-azure.ts';

const rows = (...value: JsonValue[]) => ({ json: { value } });

describe('the vaults of a subscription', () => {
  test('come as Azure wrote them, with what the SDK does not know', async () => {
    const entry = { tenantId: tenant, objectId: guid(1), permissions: { Secrets: ['Get'], future: ['x'] }, futurePolicyField: 1 };
    const odd: JsonObject = aVault(
      {
        accessPolicies: [entry],
        enableRbacAuthorization: null,
        futureProp: { deep: [1] },
        sku: { family: 'A', name: 'standard', tier: 2 },
      },
      { etag: 'W/"1"', systemData: { createdAt: '2026-11-01T08:00:00.1234567Z' } },
    );
    const { resources } = await scriptedAzure(() => rows(odd));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: [odd] });
  });
  test('are all there, however odd their rows', async () => {
    const odd: JsonValue[] = [
      null,
      'text',
      {},
      { id: vaultPath },
      { id: vaultPath, properties: null },
      aVault({ accessPolicies: null }),
      aVault({ accessPolicies: [null, { permissions: null }, { permissions: { keys: null, secrets: 'get' } }] }),
      aVault({ networkAcls: { ipRules: [null] }, privateEndpointConnections: [null] }, { systemData: 'x', tags: null }),
      { ID: 'UPPER', Properties: { AccessPolicies: [] } },
    ];
    const { resources } = await scriptedAzure(() => rows(...odd));
    expect(await resources.vaults(subscription)).toEqual({ state: 'read', value: odd });
  });
  test('are asked for with one list and its pages', async () => {
    const { resources, lines } = await scriptedAzure(() => rows());
    await resources.vaults(subscription);
    expect(lines()).toEqual([`GET ${subscriptionScope}/providers/Microsoft.KeyVault/vaults`]);
  });
});

describe('one vault', () => {
  test('comes raw', async () => {
    const raw = aVault({ unknown: true, accessPolicies: [{ odd: 1 }] });
    const { resources } = await scriptedAzure(() => ({ json: raw }));
    expect(await resources.vault(vaultId)).toEqual({ state: 'read', value: raw });
  });
  test('is not found only when Azure itself says so', async () => {
    const answers = [
      refusal(404, 'ResourceNotFound', 'no'),
      refusal(404, 'ResourceGroupNotFound', 'no'),
      refusal(404, 'SubscriptionNotFound', 'no'),
      { status: 404, text: '<html>nothing here</html>' },
      { status: 404 },
      refusal(403, 'AuthorizationFailed', 'no'),
    ];
    const { resources } = await scriptedAzure(() => answers.shift() ?? { status: 501 });
    const states: string[] = [];
    for (let i = 0; i < 6; i += 1) states.push((await resources.vault(vaultId)).state);
    expect(states).toEqual(['notFound', 'notFound', 'notFound', 'unreadable', 'unreadable', 'unreadable']);
  });
  test('is unreadable when the answer is about another vault, or none', async () => {
    const other = aVault({}, { id: vaultPath.replace('kv-a', 'kv-b') });
    const answers: JsonValue[] = [other, {}, { value: [] }, [aVault()]];
    const { resources } = await scriptedAzure(() => ({ json: answers.shift() ?? null }));
    for (let i = 0; i < 4; i += 1) expect((await resources.vault(vaultId)).state).toBe('unreadable');
  });
  test('is recognised in whatever case Azure writes its id', async () => {
    const { resources } = await scriptedAzure(() => ({ json: aVault({}, { id: vaultPath.toUpperCase() }) }));
    expect((await resources.vault(vaultId)).state).toBe('read');
  });
});

describe('lists around a scope', () => {
  test('EA-45: are read without a filter and with atScope(), and united by id', async () => {
    const above = anAssignment(guid(2), { scope: '/providers/Microsoft.Management/managementGroups/mg' });
    const { resources, asked } = await scriptedAzure((request) =>
      rows(
        ...(request.query.get('$filter') === 'atScope()'
          ? [above]
          : [anAssignment(guid(1)), { ...above, id: JSON.stringify(above.id).slice(1, -1).toUpperCase() }]),
      ),
    );
    const reading = await resources.roleAssignments(subscriptionScope);
    expect(reading.state === 'read' && reading.value.map((row) => row.name)).toEqual([guid(1), guid(2)]);
    expect(asked.map((request) => request.query.get('$filter')).sort()).toEqual(['atScope()', null]);
  });
  test('have no double slash in their addresses', async () => {
    const { resources, asked } = await scriptedAzure(() => rows());
    await Promise.all([
      resources.roleAssignments(subscriptionScope),
      resources.denyAssignments(vaultPath),
      resources.activeInstances('/providers/Microsoft.Management/managementGroups/mg'),
      resources.roleDefinitions(`${subscriptionScope}/`),
      resources.locks(vaultPath),
      resources.policyAssignments(subscriptionScope),
    ]);
    expect(asked.filter((request) => request.url.split('?')[0]?.includes('//'))).toEqual([]);
  });
  test('are unreadable when a single row is not understood, and say which', async () => {
    const { resources } = await scriptedAzure(() => rows(anAssignment(guid(1)), { id: '/odd\u001b[31m', properties: {} }));
    const reading = await resources.roleAssignments(subscriptionScope);
    expect(reading).toMatchObject({ state: 'unreadable', because: expect.stringMatching(/row 2 \(`\/odd \[31m`\)/) as string });
  });
  test('EA-25: keep conditions and unknown members of deny assignments', async () => {
    const deny = wholeDeny({
      id: `${vaultPath}/providers/Microsoft.Authorization/denyAssignments/${guid(3)}`,
      properties: {
        denyAssignmentName: 'd',
        scope: vaultPath,
        principals: [{ id: guid(0).replaceAll('-', ''), type: 'SystemDefined' }],
        permissions: [{ dataActions: ['*'], condition: 'x' }],
        denyAssignmentEffect: 'auditOnly',
      },
    });
    const { resources } = await scriptedAzure(() => rows(deny));
    const reading = await resources.denyAssignments(vaultPath);
    expect(reading.state === 'read' && reading.value[0]?.raw).toEqual(deny);
    expect(reading.state === 'read' && reading.value[0]?.principals).toEqual([guid(0)]);
  });
  test('EA-19: keep the condition of a permission block of a role', async () => {
    const role = wholeRole({
      id: `/providers/Microsoft.Authorization/roleDefinitions/${guid(4)}`,
      properties: { roleName: 'r', type: 'CustomRole', permissions: [{ actions: ['*'], condition: '@x' }] },
    });
    const { resources } = await scriptedAzure(() => rows(role));
    const reading = await resources.roleDefinitions(subscriptionScope);
    expect(reading.state === 'read' && reading.value[0]?.permissions[0]?.condition).toBe('@x');
  });
  test('hold the locks of the vault, its resource group and its subscription', async () => {
    const lock = (at: string) => ({ id: `${at}/providers/Microsoft.Authorization/locks/l`, properties: { level: 'ReadOnly' } });
    const { resources } = await scriptedAzure((request) => rows(lock(request.path.split('/providers/Microsoft.Authorization')[0] ?? '')));
    const reading = await resources.locks(vaultPath);
    expect(reading.state === 'read' && reading.value.map((each) => each.scope)).toEqual([
      vaultPath.toLowerCase(),
      `${subscriptionScope}/resourcegroups/rg-a`,
      subscriptionScope,
    ]);
  });
  test('of subscriptions need an id and a tenant', async () => {
    const good = { subscriptionId: subscription.toUpperCase(), tenantId: tenant, displayName: 'One' };
    const answers = [rows(good), rows(good, { subscriptionId: subscription })];
    const { resources } = await scriptedAzure(() => answers.shift() ?? rows());
    expect(await resources.subscriptions()).toEqual({
      state: 'read',
      value: [{ subscriptionId: subscription, tenantId: tenant, displayName: 'One' }],
    });
    expect((await resources.subscriptions()).state).toBe('unreadable');
  });
  test('EA-48: of the operator’s permissions are read at the vault, blocks as they come', async () => {
    const empty = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
    const { resources, asked } = await scriptedAzure(() => rows({ actions: ['*'], notActions: ['x'] }, empty));
    expect(await resources.operatorPermissions(vaultId)).toEqual({
      state: 'read',
      value: [{ ...empty, actions: ['*'], notActions: ['x'] }, empty],
    });
    expect(asked[0]?.path.replaceAll(/\/+/g, '/').toLowerCase()).toBe(
      `${vaultPath}/providers/Microsoft.Authorization/permissions`.toLowerCase(),
    );
  });
  test('of diagnostic settings come raw', async () => {
    const setting = { name: 'to-law', properties: { logs: [{ categoryGroup: 'audit', enabled: true }], future: 1 } };
    const { resources } = await scriptedAzure(() => rows(setting));
    expect(await resources.diagnosticSettings(vaultPath)).toEqual({ state: 'read', value: [setting] });
  });
});
