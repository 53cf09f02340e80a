import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonArrayItems } from '../../src/cli/json-array-items.ts';

function cut(chunks: readonly string[], limit = 1000): readonly unknown[] {
  const cutter = jsonArrayItems(limit);
  const items = chunks.flatMap((chunk) => [...cutter.push(chunk)]);
  cutter.end();
  return items.map((item): unknown => JSON.parse(item));
}

describe('a JSON array that comes in chunks', () => {
  test('gives the same items wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat({ max: 12 })), fc.constantFrom(undefined, 2), (values, sizes, indent) => {
        const text = JSON.stringify(values, undefined, indent);
        const chunks: string[] = [];
        let from = 0;
        for (const size of sizes) {
          chunks.push(text.slice(from, from + size));
          from += size;
        }
        expect(cut([...chunks, text.slice(from)], 1_000_000)).toEqual(JSON.parse(text));
      }),
    );
  });
  test('sign by sign, with brackets, quotes and escapes inside texts', () => {
    const text = ' \n[ "]\\"[,", {"a":["\\\\"]} ,null ] \n';
    expect(cut(Array.from(text))).toEqual([']"[,', { a: ['\\'] }, null]);
  });
  test('may be empty and may begin with a byte order mark', () => {
    expect(cut(['[]'])).toEqual([]);
    expect(cut([' [ ', ' ] '])).toEqual([]);
    expect(cut(['\ufeff', '[1]'])).toEqual([1]);
  });
  test('keeps no more than the open item', () => {
    expect(() => cut([`["${'x'.repeat(2000)}`])).toThrow('item 0 is longer than 1000 characters');
    const chunks = Array.from({ length: 500 }, (_, at) => `${at === 0 ? '[' : ','}1234567890`);
    expect(cut([...chunks, ']'], 20)).toHaveLength(500);
  });
  test.each([
    ['', 'there is nothing to read'],
    ['  ', 'there is nothing to read'],
    ['{"secrets":["get"]}', 'it begins with `{"secrets":["get"]}`, and not as JSON does'],
    ['[1', 'it ends within item 0'],
    ['[1,', 'it ends within item 1'],
    ['["', 'it ends within item 0'],
    ['[1,]', 'item 1 is empty'],
    ['[,1]', 'item 0 is empty'],
    ['[1,,2]', 'item 1 is empty'],
    ['[1] [2]', '`[2]` follows the array'],
  ])('%j is refused: %s', (text, words) => {
    expect(() => cut([text])).toThrow(words);
    expect(() => cut([text])).toThrow(expect.objectContaining({ code: 'MAP_INPUT', outcome: 'usage' }));
  });
});
