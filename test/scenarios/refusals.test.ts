import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/formats/plan.ts';
import { encodePlan } from '../../src/formats/plan-file.ts';
import { type Served, served } from '../cli/served.ts';
import { scenariosFolder } from './open-scenario.ts';
import { planIn } from './plan-in.ts';

const decisions = path.join(scenariosFolder, 'one-app-one-developer/decisions.json');
let site: Served;
let plan: Plan;
let start: string;

beforeAll(async () => {
  site = await served('one-app-one-developer');
  expect((await site.run(['plan', '--decisions', decisions, '-o', 'plan.json', '--quiet'])).code).toBe(0);
  const put = (name: string, value: unknown) =>
    writeFile(path.join(site.folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  plan = await planIn(site.folder, 'plan.json');
  const sealed = (change: object) => encodePlan({ ...plan, ...change });
  const gone = 'https://127.0.0.1:9';
  await Promise.all([
    put('a-file', 'x'),
    put('no-json.json', '{"formatVersion": 1'),
    put('edited.json', encodePlan(plan).replace('"minimumAgeMinutes":15', '"minimumAgeMinutes":0')),
    put('tenant.json', sealed({ tenantId: '0d1c2b3a-4f5e-4d6c-8b7a-90a1b2c3d4e5' })),
    put('format.json', sealed({ formatVersion: 3, toolVersion: '9.0.0' })),
    put('http-cloud.json', { ...site.profile, graph: 'http://127.0.0.1' }),
    put('gone-cloud.json', {
      ...site.profile,
      resourceManager: gone,
      graph: gone,
      authority: gone,
      sandboxClock: `${gone}/_sandbox/clock`,
    }),
    put('elsewhere-cloud.json', { ...site.profile, sandboxClock: undefined, resourceManager: gone }),
    mkdir(path.join(site.folder, 'broken')).then(() => put('broken/scenario.json', { formatVersion: 1, title: 'x', nonsense: true })),
    mkdir(path.join(site.folder, 'full')).then(() => put('full/bundles', 'x')),
  ]);
  start = site.sandbox.stateJson();
});
afterAll(() => site.close());

/** Every file below a folder with when it was written. */
async function files(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(names.map(async (name) => `${name} ${(await stat(path.join(folder, name))).mtimeMs}`));
}

/** Runs a command that has to refuse: what and what next in a line each, nothing written, no stack, no token. */
async function refused(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const before = await files(site.folder);
  const ran = await site.run([...argv, '--quiet'], { env: { NO_COLOR: '1', ...site.clientEnv, ...env } });
  const said = ran.out + ran.err;
  expect(said).toMatch(/ [A-Z][A-Z_]+: \S/);
  expect(said).toMatch(/^ {2}next: \S/m);
  expect(said).not.toMatch(/BUG|^ +at |eyJ/m);
  expect(site.sandbox.stateJson() === start, 'Azure is as it was').toBe(true);
  expect(await files(site.folder)).toEqual(before);
  return { code: ran.code, said };
}

const hsm = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm-a';
const scenario = path.join(scenariosFolder, 'one-app-one-developer');
const apply = (file: string, ...more: readonly string[]) => ['apply', file, '--yes', ...more];

describe('is refused in two lines, writes nothing, shows no stack and no token', () => {
  test.each<[string, readonly string[], number, string, Readonly<Record<string, string>>?]>([
    ['an unknown vault', ['plan', 'kv-nobody', '-o', 'new.json'], 2, 'VAULT_UNKNOWN'],
    ['a Managed HSM', ['plan', hsm, '-o', 'new.json'], 2, 'MANAGED_HSM'],
    ['a plan that is not there', apply('nowhere.json'), 2, 'PLAN_UNREADABLE'],
    ['a plan that is no JSON', apply('no-json.json'), 2, 'PLAN_UNREADABLE'],
    ['an edited plan', apply('edited.json'), 3, 'PLAN_EDITED'],
    ['a plan of another tenant', apply('tenant.json'), 3, 'PLAN_TENANT'],
    ['a plan of another format version', apply('format.json'), 2, 'PLAN_FORMAT'],
    ['no terminal and no --yes', ['apply', 'plan.json'], 2, 'NO_TERMINAL'],
    ['no terminal for a guided run', ['migrate', 'kv-shop'], 2, 'NO_TERMINAL'],
    ['a bundle that is not there', ['rollback', 'kv-shop', '--yes'], 2, 'BUNDLE_MISSING'],
    ['a cloud profile that is not there', ['inventory', '--cloud', 'nowhere.json'], 2, 'CLOUD_PROFILE'],
    ['a cloud profile that is no JSON', ['inventory', '--cloud', 'no-json.json'], 2, 'CLOUD_PROFILE'],
    ['a cloud profile without TLS', ['inventory', '--cloud', 'http-cloud.json'], 2, 'CLOUD_PROFILE'],
    ['a sandbox that is gone', ['inventory', '--cloud', 'gone-cloud.json'], 1, 'SANDBOX_GONE'],
    ['a sandbox that is gone, for apply', apply('plan.json', '--cloud', 'gone-cloud.json'), 1, 'SANDBOX_GONE'],
    ['a wrong identity secret', ['inventory'], 1, 'AZURE_SIGN_IN', { IDENTITY_HEADER: 'wrong', MSI_SECRET: 'wrong' }],
    [
      'an identity endpoint that is gone',
      ['inventory'],
      1,
      'AZURE_SIGN_IN',
      { IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi', MSI_ENDPOINT: 'http://127.0.0.1:9/msi' },
    ],
    ['a state folder that is a file', apply('plan.json', '--state', 'a-file'), 1, 'DISK'],
    ['a plan written over a folder', ['plan', '-o', 'broken'], 1, 'DISK'],
    ['a plan written below a file', ['plan', '-o', 'a-file/plan.json'], 2, 'OUTPUT_FOLDER'],
    ['a scenario that is broken', ['sandbox', '--scenario', 'broken'], 2, 'SCENARIO_UNREADABLE'],
    ['a record that cannot be kept', ['sandbox', '--scenario', scenario, '--record', 'a-file/x'], 1, 'DISK'],
    ['an environment file that cannot be kept', ['sandbox', '--scenario', scenario, '--env-file', 'a-file/x'], 2, 'OUTPUT_FOLDER'],
  ])('%s', async (_, argv, code, name, env) => {
    const ran = await refused(argv, env);
    expect(ran.said).toContain(` ${name}: `);
    expect(ran.code, ran.said).toBe(code);
  });

  test('a port that is in use', async () => {
    const ran = await refused(['sandbox', '--scenario', scenario, '--port', String(site.sandbox.port)]);
    expect(ran).toMatchObject({ code: 1, said: expect.stringContaining('error PORT_TAKEN: ') as string });
  });

  test('a Resource Manager that does not answer is no estate without vaults', { timeout: 60_000 }, async () => {
    expect((await refused(['inventory', '--cloud', 'elsewhere-cloud.json'])).code).toBe(4);
  });
});

describe('keeps access as it is', () => {
  test('no room for the rollback bundle: staged, and not flipped', async () => {
    const { code, out } = await site.run([...apply('plan.json'), '--quiet', '--state', 'full']);
    expect(out).toMatch(/^failed {2}kv-shop {2}DISK: /m);
    expect(code).toBe(1);
    expect(site.sandbox.metrics().operations.Vaults_Update).toBeUndefined();
    expect(await site.refused()).toBe(0);
    const back = await site.run(['rollback', 'plan.json', '--yes', '--quiet', '--remove-assignments', '--state', 'full']);
    expect(back.code, back.out + back.err).toBe(0);
    expect(site.sandbox.stateJson() === start).toBe(true);
  });

  test('no token in any file of a whole migration, and none in what it prints', async () => {
    const said: string[] = [];
    for (const argv of [
      ['inventory'],
      ['plan', '--decisions', decisions, '-o', 'plan.json'],
      ['apply', 'plan.json', '--yes'],
      ['status', 'plan.json'],
      ['verify', 'kv-shop'],
      ['rollback', 'plan.json', '--yes', '--remove-assignments'],
    ]) {
      for (const how of [[], ['--json', '--debug']]) {
        const { out, err } = await site.run([...argv, ...how]);
        said.push(out, err);
      }
    }
    const names = (await readdir(site.folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = await Promise.all(names.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')));
    expect(names.some(({ name }) => name === 'bundle.json')).toBe(true);
    for (const text of [...said, ...texts]) {
      expect(text).not.toContain('eyJ');
      expect(text).not.toContain(site.sandbox.identitySecret);
    }
  });
});
