import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectAt } from '../../src/base/json.ts';
import { main } from '../../src/cli/main.ts';
import { type Azurite, azuriteIsThere, startAzurite } from '../azure/state/azurite.ts';
import { type Served, served } from './served.ts';
import { testIo } from './test-io.ts';

describe.skipIf(!azuriteIsThere)('runners without a disk of their own share a state in Blob Storage', { timeout: 240_000 }, () => {
  let azurite: Azurite;
  let site: Served;
  let cloud = '';
  let plan = '';
  beforeAll(async () => {
    [azurite, site] = await Promise.all([startAzurite(), served('one-app-one-developer')]);
    await azurite.container('state');
    // Both authorities are trusted: that of the sandbox and that of the emulator.
    const profile = JSON.parse(await readFile(site.clientEnv.KEYTURN_CLOUD ?? '', 'utf8')) as Record<string, unknown>;
    const { caCertificateFile, caPem, ...rest } = profile;
    const own = typeof caPem === 'string' ? caPem : await readFile(String(caCertificateFile), 'utf8');
    cloud = path.join(site.folder, 'both.json');
    await writeFile(cloud, JSON.stringify({ ...rest, caPem: `${own.trimEnd()}\n${azurite.caPem}` }));
    expect((await site.run(['plan', 'kv-shop', '-o', 'plan.jsonl', '--quiet'])).code).toBe(0);
    plan = await readFile(path.join(site.folder, 'plan.jsonl'), 'utf8');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([azurite.close(), site.close()]);
  });

  /** A command on a fresh runner: an empty folder but for the plan. */
  async function onFreshRunner(...words: readonly string[]) {
    const cwd = await mkdtemp(path.join(tmpdir(), 'keyturn-runner-'));
    await writeFile(path.join(cwd, 'plan.jsonl'), plan);
    const env = { ...site.clientEnv, NO_COLOR: '1', KEYTURN_CLOUD: cloud, KEYTURN_STATE: `${azurite.account}/state/team` };
    const io = testIo({ env, cwd });
    const code = await main(words, io);
    await rm(cwd, { recursive: true });
    return { code, said: io.stdout() + io.stderr() };
  }
  const properties = () =>
    objectAt([...site.sandbox.tenant.vaults.values()].find(({ body }) => body.name === 'kv-shop')?.body ?? {}, 'properties');

  test('verify on one, flip on another, status on a third, rollback on a fourth', async () => {
    const before = JSON.stringify(properties().accessPolicies);
    const verified = await onFreshRunner('apply', 'plan.jsonl', '--through', 'verify', '--yes', '--quiet');
    expect(verified.code, verified.said).toBe(0);
    const flipped = await onFreshRunner('flip', 'plan.jsonl', '--yes', '--quiet');
    expect(flipped.code, flipped.said).toBe(0);
    expect(properties()).toMatchObject({ enableRbacAuthorization: true });
    const status = await onFreshRunner('status', 'plan.jsonl');
    expect(status.code, status.said).toBe(0);
    expect(status.said).toContain('rollback plan.jsonl` goes back');
    const back = await onFreshRunner('rollback', 'plan.jsonl', '--yes', '--remove-assignments');
    expect(back.code, back.said).toBe(0);
    expect(properties()).toMatchObject({ enableRbacAuthorization: false });
    expect(JSON.stringify(properties().accessPolicies)).toBe(before);
    expect(await site.refused()).toBe(0);
  });

  test('a run whose state cannot be reached writes nothing to Azure and says why', async () => {
    const calls = site.sandbox.stateJson();
    const { code, said } = await onFreshRunner('apply', 'plan.jsonl', '--yes', '--state', `${azurite.account}/no-such-container/x`);
    expect(code).toBe(1);
    expect(said).toContain('STATE_UNREACHABLE');
    expect(said).toContain('make the container');
    expect(site.sandbox.stateJson()).toBe(calls);
  });
});
