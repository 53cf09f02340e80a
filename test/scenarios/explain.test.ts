import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenScenario, openScenario } from './open-scenario.ts';

let open: OpenScenario;

beforeAll(async () => {
  open = await openScenario('shared-platform-vault');
});
afterAll(async () => {
  await open.close();
});

const explain = (...words: readonly string[]) => open.keyturn('explain', ...words, 'kv-platform');

describe('keyturn explain', () => {
  test('names the entry that gives an access today, the assignment that the plan makes for it, and what else comes along', async () => {
    const { code, stdout } = await explain('id-payments-api', 'keys/wrapKey');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'id-payments-api (managed identity), keys/wrapKey, vault kv-platform\n\nkeys/wrap\n  today: granted by its own access policy\n',
    );
    expect(stdout).toMatch(
      / {2}after the flip: granted by `Key Vault Crypto Service Encryption User` at \S+\/kv-platform, which the plan creates\n/,
    );
    expect(stdout).toContain(
      'Key Vault Crypto Service Encryption User also brings keys/unwrap (B), keys/read (D); on the control plane Microsoft.EventGrid/',
    );
  });
  test('says of an assignment that exists that it does, and through which group it comes', async () => {
    expect((await explain('id-payments-api', 'secrets/get')).stdout).toMatch(/granted by `Key Vault Secrets User` at \S+, which exists/);
    const { stdout } = await explain('alice admin', 'secrets/set');
    expect(stdout).toContain('today: granted by its own access policy and the access policy of the group `sec-platform-admins`');
    expect(stdout).toMatch(
      /secrets\/setSecret\n.*\n {2}after the flip: granted by `Key Vault Secrets Officer` of the group `sec-platform-admins` at/,
    );
    expect(stdout).toContain('\nsecrets/update\n');
  });
  test('answers for somebody whom only a nested group knows, by object id, as JSON', async () => {
    const noor = [...open.sandbox.tenant.directory.values()].find((one) => one.displayName === 'Noor On-Call');
    const { code, stdout } = await explain(noor?.id ?? '', 'secrets/getSecret', '--json');
    const report = JSON.parse(stdout) as {
      readonly format: string;
      readonly actions: readonly unknown[];
      readonly roles: readonly unknown[];
    };
    expect([code, report.format]).toEqual([0, 'keyturn-explain']);
    expect(report.actions).toMatchObject([
      {
        dataAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action',
        today: { state: 'granted', entries: [{ displayName: 'sec-platform-admins', throughGroup: true }] },
        after: {
          state: 'covered',
          assignments: [{ roleName: 'Key Vault Secrets Officer', groupName: 'sec-platform-admins', planned: false }],
        },
      },
    ]);
    expect(report.roles).toMatchObject([
      { roleName: 'Key Vault Secrets Officer', controlPlane: expect.arrayContaining(['Microsoft.Support/*']) as unknown },
    ]);
  });
  test('says what nobody has today, and what is gained by a role that brings more', async () => {
    const { code, stdout } = await explain('sp-ci-deploy', 'keys/get');
    expect(code).toBe(0);
    expect(stdout).toContain('today: not granted: no access policy gives it\n  after the flip: granted by `Key Vault Certificate User`');
    expect((await explain('id-billing-batch', 'certificates/purge')).stdout).toContain(
      'after the flip: not granted: no role assignment gives it',
    );
  });
  test.each([
    ['a principal that is not there', ['nobody', 'secrets/get'], 'PRINCIPAL_UNKNOWN'],
    ['a permission that is not there', ['id-billing-batch', 'secrets/fly'], 'PERMISSION_UNKNOWN'],
  ])('refuses %s', async (_what, words, code) => {
    const result = await explain(...words);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(`error ${code}: `);
  });
});
