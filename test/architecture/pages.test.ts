import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { doors } from './doors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = (name: string) => readFileSync(path.join(root, name), 'utf8');

test('docs/architecture.md shows the table of doors that the architecture test holds', () => {
  const shown = page('docs/architecture.md');
  const rows = Object.entries(doors).map(
    ([name, { rooms, why }]) => `| ${name} | ${rooms.includes('*') ? 'all' : rooms.join(', ') || 'nothing'} | ${why} |`,
  );
  expect(rows.filter((row) => !shown.includes(row))).toEqual([]);
});

test.each(['docs/architecture.md', 'CONTRIBUTING.md', 'README.md'])('every file and folder that %s names is there', (name) => {
  const named = [...page(name).matchAll(/`((?:src|test|scripts|docs|fixtures|mappings)\/[\w./-]*[\w-])`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('CONTRIBUTING.md names npm scripts that exist', () => {
  const scripts = Object.keys((JSON.parse(page('package.json')) as { scripts: object }).scripts);
  const named = [...page('CONTRIBUTING.md').matchAll(/`npm run ([\w:]+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
});
