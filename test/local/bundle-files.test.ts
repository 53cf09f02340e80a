import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeBundle } from '../../src/formats/bundle.ts';
import { bundleFiles, readBundleFile } from '../../src/local/bundle-files.ts';
import { parseVault } from '../../src/model/vault.ts';
import { bundlePage } from '../../src/report/bundle-page.ts';
import { bundleScript } from '../../src/report/bundle-script.ts';

const read = parseVault({
  id: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a',
  properties: {
    tenantId: '00000000-0000-0000-0000-0000000000ff',
    enableRbacAuthorization: false,
    accessPolicies: [
      {
        tenantId: '00000000-0000-0000-0000-0000000000ff',
        objectId: '00000000-0000-0000-0000-0000000000aa',
        permissions: { secrets: ['Get'] },
      },
    ],
  },
});
if (read === undefined) throw new Error('the row is a vault');
const vault = read;
const views = { script: bundleScript, page: bundlePage };
const bundleOf = (digest: string) =>
  makeBundle(vault, { cloud: 'public', tenantId: vault.tenantId, digest }, [], new Date('2026-11-23T10:00:00Z'));
const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));

test('a bundle is read back as it was written, with a script and a page beside it', async () => {
  const store = bundleFiles(await freshFolder(), views);
  const file = await store.write(vault, bundleOf('sha256:a'));
  expect(await store.read(vault)).toEqual(bundleOf('sha256:a'));
  expect((await readdir(path.dirname(file))).sort()).toEqual(['bundle.json', 'rollback.md', 'rollback.sh']);
  expect((await stat(path.join(path.dirname(file), 'rollback.sh'))).mode & 0o777).toBe(0o700);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(spawnSync('sh', ['-n', path.join(path.dirname(file), 'rollback.sh')]).status).toBe(0);
});

test('a new bundle never overwrites the one of an earlier plan', async () => {
  const store = bundleFiles(await freshFolder(), views);
  const file = await store.write(vault, bundleOf('sha256:a'));
  await store.write(vault, bundleOf('sha256:b'));
  await store.write(vault, bundleOf('sha256:b'));
  expect(await store.read(vault)).toEqual(bundleOf('sha256:b'));
  const kept = await readFile(path.join(path.dirname(file), 'bundle.1.json'), 'utf8');
  expect(JSON.parse(kept)).toEqual(bundleOf('sha256:a'));
  expect(await readdir(path.dirname(file))).not.toContain('bundle.2.json');
});

test('a missing bundle and an edited one are two different refusals', async () => {
  const folder = await freshFolder();
  const store = bundleFiles(folder, views);
  await expect(store.read(vault)).rejects.toMatchObject({ code: 'BUNDLE_MISSING', outcome: 'usage' });
  const file = await store.write(vault, bundleOf('sha256:a'));
  await writeFile(file, (await readFile(file, 'utf8')).replace('"Get"', '"all"'));
  await expect(readBundleFile(file)).rejects.toMatchObject({ code: 'BUNDLE_EDITED', outcome: 'blocked' });
});
