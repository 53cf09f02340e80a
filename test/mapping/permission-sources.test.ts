import { describe, expect, test } from 'vitest';
import { permissionSets } from '../../src/mapping/permission-sources.ts';

const [tenant, app, other] = [1, 2, 3].map((at) => `aaaaaaaa-0000-4000-8000-00000000000${at}`);
const id = '/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a';
const policy = { tenantId: tenant, objectId: app, permissions: { secrets: ['get'], keys: null } };

/** Vault, object id and permissions, as `kv-a …02 secrets get`. */
function told(value: unknown): readonly string[] | string {
  const sets = permissionSets(value);
  if (typeof sets === 'string') return sets;
  return sets.map(({ vault = '-', objectId = '-', permissions }) => {
    const words = Object.entries(permissions).flatMap(([type, list]) => (list.length === 0 ? [] : [`${type} ${list.join(',')}`]));
    return `${vault} ${objectId.slice(-2)} ${words.join('; ')}`.toLowerCase();
  });
}

describe('permission sets in what tools print', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['a set', { secrets: ['get'] }, ['- - secrets get']],
    ['a policy by itself', policy, ['- 02 secrets get']],
    ['a list of policies', [policy, { ...policy, objectId: other }], ['- 02 secrets get', '- 03 secrets get']],
    ['`az keyvault show`', { id, name: 'kv-a', properties: { accessPolicies: [policy] } }, ['kv-a 02 secrets get']],
    [
      '`az keyvault list`',
      [
        { id, name: 'kv-a', properties: { accessPolicies: [policy] } },
        { id, name: 'kv-b', properties: { accessPolicies: [] } },
      ],
      ['kv-a 02 secrets get'],
    ],
    ["Resource Manager's list", { value: [{ id, name: 'kv-a', properties: { accessPolicies: [policy] } }] }, ['kv-a 02 secrets get']],
    [
      '`Get-AzKeyVault -VaultName`',
      {
        VaultName: 'kv-a',
        AccessPolicies: [{ ObjectId: app, TenantName: 'x', PermissionsToSecrets: ['get', 'list'], PermissionsToKeys: [] }],
      },
      ['kv-a 02 secrets get,list'],
    ],
    [
      'the same cut by ConvertTo-Json, where lists become texts and a list of one its item',
      { VaultName: 'kv-a', AccessPolicies: { ObjectId: app, PermissionsToSecrets: 'get list', PermissionsToSecretsStr: 'get, list' } },
      ['kv-a 02 secrets get,list'],
    ],
    [
      '`(Get-AzKeyVault).AccessPolicies`',
      [{ ObjectId: app, ApplicationId: null, DisplayName: 'App', PermissionsToKeys: ['Get'], PermissionsToStorage: [] }],
      ['- 02 keys get'],
    ],
    [
      "policies in Terraform's words",
      [{ object_id: app, tenant_id: tenant, application_id: '', key_permissions: ['Get', 'List'], secret_permissions: ['Get'] }],
      ['- 02 keys get,list; secrets get'],
    ],
    [
      '`terraform show -json` of a state, with child modules',
      {
        format_version: '1.0',
        values: {
          root_module: {
            resources: [
              { type: 'azurerm_resource_group', values: { name: 'rg' } },
              {
                type: 'azurerm_key_vault',
                mode: 'managed',
                values: { name: 'kv-a', access_policy: [{ object_id: app, secret_permissions: ['Get'], storage_permissions: null }] },
              },
              {
                type: 'azurerm_key_vault',
                mode: 'data',
                values: { name: 'kv-data', access_policy: [{ object_id: app, secret_permissions: ['Set'] }] },
              },
            ],
            child_modules: [
              {
                resources: [
                  {
                    type: 'azurerm_key_vault_access_policy',
                    values: { id: 'x', key_vault_id: id, object_id: other, key_permissions: ['WrapKey'], timeouts: null },
                  },
                ],
              },
            ],
          },
        },
      },
      ['kv-a 02 secrets get', 'kv-a 03 keys wrapkey'],
    ],
    [
      '`terraform show -json` of a plan: what will be, and not what is',
      {
        prior_state: {
          values: { root_module: { resources: [{ type: 'azurerm_key_vault', values: { name: 'kv-old', access_policy: [] } }] } },
        },
        planned_values: {
          root_module: {
            resources: [{ type: 'azurerm_key_vault_access_policy', values: { object_id: app, certificate_permissions: ['Get'] } }],
          },
        },
      },
      ['- 02 certificates get'],
    ],
    [
      'a state file of Terraform',
      {
        version: 4,
        terraform_version: '1.9.0',
        resources: [
          {
            mode: 'managed',
            type: 'azurerm_key_vault_access_policy',
            instances: [{ attributes: { key_vault_id: id, object_id: app, secret_permissions: ['Get'] } }],
          },
        ],
      },
      ['kv-a 02 secrets get'],
    ],
  ])('%s', (_, value, expected) => {
    expect(told(value)).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    [
      'a vault of a list without its policies',
      [{ id, name: 'kv-a', type: 'Microsoft.KeyVault/vaults', tags: {} }],
      'vault `kv-a` stands there without',
    ],
    ['what `Get-AzKeyVault` lists', [{ VaultName: 'kv-a', ResourceGroupName: 'rg' }], 'Get-AzKeyVault -VaultName'],
    ['policies that were cut to their type', { VaultName: 'kv-a', AccessPolicies: ['Microsoft.Azure…AccessPolicy'] }, 'add `-Depth 5`'],
    [
      'a policy with a misspelt list',
      { name: 'kv-a', properties: { accessPolicies: [{ secerts: ['get'] }] } },
      'access policy 0 of vault `kv-a`: it has `secerts`',
    ],
    ['a state without a vault', { values: { root_module: { resources: [] } } }, 'no `azurerm_key_vault`'],
    ['a word', 'get', 'it is not an object'],
  ])('%s is refused with what to do', (_, value, words) => {
    expect(told(value)).toContain(words);
  });
});
