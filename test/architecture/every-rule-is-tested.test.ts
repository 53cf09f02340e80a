import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Rules and cases as the tables of docs/semantics.md number them: `EA-12`, `LP-3`, `AP-2`, `RF-5`, `P17`. */
const rules = readFileSync(path.join(root, 'docs/semantics.md'), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| ((?:EA-|LP-|AP-|RF-|P)\d+(?:, P\d+)*) \|/.exec(line)?.[1]?.split(', ') ?? []);

/** Only what stands in quotes names a rule: the name of a test, or the row of a table that makes one. */
const quoted = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('architecture'))
  .flatMap((file) => readFileSync(path.join(root, 'test', file), 'utf8').match(/(['"`])(?:\\.|(?!\1).)*\1/g) ?? []);

describe('the rules that keyturn reasons by', () => {
  test('are read from their page, each once', () => {
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules).toEqual(expect.arrayContaining(['EA-1', 'EA-51', 'LP-1', 'LP-11', 'AP-1', 'RF-1', 'P01', 'P24']));
  });
  test.each(rules)('%s is named by a test that holds it', (rule) => {
    expect(quoted.some((text) => new RegExp(`\\b${rule}\\b`).test(text))).toBe(true);
  });
});
