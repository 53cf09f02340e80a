import { expect, test } from 'vitest';
import { mapCommand } from '../../src/cli/commands/map.ts';
import { testIo } from '../cli/test-io.ts';

const [tenant, app] = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];
const id = '/subscriptions/5b000000-0000-4000-8000-000000000001/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-case';
const none = { applicationId: null, permissions: { certificates: null, keys: null, secrets: ['get'], storage: null } };

async function* piped(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

async function mapped(value: unknown) {
  const io = testIo();
  const code = await mapCommand({ color: false, state: '.keyturn', json: true }, io, () => piped(JSON.stringify(value, undefined, 2)));
  const lines = io.stdout().trimEnd().split('\n');
  const roles = lines.map((line) => (JSON.parse(line) as { roles: readonly { name: string }[] }).roles.map(({ name }) => name).join(' + '));
  return { code, roles };
}

// Azure/azure-powershell#17970 (Get-AzKeyVault), and the printed forms of `az keyvault show`, `az keyvault list` and `terraform show -json`
test.each<[string, unknown, string]>([
  [
    'az keyvault show',
    { id, name: 'kv-case', properties: { accessPolicies: [{ tenantId: tenant, objectId: app, ...none }] } },
    'Key Vault Secrets User',
  ],
  [
    'az keyvault list',
    [{ id, name: 'kv-case', properties: { accessPolicies: [{ tenantId: tenant, objectId: app, ...none }] } }],
    'Key Vault Secrets User',
  ],
  [
    'Get-AzKeyVault',
    [
      {
        TenantId: tenant,
        TenantName: 'field.example',
        ObjectId: app,
        ApplicationId: null,
        DisplayName: 'App',
        PermissionsToKeys: ['Get', 'List', 'Rotate', 'GetRotationPolicy'],
        PermissionsToSecrets: ['get'],
        PermissionsToCertificates: [],
        PermissionsToStorage: [],
      },
    ],
    'Key Vault Crypto Officer + Key Vault Secrets User',
  ],
  [
    'the access policies of a Terraform state',
    [
      {
        object_id: app,
        tenant_id: tenant,
        application_id: '',
        key_permissions: ['Get', 'List'],
        secret_permissions: ['Get'],
        certificate_permissions: [],
        storage_permissions: [],
      },
    ],
    'Key Vault Certificate User',
  ],
])('what %s prints is what people have at hand, and it is read as it is', async (_, value, roles) => {
  expect(await mapped(value)).toEqual({ code: 0, roles: [roles] });
});
