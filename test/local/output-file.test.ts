import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeOutput } from '../../src/local/output-file.ts';

const freshFolder = () => mkdtemp(path.join(tmpdir(), 'keyturn-'));

test('a new file gets the mode that is asked for, an existing one keeps its own', async () => {
  const folder = await freshFolder();
  const file = path.join(folder, 'plan.json');
  await writeOutput(file, 'one', 0o644);
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  await chmod(file, 0o600);
  await writeOutput(file, 'two', 0o644);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['plan.json']);
});

test('a link is followed and stays a link', async () => {
  const folder = await freshFolder();
  const [target, link] = [path.join(folder, 'target'), path.join(folder, 'link')];
  await writeFile(target, 'old');
  await symlink('target', link);
  await writeOutput(link, 'new', 0o644);
  expect(await readFile(target, 'utf8')).toBe('new');
  expect((await readdir(folder, { withFileTypes: true })).find(({ name }) => name === 'link')?.isSymbolicLink()).toBe(true);
});

test('a pipe is written into and stays a pipe', async () => {
  const pipe = path.join(await freshFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = open(pipe, 'r');
  await writeOutput(pipe, 'through', 0o644);
  const handle = await reader;
  expect(await handle.readFile('utf8')).toBe('through');
  await handle.close();
  expect((await stat(pipe)).isFIFO()).toBe(true);
});

test('a device, also behind a link, is written into and stays a device', async () => {
  const link = path.join(await freshFolder(), 'null');
  await symlink('/dev/null', link);
  for (const file of ['/dev/null', link]) await writeOutput(file, 'gone', 0o644);
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  await expect(writeOutput('/dev/full', 'x', 0o644)).rejects.toMatchObject({ code: 'DISK' });
  expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
});

test('a folder that is missing is not made', async () => {
  const folder = await freshFolder();
  await expect(writeOutput(path.join(folder, 'tpyo', 'plan.json'), 'x', 0o644)).rejects.toMatchObject({
    code: 'OUTPUT_FOLDER',
    outcome: 'usage',
  });
  expect(await readdir(folder)).toEqual([]);
});
