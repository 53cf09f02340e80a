import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../cli/test-io.ts';
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
    expect(stdout).toMatch(
      /id-payments-api \(managed identity, [0-9a-f-]{36}\), keys\/wrapKey, vault kv-platform\n\nkeys\/wrap\n {2}today: granted by its own access policy\n/,
    );
    expect(stdout).toMatch(
      / {2}after the flip: granted by `Key Vault Crypto Service Encryption User` at `kv-platform`, which the plan creates\n/,
    );
    expect(stdout).toContain(
      'Key Vault Crypto Service Encryption User also brings keys/unwrap (B), keys/read (D); on the control plane Microsoft.EventGrid/',
    );
  });
  test('says of an assignment that exists that it does, and through which group it comes', async () => {
    expect((await explain('id-payments-api', 'secrets/get')).stdout).toMatch(
      /granted by `Key Vault Secrets User` at `kv-platform`, which exists/,
    );
    const { stdout } = await explain('alice admin', 'secrets/set');
    expect(stdout).toContain('today: granted by its own access policy and the access policy of the group `sec-platform-admins`');
    // By EA-53 her own entry gets an assignment of its own; who has no entry keeps it by the group.
    expect(stdout).toMatch(
      /secrets\/setSecret\n.*\n {2}after the flip: granted by `Key Vault Secrets Officer` at `kv-platform`, which the plan/,
    );
    expect((await explain('Noor On-Call', 'secrets/set')).stdout).toMatch(
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
  test('finds members of nested groups by name, and knows that a stranger is in none of the groups', async () => {
    expect((await explain('noor on-call', 'secrets/get')).stdout).toContain('the access policy of the group `sec-platform-admins`');
    const stranger = await explain('id-keyturn-runner', 'secrets/get');
    expect(stranger.code).toBe(0);
    expect(stranger.stdout).toContain('today: not granted: no access policy gives it');
    const unknown = await explain('00000000-0000-4000-8000-000000000009', 'secrets/get');
    expect(unknown.stdout).toContain('today: not granted');
  });
  test('takes `all` for everything that it stands for', async () => {
    const { stdout } = await explain('alice admin', 'secrets/all');
    expect(stdout.match(/^secrets\//gm)).toHaveLength(8);
    expect(stdout).not.toContain('secrets/purge\n');
  });
  test('fits 80 columns', async () => {
    const io = testIo({ terminal: true, cwd: open.folder, env: { ...open.env, NO_COLOR: '1' } });
    await main(['explain', 'alice admin', 'secrets/set', 'kv-platform'], io);
    expect(
      io
        .stdout()
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
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
    ['no principal at all', ['', 'secrets/get'], 'PRINCIPAL_UNKNOWN'],
    ['a permission that is not there', ['id-billing-batch', 'secrets/fly'], 'PERMISSION_UNKNOWN'],
  ])('refuses %s', async (_what, words, code) => {
    const result = await explain(...words);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(`error ${code}: `);
  });
});

test('a compound entry is told as what it is, and a name with hidden characters is found by what is shown of it', async () => {
  const odd = await openScenario('everything-wrong');
  try {
    const uma = await odd.keyturn('explain', 'Uma User', 'secrets/get', 'kv-compound');
    expect(uma.code).toBe(3);
    expect(uma.stdout).toMatch(/today: not granted by itself; granted only for application `77c0b75e-\S+`, which ends at the flip/);
    expect((await odd.keyturn('explain', 'red alert vault ok', 'secrets/get', 'kv-hostile')).stdout).toContain('by its own access policy');
    const near = await odd.keyturn('explain', 'Uma Usr', 'secrets/get', 'kv-compound');
    expect(near.stderr).toContain('give the object id; did you mean `Uma User`');
    const rbac = await odd.keyturn('explain', 'id-app', 'secrets/get', 'kv-on-rbac');
    expect(rbac.stdout).toMatch(
      / {2}today: granted by Azure RBAC\n {2}for good: granted by `Key Vault Secrets User` at `kv-on-rbac`, which exists/,
    );
  } finally {
    await odd.close();
  }
});
