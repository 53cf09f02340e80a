import { appendFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { vaultFolderName } from '../../src/formats/vault-folder-name.ts';
import { parseVaultId } from '../../src/model/vault-id.ts';
import { type Served, served } from './served.ts';

const open: Served[] = [];
afterEach(() => Promise.all(open.splice(0).map((site) => site.close())));

/** A vault that was flipped, and what its run left in the state folder. */
async function flippedSite() {
  const site = await served('one-app-one-developer');
  open.push(site);
  expect((await site.run(['plan', 'kv-shop', '-o', 'plan.json', '--quiet'])).code).toBe(0);
  const { code, out, err } = await site.run(['apply', 'plan.json', '--yes', '--quiet']);
  expect(code, out + err).toBe(0);
  const state = path.join(site.folder, '.keyturn');
  const [journal = ''] = await readdir(path.join(state, 'journals'));
  return { site, state, journal: path.join(state, 'journals', journal) };
}

const rollback = ['rollback', 'plan.json', '--yes', '--remove-assignments'];

test('an empty lock that a kill or a full disk left blocks no rollback', { timeout: 120_000 }, async () => {
  const { site, state } = await flippedSite();
  const id = /"id":"([^"]*\/vaults\/kv-shop)"/i.exec(site.sandbox.stateJson())?.[1] ?? '';
  const vault = parseVaultId(id);
  if (vault === undefined) throw new Error('the sandbox holds the vault');
  await mkdir(path.join(state, 'holds'), { recursive: true });
  await writeFile(path.join(state, 'holds', `${vaultFolderName(vault)}.lock`), '');
  const { code, out, err } = await site.run(rollback);
  expect(code, out + err).toBe(0);
  expect((await site.run(['inventory'])).out).toMatch(/^kv-shop .* accessPolicy/m);
});

test('a journal that is broken in the middle blocks no rollback: it goes on without, says so, and removes what is ours by its names', {
  timeout: 120_000,
}, async () => {
  const { site, journal } = await flippedSite();
  await appendFile(journal, '{"v":1,"at":"2026-11-28T{"v":1}\n{"v":1}\n');
  const apply = await site.run(['apply', 'plan.json', '--yes']);
  expect(apply.code).toBe(2);
  expect(apply.err).toContain(`move \`${journal}\` aside`);
  const { code, out, err } = await site.run(rollback);
  expect(code, out + err).toBe(0);
  expect(out).toContain('the rollback goes on without the journal');
  expect((await site.run(['inventory'])).out).toMatch(/^kv-shop .* accessPolicy/m);
});

test('a state folder that is a link to itself is a disk error, no bug', { timeout: 120_000 }, async () => {
  const { site } = await flippedSite();
  await symlink('loop', path.join(site.folder, 'loop'));
  const { code, out, err } = await site.run(['apply', 'plan.json', '--yes', '--state', 'loop/x']);
  expect(code, out + err).toBe(1);
  expect(err + out).toContain('DISK');
});
