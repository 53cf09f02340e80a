import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

test('the pictures in docs/ are of the page as it is: `npm run pictures` takes them again', () => {
  const now = execFileSync(process.execPath, [path.join(root, 'scripts/pictures.mjs'), '--made-of'], { encoding: 'utf8' });
  expect(readFileSync(path.join(root, 'docs/pictures/made-of.txt'), 'utf8')).toBe(now);
});
