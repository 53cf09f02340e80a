import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { type Served, served } from './served.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');

describe('keyturn rollback with a bundle that somebody else has sealed', () => {
  let site: Served;
  beforeAll(async () => {
    site = await served('one-app-one-developer');
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
  });
  afterAll(() => site.close());

  const policies = () => {
    const [vault] = site.sandbox.tenant.vaults.values();
    return JSON.stringify((vault?.body.properties as { accessPolicies: unknown } | undefined)?.accessPolicies);
  };
  const flipAndForge = async () => {
    expect((await site.run(['apply', 'plan.json', '--yes', '--quiet'])).code).toBe(0);
    const file = (await site.files()).find((name) => name.endsWith('bundle.json')) ?? '';
    const bundle = JSON.parse(await readFile(path.join(site.folder, file), 'utf8')) as Record<string, unknown>;
    const body = Object.fromEntries(Object.entries({ ...bundle, accessPolicies: [] }).filter(([name]) => name !== 'digest'));
    await writeFile(path.join(site.folder, 'b.json'), JSON.stringify({ ...body, digest: digestOf(body) }));
  };

  test('with --yes alone: the flag is back, the policies are untouched, and the answer is 3', async () => {
    await flipAndForge();
    const before = policies();
    const { code, out } = await site.run(['rollback', 'b.json', '--yes', '--quiet']);
    expect(out).toContain('BUNDLE_UNVOUCHED');
    expect(out).toMatch(/^ {4}- \{/m);
    expect(code).toBe(3);
    expect(policies()).toBe(before);
    expect(await site.refused()).toBe(0);
  });

  test('on a terminal a person sees what would be written, is asked also with --yes, and a no leaves it', async () => {
    await flipAndForge();
    const before = policies();
    const { code, err } = await site.run(['rollback', 'b.json', '--yes', '--quiet'], {
      terminal: true,
      columns: 400,
      answers: ['yes', 'no'],
    });
    expect(err).toMatch(/^- \{/m);
    expect(err).toContain('Type `replace the policies of kv-shop` to write them');
    expect(code).toBe(3);
    expect(policies()).toBe(before);
  });
});
