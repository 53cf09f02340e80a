import { SecretClient } from '@azure/keyvault-secrets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantId } from '../evaluator/estate.ts';
import { app, appId, grant, policies, type RunningVaults, runVaults, vaultId } from './harness.ts';
import { all, failure, given } from './outcome.ts';

let vaults: RunningVaults;

beforeEach(async () => {
  vaults = await runVaults();
});
afterEach(() => vaults.close());

function clientOf(vault: string, serviceVersion = '2025-07-01'): SecretClient {
  const { httpClient, credential } = vaults.client();
  return new SecretClient(`https://${vault}.vault.azure.net`, credential, {
    httpClient,
    retryOptions: { maxRetries: 0 },
    serviceVersion: serviceVersion as '7.5',
  });
}

const models = [
  ['access policies', policies({ secrets: ['all', 'purge'] })],
  ['Azure RBAC', { enableRbacAuthorization: true }],
] as const;

describe.each(models)('secrets under %s, through @azure/keyvault-secrets', (model, properties) => {
  let client: SecretClient;

  beforeEach(() => {
    vaults.addVault('kv-a', properties);
    if (model === 'Azure RBAC') grant(vaults.state, 'kv-a', ['secrets/*']);
    client = clientOf('kv-a');
  });

  test('a secret is set, read in each version, listed and updated', async () => {
    const first = await client.setSecret('Db', 'one', { contentType: 'text/plain', tags: { of: 'shop' } });
    const { version = '' } = first.properties;
    await client.setSecret('db', 'two', { expiresOn: new Date('2030-01-01T00:00:00Z') });
    const latest = await client.getSecret('db');
    expect([latest.value, latest.name, latest.properties.expiresOn]).toEqual(['two', 'Db', new Date('2030-01-01T00:00:00Z')]);
    expect((await client.getSecret('db', { version })).value).toBe('one');
    await client.updateSecretProperties('db', version, { enabled: false, contentType: 'x' });
    const versions = await all(client.listPropertiesOfSecretVersions('db'));
    expect(versions.map(({ enabled, contentType, tags }) => [enabled, contentType, tags])).toEqual([
      [false, 'x', { of: 'shop' }],
      [true, undefined, undefined],
    ]);
    expect(await failure(client.getSecret('db', { version }))).toMatchObject({ status: 403, inner: 'SecretDisabled' });
    const [listed] = await all(client.listPropertiesOfSecrets());
    expect(listed).toMatchObject({ name: 'Db', recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 });
  });

  test('a secret is deleted, holds its name, is recovered, deleted again and purged', async () => {
    await client.setSecret('db', 'one');
    const deleted = await (await client.beginDeleteSecret('db', { intervalInMs: 1 })).pollUntilDone();
    expect(deleted.recoveryId).toBe('https://kv-a.vault.azure.net/deletedsecrets/db');
    expect(await failure(client.getSecret('db'))).toMatchObject({ status: 404, code: 'SecretNotFound' });
    expect(await failure(client.setSecret('db', 'x'))).toMatchObject({
      status: 409,
      code: 'Conflict',
      inner: 'ObjectIsDeletedButRecoverable',
    });
    expect((await all(client.listDeletedSecrets())).map(({ name }) => name)).toEqual(['db']);
    expect((await client.getDeletedSecret('db')).name).toBe('db');
    await (await client.beginRecoverDeletedSecret('db', { intervalInMs: 1 })).pollUntilDone();
    expect((await client.getSecret('db')).value).toBe('one');
    await client.beginDeleteSecret('db', { intervalInMs: 1 });
    await client.purgeDeletedSecret('db');
    expect(await failure(client.getDeletedSecret('db'))).toMatchObject({ status: 404 });
    expect((await client.setSecret('db', 'new')).value).toBe('new');
  });

  test('a backup brings a secret back with all its versions, and only where its name is free', async () => {
    await client.setSecret('db', 'one');
    await client.setSecret('db', 'two');
    const backup = given(await client.backupSecret('db'));
    expect(Buffer.from(backup).toString('latin1')).not.toContain('two');
    expect(await failure(client.restoreSecretBackup(backup))).toMatchObject({ status: 409 });
    await client.beginDeleteSecret('db', { intervalInMs: 1 });
    await client.purgeDeletedSecret('db');
    await client.restoreSecretBackup(backup);
    expect(await all(client.listPropertiesOfSecretVersions('db'))).toHaveLength(2);
    expect((await client.getSecret('db')).value).toBe('two');
    expect(await failure(client.restoreSecretBackup(Buffer.from('nonsense')))).toMatchObject({ status: 400, code: 'BadParameter' });
  });

  test('lists come in pages that lead to each other', async () => {
    for (const n of Array.from({ length: 30 }, (_, index) => index)) await client.setSecret(`s${String(n).padStart(2, '0')}`, 'v');
    const sizes: number[] = [];
    for await (const page of client.listPropertiesOfSecrets().byPage({ maxPageSize: 12 })) sizes.push(page.length);
    expect(sizes).toEqual([12, 12, 6]);
    expect((await all(client.listPropertiesOfSecrets())).map(({ name }) => name)).toHaveLength(30);
  });

  test('what the sandbox does not know is an error that names it', async () => {
    expect(await failure(clientOf('kv-a', '7.3').getSecret('db'))).toMatchObject({
      status: 400,
      message: expect.stringContaining('7.3') as string,
    });
    const poll = client.getSecret('db', { outContentType: 'application/x-pem-file' });
    expect(await failure(poll)).toMatchObject({ status: 400, message: expect.stringContaining('outContentType') as string });
  });
});

describe('refusals', () => {
  const iss = `https://sts.windows.net/${tenantId}/`;

  test('EA-8, EA-14: without a right a role-ruled vault says which action on which resource is missing, whether or not it exists', async () => {
    vaults.addVault('kv-a', { enableRbacAuthorization: true });
    const { message, ...codes } = await failure(clientOf('kv-a').getSecret('DB'));
    expect(codes).toEqual({ status: 403, code: 'Forbidden', inner: 'ForbiddenByRbac' });
    expect(message.split('\r\n')).toEqual([
      'Caller is not authorized to perform action on resource.',
      'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
      `Caller: appid=${appId};oid=${app};iss=${iss}`,
      "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
      `Resource: '${vaultId('kv-a').toLowerCase()}/secrets/db'`,
      'Assignment: (not found)',
      'DenyAssignmentId: null',
      "DecisionReason: 'DeniedWithNoValidRBAC' ",
      'Vault: kv-a;location=westeurope',
      '',
    ]);
    grant(vaults.state, 'kv-a', ['secrets/getSecret/action']);
    expect(await failure(clientOf('kv-a').getSecret('DB'))).toMatchObject({ status: 404, code: 'SecretNotFound' });
  });

  test('EA-14: a right on one secret reads it in any version, and neither lists nor reads another', async () => {
    const client = clientOf('kv-a');
    vaults.addVault('kv-a', policies({ secrets: ['set'] }));
    const { properties } = await client.setSecret('one', 'v');
    vaults.addVault('kv-a', { enableRbacAuthorization: true }).secrets.set('one', {
      name: 'one',
      versions: [{ id: given(properties.version), value: 'v', attributes: { enabled: true, created: 1, updated: 1 } }],
    });
    grant(vaults.state, 'kv-a', ['secrets/*'], { scope: `${vaultId('kv-a')}/secrets/one` });
    expect((await client.getSecret('one', { version: given(properties.version) })).value).toBe('v');
    expect((await all(client.listPropertiesOfSecretVersions('one'))).length).toBe(1);
    expect(await failure(all(client.listPropertiesOfSecrets()))).toMatchObject({ status: 403 });
    expect(vaults.denials().at(-1)).toMatchObject({ operation: 'SecretList', resource: vaultId('kv-a'), code: 'ForbiddenByRbac' });
    expect(await failure(client.getSecret('ten'))).toMatchObject({ status: 403 });
  });

  test('EA-39, EA-40: a name condition lets the named secret through and stops every list', async () => {
    vaults.addVault('kv-a', { enableRbacAuthorization: true });
    const condition = ['Resource', 'Request']
      .map((side) => `(@${side}[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'shop-')`)
      .join(' OR ');
    grant(vaults.state, 'kv-a', ['secrets/*'], { condition });
    const client = clientOf('kv-a');
    await client.setSecret('shop-db', 'v');
    expect((await client.getSecret('shop-db')).value).toBe('v');
    expect(await failure(client.setSecret('other', 'v'))).toMatchObject({ status: 403, inner: 'ForbiddenByRbac' });
    expect(await failure(all(client.listPropertiesOfSecrets()))).toMatchObject({ status: 403 });
    expect(vaults.denials().map(({ operation }) => operation)).toEqual(['SecretSet', 'SecretList']);
    expect(vaults.audit.at(-1)?.ResultDescription).toContain('DeniedWithMissingAttributesInRA');
  });

  test('LP-6: a policy-ruled vault tells a caller without an entry from one whose entry lacks the permission', async () => {
    vaults.addVault('kv-a', policies({ secrets: ['list'] }));
    vaults.addVault('kv-b');
    const who = `appid=${appId};oid=${app};iss=${iss}`;
    expect(await failure(clientOf('kv-a').getSecret('db'))).toMatchObject({ status: 403, code: 'Forbidden', inner: 'ForbiddenByPolicy' });
    const { message, ...codes } = await failure(clientOf('kv-b').getSecret('db'));
    expect(codes).toEqual({ status: 403, code: 'Forbidden', inner: 'AccessDenied' });
    expect(message).toBe(
      `The user, group or application '${who}' does not have secrets get permission on key vault 'kv-b;location=westeurope'. ` +
        'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287',
    );
  });

  test('EA-7, LP-1: assignments do nothing on a policy-ruled vault, and policies nothing on a role-ruled one', async () => {
    vaults.addVault('kv-a', {});
    grant(vaults.state, 'kv-a', ['*']);
    vaults.addVault('kv-b', { ...policies({ secrets: ['all'] }), enableRbacAuthorization: true });
    expect(await failure(clientOf('kv-a').setSecret('db', 'v'))).toMatchObject({ inner: 'AccessDenied' });
    expect(await failure(clientOf('kv-b').setSecret('db', 'v'))).toMatchObject({ inner: 'ForbiddenByRbac' });
  });

  test('purge protection keeps deleted secrets even from those who may purge', async () => {
    vaults.addVault('kv-a', { ...policies({ secrets: ['all', 'purge'] }), enablePurgeProtection: true, softDeleteRetentionInDays: 7 });
    const client = clientOf('kv-a');
    const { properties } = await client.setSecret('db', 'v');
    expect(properties).toMatchObject({ recoveryLevel: 'CustomizedRecoverable', recoverableDays: 7 });
    await client.beginDeleteSecret('db', { intervalInMs: 1 });
    expect(await failure(client.purgeDeletedSecret('db'))).toMatchObject({ status: 403 });
  });

  test('a vault that is not there answers with an error that names the host', async () => {
    expect(await failure(clientOf('kv-none').getSecret('db'))).toMatchObject({
      status: 404,
      message: expect.stringContaining('kv-none.vault.azure.net') as string,
    });
  });
});

describe('what is written down', () => {
  test('every call leaves an audit row, refusals a denial, and no row a value', async () => {
    vaults.addVault('kv-a', { enableRbacAuthorization: true });
    const assignment = grant(vaults.state, 'kv-a', ['secrets/setSecret/action']);
    const client = clientOf('kv-a');
    await client.setSecret('db', 'hush-hush');
    await failure(client.getSecret('db'));
    expect(vaults.audit.map((row) => [row.OperationName, row.HttpStatusCode])).toEqual([
      ['Authentication', 401],
      ['SecretSet', 200],
      ['SecretGet', 403],
    ]);
    const [, set, get] = vaults.audit;
    expect(set).toMatchObject({
      ResultSignature: 'OK',
      Identity: { claim: { oid: app, appid: appId, idtyp: 'app' } },
      Id: 'https://kv-a.vault.azure.net/secrets/db',
      IsRbacAuthorized: true,
      IsAccessPolicyMatch: null,
      AppliedAssignmentId: assignment.slice(-36),
      EnableRbacAuthorization: true,
      _ResourceId: vaultId('kv-a').toLowerCase(),
    });
    expect(get).toMatchObject({ ResultSignature: 'Forbidden', IsRbacAuthorized: false, AppliedAssignmentId: null });
    expect(get?.ResultDescription).toContain("Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'");
    expect(vaults.denials()).toEqual([
      {
        at: expect.stringMatching(/^2026-11-23T08:0/) as string,
        vault: 'kv-a',
        operation: 'SecretGet',
        resource: `${vaultId('kv-a')}/secrets/db`,
        objectId: app,
        appId,
        code: 'ForbiddenByRbac',
      },
    ]);
    expect(JSON.stringify([vaults.audit, vaults.denials()])).not.toContain('hush-hush');
  });

  test('a row of a policy-ruled vault has no evidence of roles', async () => {
    vaults.addVault('kv-a', policies({ secrets: ['set'] }));
    await clientOf('kv-a').setSecret('db', 'v');
    expect(vaults.audit[1]).toMatchObject({ IsAccessPolicyMatch: true, IsRbacAuthorized: null, EnableRbacAuthorization: false });
  });
});
