import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, served } from './served.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');
const stranger = 'dddddddd-0000-4000-8000-00000000000d';

describe('a vault on Azure RBAC against policies that were saved', () => {
  let site: Served;
  let bundle: string;
  let saved: Record<string, unknown> & { accessPolicies: Record<string, unknown>[] };
  const write = (value: unknown) => writeFile(path.join(site.folder, 'saved.json'), JSON.stringify(value));

  beforeAll(async () => {
    site = await served('one-app-one-developer');
    await site.run(['plan', 'kv-shop', '--decisions', decisions, '-o', 'plan.json', '--quiet']);
    expect((await site.run(['apply', 'plan.json', '--yes', '--quiet'])).code).toBe(0);
    bundle = (await site.files()).find((file) => file.endsWith('bundle.json')) ?? '';
    saved = JSON.parse(await readFile(path.join(site.folder, bundle), 'utf8')) as typeof saved;
  });
  afterAll(() => site.close());

  test('its own bundle names the vault: what a decision gave up is told as a gap, what is left is covered', async () => {
    const { code, out } = await site.run(['verify', '--against', bundle]);
    expect(out).toMatch(/^kv-shop +gap +azureRbac/m);
    expect(out).toContain('lacks');
    expect(out).toContain('verify with the plan that holds the decision');
    expect((await site.run(['verify', 'plan.json', '--against', bundle])).code).toBe(0);
    expect(code).toBe(3);
  });

  test('policies that the roles do cover give 0, in the shape that az prints', async () => {
    const [web] = saved.accessPolicies;
    await write({ value: [{ id: saved.vaultId, properties: { accessPolicies: [web] } }] });
    const { code, out, err } = await site.run(['verify', 'kv-shop', '--against', 'saved.json']);
    expect(out).toMatch(/^kv-shop +covered/m);
    expect(code).toBe(0);
    expect(err).toContain('check-proof');
  });

  test('somebody whom only the saved policies name is looked up: undetermined when nobody knows him', async () => {
    const [web] = saved.accessPolicies;
    await write({ id: saved.vaultId, properties: { accessPolicies: [web, { ...web, objectId: stranger }] } });
    expect((await site.run(['verify', '--against', 'saved.json'])).code).toBe(4);
  });

  test('an edited bundle is refused by its digest, alone and in a list, and one without its digest is none', async () => {
    for (const edited of [{ ...saved, accessPolicies: [] }, { value: [{ ...saved, accessPolicies: [] }] }]) {
      await write(edited);
      const { code, err, out } = await site.run(['verify', '--against', 'saved.json']);
      expect(err).toContain('BUNDLE_EDITED');
      expect([code, out]).toEqual([3, '']);
    }
    const unsealed = { ...saved, digest: undefined };
    for (const bare of [unsealed, { ...unsealed, format: undefined }]) {
      await write(bare);
      expect(await site.run(['verify', '--against', 'saved.json'])).toMatchObject({
        out: '',
        err: expect.stringMatching(/BUNDLE_/) as string,
      });
    }
  });

  test('what is in the file and cannot be understood is refused, never left out: rows, entries, an empty list, a vault twice', async () => {
    const [web] = saved.accessPolicies;
    const row = { id: saved.vaultId, properties: { accessPolicies: [web] } };
    for (const value of [
      { value: [] },
      { value: [row, null] },
      { value: [row, 'kv-shop'] },
      { value: [{ id: saved.vaultId, properties: { accessPolicies: [web, null] } }] },
      { value: [row, { id: String(saved.vaultId).toUpperCase(), properties: { accessPolicies: [] } }] },
    ]) {
      await write(value);
      const { code, err, out } = await site.run(['verify', '--against', 'saved.json']);
      expect(err, JSON.stringify(value)).toContain('SNAPSHOT_UNREADABLE');
      expect([code, out]).toEqual([2, '']);
    }
  });

  test('a file without policies, and one that does not know the vault, are refused', async () => {
    for (const value of [{ id: saved.vaultId, properties: {} }, { id: 'kv-shop', properties: { accessPolicies: [] } }, []]) {
      await write(value);
      const { code, err } = await site.run(['verify', '--against', 'saved.json']);
      expect(err).toContain('SNAPSHOT_UNREADABLE');
      expect(code).toBe(2);
    }
    await write({ id: String(saved.vaultId).replace('kv-shop', 'kv-other'), properties: { accessPolicies: [] } });
    const { code, err } = await site.run(['verify', 'kv-shop', '--against', 'saved.json']);
    expect(err).toContain('SNAPSHOT_ELSEWHERE');
    expect(code).toBe(2);
  });
});

test('verify tells who gains by the flip and who may hand out access before and after it', async () => {
  const site = await served('shared-platform-vault');
  try {
    const { out } = await site.run(['verify', '--json', '--quiet']);
    const report = JSON.parse(out) as {
      names: { principals: Record<string, unknown>; roles: Record<string, string> };
      vaults: { name: string; answers: Record<string, string[]>; proofDigest: string; gains: unknown[] }[];
    };
    const [vault] = report.vaults;
    expect(Object.values(report.names.principals)).toContainEqual({ kind: 'group', displayName: 'sec-platform-admins' });
    expect(Object.values(report.names.roles)).toEqual(expect.arrayContaining(['Owner', 'Key Vault Secrets Officer']));
    expect(vault?.proofDigest).toMatch(/^sha256:/);
    expect(vault?.answers.gainedByPlan).toEqual([]);
    expect(vault?.answers.gainedByFlip).toHaveLength(vault?.gains.length ?? -1);
    expect(vault?.answers.granting?.join('\n')).toMatch(
      /may assign roles, and so grant access after the flip: id-keyturn-runner \(managed identity\) by `Owner`/,
    );
    const text = await site.run(['verify', '--markdown']);
    expect(text.out).toContain('may assign roles');
  } finally {
    await site.close();
  }
});
