import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenScenario, openScenario } from '../scenarios/open-scenario.ts';
import { type AzAnswer, type AzClient, azMissing, createAzClient } from './az-client.ts';

const missing = azMissing();
if (missing !== undefined) {
  if (process.env.CI !== undefined) throw new Error(missing);
  process.stderr.write(`SKIPPED: tests with Microsoft's own az: ${missing}\n`);
}

const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6';
const json = (answer: AzAnswer): unknown => {
  expect(answer.code, answer.stderr).toBe(0);
  return JSON.parse(answer.stdout);
};

describe.skipIf(missing !== undefined)("Microsoft's az against the sandbox", { timeout: 240_000 }, () => {
  let scenario: OpenScenario;
  let az: AzClient;
  let vault: { id: string; properties: { enableRbacAuthorization?: boolean | null; accessPolicies: readonly { objectId: string }[] } };

  beforeAll(async () => {
    scenario = await openScenario('one-app-one-developer');
    az = await createAzClient(scenario);
    expect(json(await az('login', '--identity'))).toMatchObject([{ name: 'Shop production', state: 'Enabled' }]);
  }, 240_000);
  afterAll(async () => {
    await az.dispose();
    await scenario.close();
  });

  test('lists the vaults of the subscription', async () => {
    expect(json(await az('keyvault', 'list'))).toMatchObject([{ name: 'kv-shop', type: 'Microsoft.KeyVault/vaults' }]);
  });

  test('shows a vault with its access policies, and lists and shows it in its resource group', async () => {
    vault = json(await az('keyvault', 'show', '--name', 'kv-shop')) as typeof vault;
    expect(vault.properties.accessPolicies).toHaveLength(2);
    expect(vault.properties.enableRbacAuthorization ?? false).toBe(false);
    expect(json(await az('keyvault', 'list', '--resource-group', 'rg-shop'))).toHaveLength(1);
  });

  test('lists the built-in role definitions', async () => {
    expect(json(await az('role', 'definition', 'list', '--name', 'Key Vault Secrets User'))).toMatchObject([
      {
        name: secretsUser,
        roleType: 'BuiltInRole',
        permissions: [{ dataActions: expect.arrayContaining(['Microsoft.KeyVault/vaults/secrets/getSecret/action']) as unknown }],
      },
    ]);
  });

  test('creates, lists and deletes a role assignment', async () => {
    const [policy] = vault.properties.accessPolicies;
    const principal = policy?.objectId ?? '';
    const made = json(
      await az(
        'role',
        'assignment',
        'create',
        '--role',
        secretsUser,
        '--scope',
        vault.id,
        '--assignee-object-id',
        principal,
        '--assignee-principal-type',
        'ServicePrincipal',
      ),
    ) as { id: string };
    expect(made).toMatchObject({ principalId: principal, principalType: 'ServicePrincipal', scope: vault.id });
    const list = () => az('role', 'assignment', 'list', '--scope', vault.id);
    expect(json(await list())).toMatchObject([
      { id: made.id, roleDefinitionName: 'Key Vault Secrets User', principalName: expect.any(String) as unknown },
    ]);
    expect((await az('role', 'assignment', 'delete', '--ids', made.id)).code).toBe(0);
    expect(json(await list())).toEqual([]);
  });

  test('makes a custom role, assigns it under a condition, and deletes it when nobody has it any more', async () => {
    const name = 'Reads what it is told, and no more';
    const scope = vault.id.split('/').slice(0, 3).join('/');
    const dataActions = ['Microsoft.KeyVault/vaults/secrets/getSecret/action'];
    const definition = { Name: name, Description: 'for a test', Actions: [], DataActions: dataActions, AssignableScopes: [scope] };
    const role = json(await az('role', 'definition', 'create', '--role-definition', JSON.stringify(definition))) as { name: string };
    expect(role).toMatchObject({ roleName: name, roleType: 'CustomRole', permissions: [{ dataActions }], assignableScopes: [scope] });
    expect((await az('role', 'definition', 'create', '--role-definition', JSON.stringify(definition))).stderr).toContain(
      'RoleDefinitionWithSameNameExists',
    );
    const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'db-password'";
    const [policy] = vault.properties.accessPolicies;
    const assignee = ['--assignee-object-id', policy?.objectId ?? '', '--assignee-principal-type', 'ServicePrincipal'];
    const where = ['--role', role.name, '--scope', vault.id];
    const made = json(
      await az('role', 'assignment', 'create', ...where, ...assignee, '--condition', condition, '--condition-version', '2.0'),
    ) as { id: string };
    expect(made).toMatchObject({ condition, conditionVersion: '2.0' });
    const remove = () => az('role', 'definition', 'delete', '--name', name, '--custom-role-only', 'true');
    expect((await remove()).stderr).toContain('RoleDefinitionHasAssignments');
    expect((await az('role', 'assignment', 'delete', '--ids', made.id)).code).toBe(0);
    expect((await remove()).code).toBe(0);
    expect(json(await az('role', 'definition', 'list', '--custom-role-only', 'true'))).toEqual([]);
  });

  test('flips the vault to Azure RBAC and back, and keeps its access policies', async () => {
    const flip = async (to: string) =>
      json(await az('keyvault', 'update', '--name', 'kv-shop', '--enable-rbac-authorization', to)) as typeof vault;
    expect((await flip('true')).properties).toMatchObject({
      enableRbacAuthorization: true,
      accessPolicies: vault.properties.accessPolicies,
    });
    expect((await flip('false')).properties).toMatchObject({
      enableRbacAuthorization: false,
      accessPolicies: vault.properties.accessPolicies,
    });
  });

  test('is told what a person would be told: no such vault, no such role assignment', async () => {
    const vaultAnswer = await az('keyvault', 'show', '--name', 'kv-none');
    expect(vaultAnswer.code).not.toBe(0);
    expect(vaultAnswer.stderr).toContain('kv-none');
    expect(vaultAnswer.stderr).not.toContain('Traceback');
  });

  test('asked nothing that the sandbox did not understand', () => {
    expect(scenario.sandbox.refusedAsks()).toEqual([]);
  });
});
