import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../src/azure/client/request-rules.ts';
import type { JsonObject, JsonValue } from '../../../src/base/json.ts';
import { guid, subscriptionScope, vaultPath } from '../facts.ts';

const rolePath = `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${guid(1)}`;
const action = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const block: JsonObject = { actions: [], notActions: [], dataActions: [action], notDataActions: [] };
const properties: JsonObject = {
  roleName: 'reads secrets',
  type: 'CustomRole',
  description: 'why',
  permissions: [block],
  assignableScopes: [subscriptionScope],
};
const send = (method: string, path: string, body?: JsonValue, mode: 'read' | 'write' = 'write') =>
  refusalOf('resourceManager', mode, { method, url: new URL(`https://127.0.0.1${path}`), body });
const put = (changes: JsonObject, path = rolePath) => send('PUT', path, { properties: { ...properties, ...changes } });
const without = (key: string) => ({ properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key)) });

describe('a custom role', () => {
  test('of vault data actions may be made and removed in write mode', () => {
    expect(put({})).toBeUndefined();
    expect(put({}, `/${rolePath.toUpperCase()}?api-version=2022-04-01`)).toBeUndefined();
    expect(put({ permissions: [{ ...block, dataActions: [action, 'microsoft.keyvault/vaults/certificatecas/read'] }] })).toBeUndefined();
    expect(send('DELETE', rolePath)).toBeUndefined();
  });
  test('may not be touched in read mode, nor by any other method', () => {
    for (const method of ['PUT', 'DELETE']) expect(send(method, rolePath, { properties }, 'read')).toContain('read mode');
    for (const method of ['POST', 'PATCH']) expect(send(method, rolePath, { properties })).toBeDefined();
    expect(send('DELETE', rolePath, {})).toBeDefined();
  });
  test('may not be anywhere but right below one subscription', () => {
    const role = rolePath.slice(subscriptionScope.length);
    for (const path of [
      role,
      `${vaultPath}${role}`,
      `${subscriptionScope}/resourceGroups/rg${role}`,
      `/providers/Microsoft.Management/managementGroups/mg${role}`,
      `/subscriptions/all${role}`,
      `${subscriptionScope}%2fresourceGroups%2frg${role}`,
      `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/`,
      `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/owner`,
      `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${'-'.repeat(36)}`,
      `${rolePath}/x`,
      `${subscriptionScope}/x?y=${rolePath}`,
    ]) {
      expect(put({}, path), path).toBeDefined();
      expect(send('DELETE', path), path).toBeDefined();
    }
  });
  test('may not be assignable anywhere but where it is made', () => {
    for (const assignableScopes of [
      [],
      ['/'],
      [''],
      [`/subscriptions/${guid(9)}`],
      [subscriptionScope, `/subscriptions/${guid(9)}`],
      [`${subscriptionScope}/resourceGroups/rg`],
      ['/providers/Microsoft.Management/managementGroups/mg'],
      subscriptionScope,
      null,
      [null],
    ] satisfies JsonValue[])
      expect(put({ assignableScopes }), JSON.stringify(assignableScopes)).toBeDefined();
  });
  test('may not be of another kind, nameless, or carry more than keyturn knows', () => {
    for (const type of ['BuiltInRole', 'customrole', '', null, ['CustomRole']]) expect(put({ type })).toBeDefined();
    for (const key of Object.keys(properties)) expect(send('PUT', rolePath, without(key)), key).toBeDefined();
    expect(put({ createdBy: guid(1) })).toBeDefined();
    expect(send('PUT', rolePath, { properties, id: rolePath })).toBeDefined();
    for (const body of [undefined, null, [], 'x', {}, { properties: [] }]) expect(send('PUT', rolePath, body)).toBeDefined();
  });
  test('may not give a right to manage, leave anything out, or hold under a condition', () => {
    for (const changes of [
      { actions: ['*/read'] },
      { actions: [action] },
      { notActions: ['*'] },
      { notDataActions: [action] },
      { actions: null },
      { actions: 'none' },
      { dataActions: [] },
      { dataActions: null },
      { dataActions: action },
      { condition: 'true', conditionVersion: '2.0' },
    ] satisfies JsonObject[])
      expect(put({ permissions: [{ ...block, ...changes }] }), JSON.stringify(changes)).toBeDefined();
    for (const permissions of [[], [block, block], block, [null], [[block]], null] satisfies JsonValue[])
      expect(put({ permissions }), JSON.stringify(permissions)).toBeDefined();
    expect(put({ permissions: [Object.fromEntries(Object.entries(block).filter(([key]) => key !== 'actions'))] })).toBeDefined();
  });
  test('EA-9: may not give a data action that a pattern, another provider or the root could hide in', () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '*',
        'Microsoft.KeyVault/*',
        'Microsoft.KeyVault/vaults/*',
        'Microsoft.KeyVault/vaults/secrets/*',
        'Microsoft.KeyVault/vaults/*/read',
        'Microsoft.KeyVault/vaults/',
        'Microsoft.KeyVault/vaults/secrets/',
        'Microsoft.KeyVault/vaults//read',
        'Microsoft.KeyVault/vaultsandmore/read',
        'Microsoft.KeyVault/managedHSMs/read',
        'Microsoft.Storage/storageAccounts/read',
        `x ${action}`,
        `${action}\n*`,
        ` ${action}`,
      ),
      // Anything at all, and vault data actions with something foreign in them.
      fc.string({ unit: 'binary' }).filter((text) => !/^microsoft\.keyvault\/vaults(\/[a-z]+)+$/i.test(text)),
      fc
        .tuple(fc.nat(action.length), fc.constantFrom('*', '?', ' ', '\n', '\u0000', '//', '%2a', '{', '..'))
        .map(([at, foreign]) => action.slice(0, at) + foreign + action.slice(at)),
    );
    fc.assert(
      fc.property(odd, fc.boolean(), (one, first) => {
        const dataActions = first ? [one, action] : [action, one];
        expect(put({ permissions: [{ ...block, dataActions }] })).toBeDefined();
      }),
    );
  });
});
