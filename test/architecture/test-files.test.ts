import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, '..');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));

test('a test is written with `test`, everywhere', () => {
  const other = files.filter((file) => /import \{[^}]*\bit\b[^}]*\} from 'vitest'/.test(readFileSync(path.join(folder, file), 'utf8')));
  expect(files.length).toBeGreaterThan(100);
  expect(other).toEqual([]);
});
