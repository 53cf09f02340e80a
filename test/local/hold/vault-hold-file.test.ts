import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { KnownError } from '../../../src/base/known-error.ts';
import { vaultFolderName } from '../../../src/formats/vault-folder-name.ts';
import { judgeLock, type Processes } from '../../../src/local/hold/is-stale.ts';
import { placeHere, startOf } from '../../../src/local/hold/lock-mark.ts';
import { vaultHoldFiles } from '../../../src/local/hold/vault-hold-file.ts';
import { parseVaultId, type VaultId } from '../../../src/model/vault-id.ts';

const base = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults';
const vaultId = (name: string): VaultId => parseVaultId(`${base}/${name}`) as VaultId;
const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));
const vault = vaultId('kv-a');
const lockFile = (folder: string) => path.join(folder, `${vaultFolderName(vault)}.lock`);

/** The id of a process that has certainly ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

/** A folder with a lock that was last written so many minutes ago. */
async function left(text: string, minutes = 0): Promise<string> {
  const folder = await freshFolder();
  await writeFile(lockFile(folder), text);
  const at = new Date(Date.now() - minutes * 60_000);
  await utimes(lockFile(folder), at, at);
  return folder;
}

test('a vault is held by one run at a time, in whatever case its id is written', async () => {
  const holds = vaultHoldFiles(await freshFolder());
  const first = await holds.hold(vault);
  await expect(holds.hold(parseVaultId(vault.id.toUpperCase()) as VaultId)).rejects.toMatchObject({
    code: 'VAULT_BUSY',
    outcome: 'blocked',
  });
  const other = await holds.hold(vaultId('kv-b'));
  await first.release();
  const again = await holds.hold(vault);
  await Promise.all([other.release(), again.release()]);
});

test('a hold that another run took over is lost, and says so before the next write', async () => {
  const folder = await freshFolder();
  const held = await vaultHoldFiles(folder).hold(vault);
  await held.assertOurs();
  await rm(lockFile(folder));
  await writeFile(lockFile(folder), JSON.stringify({ pid: 7, host: 'another-machine', id: 'x' }));
  await expect(held.assertOurs()).rejects.toMatchObject({ code: 'VAULT_LOST', outcome: 'blocked' });
  await held.release();
  expect(await readdir(folder), 'the lock of the other run is left alone').toEqual([path.basename(lockFile(folder))]);
});

test('who holds it, since when, and that it lives is said; nothing has to be removed by hand', async () => {
  const holds = vaultHoldFiles(await freshFolder());
  const first = await holds.hold(vault);
  const refused: unknown = await holds.hold(vault).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    message: expect.stringMatching(
      `process ${process.pid} on \`${hostname()}\` since .* UTC, last sign of life \\d+ seconds ago`,
    ) as string,
    remedy: expect.not.stringContaining('remove') as string,
  });
  await first.release();
});

test.each([
  ['of a dead process', () => JSON.stringify({ pid: deadPid(), host: hostname(), id: 'x' }), 0],
  ['of an earlier process with our own process id', () => JSON.stringify({ pid: process.pid, host: hostname(), id: 'earlier' }), 0],
  ['of a process whose id another one has now', () => JSON.stringify({ ...placeHere(), pid: process.ppid, id: 'x', started: '1' }), 0],
  ['of another machine, silent for minutes', () => JSON.stringify({ pid: 7, host: 'another-machine', id: 'x' }), 3],
  ['of another container, silent for minutes', () => JSON.stringify({ pid: process.ppid, host: '1f2e3d', id: 'x', space: 'pid:[1]' }), 3],
  ['that is empty', () => '', 1],
  ['that a full disk cut in half', () => '{"pid":12', 1],
])('a hold %s is taken over, and nothing of it stays', async (_what, text, minutes) => {
  const folder = await left(text(), minutes);
  await writeFile(`${lockFile(folder)}.takeover`, '');
  const hold = await vaultHoldFiles(folder).hold(vault);
  expect(await readFile(lockFile(folder), 'utf8')).toContain(`"pid":${process.pid}`);
  await hold.release();
  expect(await readdir(folder)).toEqual([]);
});

test('an empty hold of this moment may be one that is being written: it is looked at again, and taken over then', async () => {
  const hold = await vaultHoldFiles(await left('')).hold(vault);
  await hold.release();
});

test.each([
  ['of a living process', () => JSON.stringify({ ...placeHere(), pid: process.ppid, id: 'x', started: startOf(process.ppid) }), 30],
  ['of another machine that gave a sign of life', () => JSON.stringify({ pid: deadPid(), host: 'another-machine', id: 'x' }), 0],
])('a hold %s is left alone', async (_what, text, minutes) => {
  const mark = text();
  const folder = await left(mark, minutes);
  await expect(vaultHoldFiles(folder).hold(vault)).rejects.toMatchObject({ code: 'VAULT_BUSY' });
  expect(await readFile(lockFile(folder), 'utf8')).toBe(mark);
});

test('of many that find a stale hold at once, exactly one gets the vault, whoever looked when', async () => {
  const pid = deadPid();
  for (let round = 0; round < 30; round += 1) {
    const folder = await left(JSON.stringify({ pid, host: hostname(), id: 'x' }));
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => vaultHoldFiles(folder).hold(vault)));
    const got = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(got).toHaveLength(1);
    expect(tries.flatMap((one) => (one.status === 'rejected' ? [(one.reason as KnownError).code] : []))).toEqual(
      Array(11).fill('VAULT_BUSY'),
    );
    await got[0]?.release();
    expect(await readdir(folder)).toEqual([]);
  }
});

test('who died while taking a stale hold over is no hindrance to the next', async () => {
  const mark = () => JSON.stringify({ pid: deadPid(), host: hostname(), id: randomUUID() });
  const [stale, over] = [mark(), mark()];
  const folder = await left(stale);
  const right = (text: string) => `${lockFile(folder)}.over-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  await writeFile(right(stale), over);
  await writeFile(right(over), mark());
  const hold = await vaultHoldFiles(folder).hold(vault);
  await hold.release();
  expect(await readdir(folder)).toEqual([]);
});

test('where the system has no start times, the silence of a process that may have another’s id tells', () => {
  const here = { host: 'h', boot: undefined, space: undefined };
  const processes: Processes = { here, ownPid: 1, isRunning: () => true, startOf: () => undefined, held: new Set() };
  const mark = { pid: 2, host: 'h', id: 'x' };
  expect(judgeLock(mark, 60_000, processes)).toBe('live');
  expect(judgeLock(mark, 150_000, processes)).toBe('stale');
});
