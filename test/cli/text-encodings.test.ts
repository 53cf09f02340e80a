import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeChunks, decodeText } from '../../src/local/decode-text.ts';
import { type Served, served } from './served.ts';

const decisions = path.resolve(import.meta.dirname, '../../fixtures/scenarios/one-app-one-developer/decisions.json');

const mark = '\ufeff';
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(mark + text)],
  ['UTF-16 as Windows PowerShell writes it', (text) => Buffer.from(mark + text, 'utf16le')],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16, big end first', (text) => bigEndian(mark + text)],
  ['UTF-16, big end first and without a mark', bigEndian],
];

describe.each(encodings)('a file in %s', (_encoding, encode) => {
  let site: Served;
  const write = (name: string, text: string) => writeFile(path.join(site.folder, name), encode(text));
  const rewrite = async (name: string) => write(name, await readFile(path.join(site.folder, name), 'utf8'));

  beforeAll(async () => {
    site = await served('one-app-one-developer');
    await write('list.txt', '# vaults\r\nkv-shop\r\n');
    await write('decisions.json', await readFile(decisions, 'utf8'));
    await write('profile.json', JSON.stringify(site.profile));
  });
  afterAll(() => site.close());

  test('is read as a list of vaults, decisions, cloud profile, plan, bundle, saved policies and proof', async () => {
    const cloud = ['--cloud', 'profile.json', '--quiet'];
    const planned = await site.run(['plan', '--from', 'list.txt', '--decisions', 'decisions.json', '-o', 'plan.json', ...cloud]);
    expect(planned).toMatchObject({ code: 0, err: '' });
    await rewrite('plan.json');
    expect(await site.run(['apply', 'plan.json', '--yes', ...cloud])).toMatchObject({ code: 0, err: '' });
    const files = await site.files();
    const bundle = files.find((file) => file.endsWith('bundle.json')) ?? '';
    const proof = files.find((file) => file.includes('proofs/') && file.endsWith('.json')) ?? '';
    await rewrite(bundle);
    await rewrite(proof);
    expect(await site.run(['verify', 'plan.json', '--against', bundle, ...cloud])).toMatchObject({ code: 0, err: '' });
    await rewrite(proof);
    expect(await site.run(['check-proof', proof])).toMatchObject({ code: 0, err: '' });
    expect(await site.run(['rollback', bundle, '--yes', ...cloud])).toMatchObject({ code: 0, err: '' });
  });

  test('is the same text when it comes through a pipe, wherever the pieces are cut', async () => {
    const text = '[{"secrets":["get"]}] ü 漢 \u{1f511}';
    const bytes = encode(text);
    expect(decodeText(bytes)).toBe(text);
    for (const size of [1, 2, 3, 5, 64]) {
      const pieces = async function* (): AsyncGenerator<Buffer> {
        for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
      };
      let read = '';
      for await (const piece of decodeChunks(pieces())) read += piece;
      expect(read).toBe(text);
    }
  });
});

test('an empty file and a single letter are read as they are', async () => {
  expect(decodeText(Buffer.from(''))).toBe('');
  expect(decodeText(Buffer.from('x'))).toBe('x');
  const nothing = async function* (): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('x'));
  };
  const pieces: string[] = [];
  for await (const piece of decodeChunks(nothing())) pieces.push(piece);
  expect(pieces.join('')).toBe('x');
});
