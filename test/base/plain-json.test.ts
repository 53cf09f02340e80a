import { expect, test } from 'vitest';
import { plainJson } from '../../src/base/plain-json.ts';

test('controls, DEL and marks of direction stand as escapes, and the value is the same', () => {
  const value = { name: 'a\u009b31m\u007f\u202eb\u2066c\u061c\u200f', plain: 'ä€ 😀' };
  const text = plainJson(JSON.stringify(value));
  expect(text).toContain('a\\u009b31m\\u007f\\u202eb\\u2066c\\u061c\\u200f');
  expect(text).toContain('ä€ 😀');
  expect(JSON.parse(text)).toEqual(value);
});
