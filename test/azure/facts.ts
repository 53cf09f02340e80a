import { type Guid, parseGuid } from '../../src/base/guid.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { parseVaultId, type VaultId } from '../../src/model/vault-id.ts';

export const subscription = '00000000-0000-0000-0000-000000000001';
export const subscriptionScope = `/subscriptions/${subscription}`;
export const vaultPath = `${subscriptionScope}/resourceGroups/Rg-A/providers/Microsoft.KeyVault/vaults/kv-a`;
export const tenant = '00000000-0000-0000-0000-0000000000aa';
export const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6';

export function guid(last: number): Guid {
  return parseGuid(String(last).padStart(32, '0')) ?? ('' as Guid);
}

export const vaultId: VaultId = parseVaultId(vaultPath) ?? { id: '', scope: '' as never, subscriptionId: '', resourceGroup: '', name: '' };

/** A vault as ARM answers it, with members that no SDK model knows. */
export function aVault(properties: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    id: vaultPath,
    name: 'kv-a',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    tags: {},
    properties: { tenantId: tenant, sku: { family: 'A', name: 'standard' }, accessPolicies: [], ...properties },
    ...more,
  };
}

export function anAssignment(name: string, properties: JsonObject = {}): JsonObject {
  return {
    id: `${vaultPath}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      scope: vaultPath,
      principalId: guid(0xb1),
      principalType: 'ServicePrincipal',
      roleDefinitionId: `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`,
      condition: null,
      createdOn: '2026-11-01T08:00:00.1234567Z',
      updatedOn: '2026-11-01T08:00:00.1234567Z',
      ...properties,
    },
  };
}
