import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../src/base/canonical-json.ts';

test('RFC 8785: sorts members by UTF-16 code units and writes no blanks', () => {
  const value = { '€': 1, '\r': 2, '1': 3, '😀': 4, ö: 5, '\u0080': 6, '\ufb33': 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":3,"\u0080":6,"ö":5,"€":1,"😀":4,"\ufb33":7}');
});
test('RFC 8785: writes numbers as ECMAScript does', () => {
  expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
});
test('refuses what JSON cannot say instead of writing something else', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x'), 1n, '\ud800', { a: ['\udc00'] }])
    expect(() => canonicalJson(value)).toThrow(TypeError);
});
test('leaves out members that are undefined', () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
});
test('is read back as the same value, and the order of members never changes the digest', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(digestOf(Object.fromEntries(Object.entries(value).reverse()))).toBe(digestOf(value));
    }),
  );
});
