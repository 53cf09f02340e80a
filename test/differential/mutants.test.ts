import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { broken, mutants } from './mutants.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sourceOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('faults put into the product', () => {
  test.each(mutants)('$name: its text stands in the product once', (mutant) => {
    const source = sourceOf(mutant.file);
    expect(broken(source, mutant)).not.toBe(source);
  });

  test('a mutant whose text is not there, or there twice, is an error that names it', () => {
    const mutant = { name: 'nothing', file: 'f', from: 'a', to: 'b', seed: 1 };
    expect(() => broken('x', mutant)).toThrow('mutant "nothing": f holds its text 0 times instead of once');
    expect(() => broken('a a', mutant)).toThrow('2 times');
  });

  test('each is noticed by random questions, since the sandbox reads and decides without the product', async () => {
    const script = path.join(root, 'scripts/differential.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--mutants', '--known-seeds', '--questions', '3000']).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    expect(stdout.split('\n').filter((line) => /UNNOTICED|it broke down/.test(line))).toEqual([]);
    expect(stdout.trim().split('\n').at(-1)).toBe(`${mutants.length} mutants, 0 unnoticed`);
  });
});
