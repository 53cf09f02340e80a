import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const room = path.resolve(import.meta.dirname, '../../src/check-proof');

test('check-proof can be read in one sitting: it is at most 265 lines', () => {
  const lines = readdirSync(room).flatMap((file) => readFileSync(path.join(room, file), 'utf8').trimEnd().split('\n'));
  expect(lines.length).toBeLessThanOrEqual(265);
});
