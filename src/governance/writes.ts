import { isObject, type JsonObject, objectAt } from '../base/json.ts';
import { parseScope, rootScope } from '../model/scope.ts';
import type { PermissionModel, Vault } from '../model/vault.ts';
import type { PolicyWrite } from './ruling.ts';

const knownOfVaults: ReadonlySet<string> = new Set([
  'accesspolicies',
  'createmode',
  'enabledfordeployment',
  'enabledfordiskencryption',
  'enabledfortemplatedeployment',
  'enablepurgeprotection',
  'enablerbacauthorization',
  'enablesoftdelete',
  'hsmpoolresourceid',
  'networkacls',
  'privateendpointconnections',
  'provisioningstate',
  'publicnetworkaccess',
  'sku',
  'softdeleteretentionindays',
  'tenantid',
  'vaulturi',
]);

/** The change of a vault's permission model. A PATCH is judged as the vault would be after it, with all that it does not name. */
export function modelWrite(vault: Vault, model: PermissionModel): PolicyWrite {
  const tags = objectAt(vault.raw, 'tags');
  return {
    apiVersion: '2026-02-01',
    resource: {
      scope: vault.scope,
      id: vault.id,
      type: 'Microsoft.KeyVault/vaults',
      name: vault.name,
      ...(vault.location !== '' && { location: vault.location }),
      indexed: true,
      tags: isObject(tags) ? tags : {},
      properties: { ...objectAt(vault.raw, 'properties'), enableRbacAuthorization: model === 'azureRbac' },
      knownProperties: knownOfVaults,
      sent: new Set(['enablerbacauthorization']),
    },
  };
}

const knownOfAuthorization: ReadonlySet<string> = new Set([
  'roledefinitionid',
  'principalid',
  'principaltype',
  'condition',
  'conditionversion',
  'description',
  'rolename',
  'type',
  'permissions',
  'assignablescopes',
]);

/** The creation of a role assignment or a role definition. */
export function authorizationWrite(
  type: 'roleAssignments' | 'roleDefinitions',
  { id, name, properties }: { readonly id: string; readonly name: string; readonly properties: JsonObject },
): PolicyWrite {
  return {
    apiVersion: '2022-04-01',
    resource: {
      scope: parseScope(id) ?? rootScope,
      id,
      type: `Microsoft.Authorization/${type}`,
      name,
      indexed: false,
      tags: {},
      properties,
      knownProperties: knownOfAuthorization,
      sent: new Set(Object.keys(properties).map((key) => key.toLowerCase())),
    },
  };
}
