import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { takeLock } from '../../src/local/hold/lock-file.ts';
import { testIo } from './test-io.ts';

const ends: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A state with a journal, a bundle folder and a proof, and nothing held. */
async function aStateFolder(): Promise<string> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'keyturn-state-'));
  const files: Readonly<Record<string, string>> = {
    [`journals/${'ab'.repeat(32)}.jsonl`]: '{"v":1}\n',
    'bundles/kv-a-0123456789/bundle.json': '{}\n',
    'bundles/kv-a-0123456789/rollback.sh': '#!/bin/sh\n',
    'proofs/kv-a-0123456789.json': '{}\n',
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(cwd, '.keyturn', file)), { recursive: true });
    await writeFile(path.join(cwd, '.keyturn', file), text);
  }
  return cwd;
}

async function run(cwd: string, words: readonly string[], env: Record<string, string> = {}) {
  const io = testIo({ cwd, env: { NO_COLOR: '1', ...env } });
  const code = await main(words, io);
  return { code, out: io.stdout(), err: io.stderr() };
}

/** A lock that a living process of this machine holds. */
async function heldByAnother(cwd: string): Promise<string> {
  const folder = path.join(cwd, '.keyturn', 'holds');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'kv-a-0123456789.lock');
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  ends.push(() => void child.kill());
  await writeFile(file, JSON.stringify({ pid: child.pid, host: 'runner-7', id: 'x', since: '2026-11-28T12:00:00.000Z' }));
  return file;
}

test('show tells what a state holds and who works with it since when', async () => {
  const cwd = await aStateFolder();
  const quiet = await run(cwd, ['state', 'show']);
  expect(quiet.out).toBe('.keyturn: 1 journal, 1 rollback bundle, 1 proof\nnothing is held\n');
  await heldByAnother(cwd);
  const busy = await run(cwd, ['state', 'show']);
  expect(busy.out).toContain('vault kv-a-0123456789, held by process');
  expect(busy.out).toContain('on `runner-7` since 2026-11-28 12:00:00 UTC');
  const { out } = await run(cwd, ['state', 'show', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    format: 'keyturn-state',
    journals: 1,
    held: [{ kind: 'vault', live: true, holder: { host: 'runner-7' } }],
  });
});

test('unlock takes a place from its run, which notices before its next write; without a word of a person it takes nothing', async () => {
  const cwd = await aStateFolder();
  await mkdir(path.join(cwd, '.keyturn', 'holds'));
  const lock = await takeLock(path.join(cwd, '.keyturn', 'holds', 'kv-a-0123456789.lock'));
  if (!('release' in lock)) throw new Error('it was free');
  const refused = await run(cwd, ['state', 'unlock', 'kv-a']);
  expect([refused.code, await lock.isOurs()]).toEqual([2, true]);
  expect(refused.err).toContain('NO_TERMINAL');
  const wrong = await run(cwd, ['state', 'unlock', 'kv-b', '--yes']);
  expect([wrong.code, await lock.isOurs()]).toEqual([2, true]);
  const { code, err } = await run(cwd, ['state', 'unlock', 'kv-a', '--yes']);
  expect(code, err).toBe(0);
  expect(err).toContain('unlocked: kv-a-0123456789');
  expect(await lock.isOurs()).toBe(false);
  await lock.release();
});

test('a state is copied to another folder, twice without harm, and nothing that differs there is overwritten', async () => {
  const cwd = await aStateFolder();
  const first = await run(cwd, ['state', 'copy', 'other']);
  expect(first.code, first.err).toBe(0);
  expect(first.out).toContain('4 written, 0 there already, 0 left');
  expect((await run(cwd, ['state', 'copy', 'other'])).out).toContain('0 written, 4 there already, 0 left');
  await writeFile(path.join(cwd, 'other/proofs/kv-a-0123456789.json'), 'mine');
  const again = await run(cwd, ['state', 'copy', 'other']);
  expect(again.code).toBe(3);
  expect(again.out).toContain('left, since another is there: proofs/kv-a-0123456789.json');
  expect(await readFile(path.join(cwd, 'other/proofs/kv-a-0123456789.json'), 'utf8')).toBe('mine');
});

test('a state that a run works with is not copied', async () => {
  const cwd = await aStateFolder();
  await heldByAnother(cwd);
  const { code, err } = await run(cwd, ['state', 'copy', 'other']);
  expect(code).toBe(3);
  expect(err).toContain('STATE_BUSY');
  expect(err).toContain('runner-7');
});

test.each([
  [['state', 'shwo'], 'did you mean `show`?'],
  [['state', 'copy'], 'one state is copied to one other'],
])('%j is refused with what to do', async (words, said) => {
  const { code, err } = await run(await aStateFolder(), words);
  expect(code).toBe(2);
  expect(err.replaceAll(/\s+/g, ' ')).toContain(said);
});
