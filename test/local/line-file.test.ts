import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atomicWrite } from '../../src/local/atomic-write.ts';
import { linesForFile, linesOfFile } from '../../src/local/line-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keyturn-lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (file: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const line of linesOfFile(file)) lines.push(line);
  return lines;
};
const many = Array.from({ length: 5000 }, (_, at) => `${at} ${'ü𝄞'.repeat(at % 40)}`);

test.each(['plan.jsonl', 'plan.jsonl.gz', 'PLAN.GZ'])('lines written to %s come back as they were', async (name) => {
  const file = path.join(folder, name);
  await atomicWrite(file, linesForFile(file, many), 0o644);
  expect(await read(file)).toEqual(many);
  const bytes = await readFile(file);
  const text = /gz$/i.test(name) ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8');
  expect(text).toBe(many.map((line) => `${line}\n`).join(''));
});

test('the same lines give the same bytes, gzipped too', async () => {
  const [one, two] = [path.join(folder, 'one.gz'), path.join(folder, 'two.gz')];
  await atomicWrite(one, linesForFile(one, many));
  await atomicWrite(two, linesForFile(two, many));
  expect((await readFile(one)).equals(await readFile(two))).toBe(true);
});

test('what other programs make of a text file is read: line ends of Windows, a byte order mark, UTF-16, no last line end', async () => {
  const file = path.join(folder, 'odd.txt');
  await writeFile(file, '\uFEFFone\r\ntwo');
  expect(await read(file)).toEqual(['one', 'two']);
  await writeFile(file, Buffer.from('\uFEFFone\r\ntwo\r\n', 'utf16le'));
  expect(await read(file)).toEqual(['one', 'two']);
});

test('a gzipped file that was cut off is no file with fewer lines', async () => {
  const file = path.join(folder, 'cut.gz');
  await atomicWrite(file, linesForFile(file, many));
  await truncate(file, (await readFile(file)).length - 20);
  await expect(read(file)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
});

test('a failure while lines are made leaves the old file, and nothing beside it', async () => {
  const file = path.join(folder, 'kept.gz');
  await atomicWrite(file, linesForFile(file, ['old']));
  const failing = (async function* () {
    yield 'new';
    await Promise.reject(new Error('Azure is gone'));
  })();
  await expect(atomicWrite(file, linesForFile(file, failing))).rejects.toThrow('Azure is gone');
  expect(await read(file)).toEqual(['old']);
});
