import { describe, expect, test } from 'vitest';
import { parseScope, rootScope, type Scope, scopeChain, scopeLevel, scopeReaches } from '../../src/model/scope.ts';
import { parseVaultId } from '../../src/model/vault-id.ts';

const scope = (raw: string): Scope => {
  const parsed = parseScope(raw);
  if (parsed === undefined) throw new Error(`no scope: ${raw}`);
  return parsed;
};
const sub = '/subscriptions/0A0A0A0A-0000-0000-0000-000000000001';
const vault = scope(`${sub}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1`);

describe('a scope', () => {
  test('EA-12: is compared without case, without a trailing slash and with one leading slash', () => {
    expect(scope(`/${sub}/resourcegroups/RG/`)).toBe(scope(`${sub}/resourceGroups/rg`));
    expect(scope('subscriptions/x')).toBe('/subscriptions/x');
  });
  test('EA-12: at the root is the empty text', () => {
    expect(parseScope('/')).toBe(rootScope);
  });
  test('is refused when it is no Azure id', () => {
    expect(parseScope('vaults/kv1')).toBeUndefined();
    expect(parseScope('?')).toBeUndefined();
  });
  test('EA-12: reaches whole segments only: kv1 does not reach kv10, nor secret s1 the secret s10', () => {
    expect(scopeReaches(vault, scope(`${vault}0`), [])).toBe(false);
    expect(scopeReaches(scope(`${vault}/secrets/s1`), scope(`${vault}/secrets/s10`), [])).toBe(false);
    expect(scopeReaches(vault, scope(`${vault}/secrets/s1`), [])).toBe(true);
  });
  test('EA-12: of a management group reaches only what has it as an ancestor', () => {
    const group = scope('/providers/Microsoft.Management/managementGroups/mg');
    expect(scopeReaches(group, vault, [group])).toBe(true);
    expect(scopeReaches(group, vault, [])).toBe(false);
  });
  test('EA-13: has the vault, its group, its subscription, the management groups and the root above an object', () => {
    const group = scope('/providers/Microsoft.Management/managementGroups/mg');
    const chain = scopeChain(scope(`${vault}/secrets/s`), [group]);
    expect(
      chain.filter((s) => ['object', 'resource', 'resourceGroup', 'subscription', 'managementGroup', 'root'].includes(scopeLevel(s))),
    ).toEqual(chain);
    expect(chain).toContain(vault);
    expect(chain).toContain(group);
    expect(chain.at(-1)).toBe(rootScope);
  });
  test('tells its level', () => {
    expect([rootScope, scope(sub), scope(`${sub}/resourceGroups/rg`), vault, scope(`${vault}/keys/k`)].map(scopeLevel)).toEqual([
      'root',
      'subscription',
      'resourceGroup',
      'resource',
      'object',
    ]);
  });
});

describe('a vault id', () => {
  test('keeps its spelling and is compared by its scope', () => {
    const id = parseVaultId('/subscriptions/S/resourcegroups/Rg/providers/microsoft.keyvault/vaults/Kv1');
    expect(id).toMatchObject({
      resourceGroup: 'Rg',
      name: 'Kv1',
      subscriptionId: 's',
      scope: '/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv1',
    });
  });
  test('is not the id of a Managed HSM, an object or a group', () => {
    for (const other of [
      '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/h',
      `${vault}/secrets/s`,
      '/subscriptions/s/resourceGroups/rg',
      '',
    ])
      expect(parseVaultId(other)).toBeUndefined();
  });
});
