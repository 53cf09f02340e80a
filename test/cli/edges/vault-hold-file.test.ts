import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { vaultFolderName } from '../../../src/cli/edges/vault-folder-name.ts';
import { vaultHoldFiles } from '../../../src/cli/edges/vault-hold-file.ts';
import { parseVaultId } from '../../../src/model/vault-id.ts';

const base = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults';
const vaultId = (name: string) => parseVaultId(`${base}/${name}`)!;
const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));
const vault = vaultId('kv-a');
const lockFile = (folder: string) => path.join(folder, `${vaultFolderName(vault)}.lock`);

/** The id of a process that has certainly ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

test('a vault is held by one run at a time, in whatever case its id is written', async () => {
  const holds = vaultHoldFiles(await freshFolder());
  const first = await holds.hold(vault);
  await expect(holds.hold(parseVaultId(vault.id.toUpperCase())!)).rejects.toMatchObject({ code: 'VAULT_BUSY', outcome: 'blocked' });
  await expect(holds.hold(vaultId('kv-b'))).resolves.toBeDefined();
  await first.release();
  await expect(holds.hold(vault)).resolves.toBeDefined();
});

test('a hold that a dead process left is taken over, and nothing of it stays', async () => {
  const folder = await freshFolder();
  await writeFile(lockFile(folder), JSON.stringify({ pid: deadPid(), host: hostname(), id: 'x' }));
  const hold = await vaultHoldFiles(folder).hold(vault);
  expect(await readFile(lockFile(folder), 'utf8')).toContain(`"pid":${process.pid}`);
  await hold.release();
  expect(await readdir(folder)).toEqual([]);
});

test('a hold left by an earlier process with our own process id, as in a container, is taken over', async () => {
  const folder = await freshFolder();
  await writeFile(lockFile(folder), JSON.stringify({ pid: process.pid, host: hostname(), id: 'earlier' }));
  await expect(vaultHoldFiles(folder).hold(vault)).resolves.toBeDefined();
});

test.each([
  ['of a living process', () => JSON.stringify({ pid: process.ppid, host: hostname(), id: 'x' })],
  ['of another machine', () => JSON.stringify({ pid: deadPid(), host: 'another-machine', id: 'x' })],
  ['that cannot be read', () => 'half a li'],
])('a hold %s is left alone, and the way out is named', async (_what, text) => {
  const folder = await freshFolder();
  const mark = text();
  await writeFile(lockFile(folder), mark);
  await expect(vaultHoldFiles(folder).hold(vault)).rejects.toMatchObject({
    code: 'VAULT_BUSY',
    remedy: expect.stringContaining(lockFile(folder)) as string,
  });
  expect(await readFile(lockFile(folder), 'utf8')).toBe(mark);
});

test('of many that find a stale hold at once, exactly one gets the vault', async () => {
  const folder = await freshFolder();
  await writeFile(lockFile(folder), JSON.stringify({ pid: deadPid(), host: hostname(), id: 'x' }));
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => vaultHoldFiles(folder).hold(vault)));
  expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
});
