import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SecretClient } from '@azure/keyvault-secrets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toLoopback } from '../sandbox/data-plane/to-loopback.ts';
import { type BuiltProgram, buildProgram, type Running } from './built-program.ts';
import { scenariosFolder } from './open-scenario.ts';

const scenario = path.join(scenariosFolder, 'one-app-one-developer');
let program: BuiltProgram;
let folder: string;
let sandbox: Running;
let env: Readonly<Record<string, string>>;

/** The words of an environment file, as a shell would read them. */
function parseEnv(text: string): Readonly<Record<string, string>> {
  const lines = text.trim().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replaceAll("'", '')]));
}

beforeAll(async () => {
  [program, folder] = await Promise.all([buildProgram(), mkdtemp(path.join(tmpdir(), 'keyturn-sandbox-process-'))]);
  sandbox = program.start(['sandbox', '--scenario', scenario, '--env-file', 'sandbox.env'], folder, {});
  await new Promise<void>((resolve, reject) => {
    sandbox.child.stdout?.on('data', () => {
      if (sandbox.out().includes('Ctrl-C ends it')) resolve();
    });
    void sandbox.ended.then(({ err }) => {
      reject(new Error(`the sandbox ended: ${err}`));
    });
  });
  env = parseEnv(await readFile(path.join(folder, 'sandbox.env'), 'utf8'));
});
afterAll(async () => {
  sandbox.child.kill('SIGKILL');
  await Promise.all([program.remove(), rm(folder, { recursive: true, force: true })]);
});

test('its environment file is all that keyturn needs in another process', async () => {
  const { code, out, err } = await program.start(['inventory', '--json'], folder, env).ended;
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ vaults: [{ name: 'kv-shop' }] });
});

test('the data-plane SDK reaches its vaults with a token of its identity endpoint, and is told what the operator may not', async () => {
  const port = Number(new URL(env.KEYTURN_SANDBOX ?? '').port);
  const caPem = await readFile(env.NODE_EXTRA_CA_CERTS ?? '', 'utf8');
  const getToken = async () => {
    const address = new URL(env.IDENTITY_ENDPOINT ?? '');
    address.search = new URLSearchParams({ resource: 'https://vault.azure.net', 'api-version': '2019-08-01' }).toString();
    const answer = await fetch(address, { headers: { 'x-identity-header': env.IDENTITY_HEADER ?? '' } });
    const { access_token, expires_on } = (await answer.json()) as { access_token: string; expires_on: string };
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  };
  const client = new SecretClient('https://kv-shop.vault.azure.net', { getToken }, { httpClient: toLoopback(port, caPem) });
  // The operator manages the vault, and reads nothing in it: its own refusal comes from the sandbox's evaluator.
  await expect(client.getSecret('db-password')).rejects.toMatchObject({ statusCode: 403 });
});

test('a second one on the same port says so', async () => {
  const { port } = new URL(env.KEYTURN_SANDBOX ?? '');
  const { code, err } = await program.start(['sandbox', '--scenario', scenario, '--port', port], folder, {}).ended;
  expect(code).toBe(1);
  expect(err).toMatch(/^error PORT_TAKEN: .+\n {2}next: .+\n$/);
});

test('a broken scenario is named, and nothing is served', async () => {
  const { code, err } = await program.start(['sandbox', '--scenario', folder], folder, {}).ended;
  expect(code).toBe(2);
  expect(err).toMatch(/^error SCENARIO_UNREADABLE: .+\n {2}next: .+\n$/);
});

test('Ctrl-C ends it with 0, and takes its client files along', async () => {
  sandbox.child.kill('SIGINT');
  const { code, signal, err } = await sandbox.ended;
  expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: '' });
  await expect(stat(env.KEYTURN_CLOUD ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
  const after = await program.start(['inventory'], folder, env).ended;
  expect(after.code).toBe(2);
  expect(after.err).toMatch(/^error CLOUD_PROFILE: /m);
});
