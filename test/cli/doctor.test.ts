import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((site) => site.close())));

async function aSite(): Promise<Served> {
  const site = await served('one-app-one-developer');
  open.push(site);
  return site;
}

interface Line {
  readonly name: string;
  readonly state: string;
  readonly said: string;
  readonly next?: string;
}

async function linesOf(site: Served, ...words: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly Line[] }> {
  const { code, out, err } = await site.run(['doctor', ...words, '--json']);
  if (out === '') throw new Error(err);
  return { code, lines: (JSON.parse(out) as { lines: readonly Line[] }).lines };
}

describe('doctor', { timeout: 120_000 }, () => {
  test('says of everything that keyturn stands on that it is well, and who you are; it changes nothing', async () => {
    const site = await aSite();
    const before = site.sandbox.stateJson();
    const { code, lines } = await linesOf(site, 'kv-shop');
    expect(lines.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(lines.map(({ name }) => name)).toEqual([
      'program',
      'config',
      'proxy',
      'sign-in',
      'resource manager',
      'directory',
      'clock',
      'state',
      'vaults',
      'kv-shop: stage',
      'kv-shop: flip',
      'kv-shop: rollback',
    ]);
    expect(lines.find(({ name }) => name === 'sign-in')?.said).toMatch(/^object id [0-9a-f-]{36} in tenant [0-9a-f-]{36}, cloud sandbox/);
    expect(site.sandbox.stateJson()).toBe(before);
  });

  test.each([
    ['RoleAssignments_ListForScope', 'vaults', /cannot|could not|role assignments/],
    ['Subscriptions_List', 'resource manager', /could not be listed/],
    ['graph POST directoryObjects/getByIds', 'directory', /Microsoft Graph cannot be read/],
  ])('says what is wrong where Azure refuses %s, and what to do', async (operation, name, said) => {
    const site = await aSite();
    const error = { error: { code: 'AuthorizationFailed', message: 'no' } };
    site.sandbox.faults.add({ operation, times: 1000, action: { kind: 'answer', status: 403, body: error } });
    const { code, lines } = await linesOf(site, ...(name === 'vaults' ? ['kv-shop'] : []));
    const line = lines.find((one) => one.name === name || one.name.startsWith('kv-shop'));
    expect(code).not.toBe(0);
    const odd = lines.filter(({ state }) => state !== 'ok');
    expect(odd.length).toBeGreaterThan(0);
    expect(odd.every(({ next }) => next !== undefined && next !== '')).toBe(true);
    expect(odd.map((one) => one.said).join(' ')).toMatch(said);
    expect(line).toBeDefined();
  });

  test('a sign-in that fails is one line with its cause, and nothing that hangs on it is guessed', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'keyturn-doctor-'));
    const site = await aSite();
    const io = testIo({ cwd, env: { NO_COLOR: '1', KEYTURN_CLOUD: site.clientEnv.KEYTURN_CLOUD ?? '' } });
    expect(await main(['doctor', '--auth', 'env'], io)).toBe(3);
    expect(io.stdout()).toMatch(/^wrong {4}sign-in: AZURE_SIGN_IN: .*AZURE_TENANT_ID is not set/m);
    expect(io.stdout()).toContain('next: set AZURE_TENANT_ID');
    expect(io.stdout()).not.toContain('clock');
  });

  test('a config, a state and a proxy that cannot be used are told, each with what to do', async () => {
    const site = await aSite();
    await writeFile(path.join(site.folder, 'keyturn.config.json'), '{ "approvels": {} }');
    const bad = await linesOf(site, '--state', 'http://account.blob.core.windows.net/x');
    const wrong = bad.lines.filter(({ state }) => state === 'wrong').map(({ name }) => name);
    expect(wrong).toEqual(['config', 'state']);
    expect(bad.code).toBe(3);
  });

  test('fits a terminal of 60 columns', async () => {
    const site = await aSite();
    const { out } = await site.run(['doctor', 'kv-shop'], { terminal: true, columns: 60 });
    // Ids and commands are never broken.
    expect(out.split('\n').filter((line) => line.length > 60 && !line.includes('`'))).toEqual([]);
  });
});
