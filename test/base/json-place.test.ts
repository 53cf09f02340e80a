import { describe, expect, test } from 'vitest';
import { jsonFault, placeOf } from '../../src/base/json-place.ts';
import { seededRandom } from '../differential/random.ts';

describe('what is wrong with a text that is no JSON', () => {
  test.each([
    ['{ "a": 1,\n  "b": [1, 2,]\n}', 'line 2, column 13: a comma stands before `]`, and nothing after it'],
    ['{\n  "a": 1,\n}', 'line 2, column 9: a comma stands before `}`, and nothing after it'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma or `}` is missing before this'],
    ['{ a: 1 }', 'line 1, column 3: a name has to stand in double quotes'],
    ["{ 'a': 1 }", 'line 1, column 3: a name has to stand in double quotes'],
    ['{ "a": \'x\' }', 'line 1, column 8: a text has to stand in double quotes, not in single ones'],
    ['{ "a" 1 }', 'line 1, column 7: a colon is missing after `a`'],
    ['{ "a": drop }', 'line 1, column 8: `drop` is not a JSON value; write text in double quotes'],
    ['{ "a": trueish }', 'line 1, column 8: `trueish` is not a JSON value; write text in double quotes'],
    ['{ "a": 01 }', 'line 1, column 8: `01` is not a JSON value; write text in double quotes'],
    ['{ "a": "x\n" }', 'line 1, column 8: a text has no closing quote on its line'],
    ['{ "a": "C:\\keyturn" }', 'line 1, column 11: a backslash stands before a letter that means nothing'],
    ['// note\n{}', 'line 1, column 1: JSON has no comments'],
    ['{ "a": 1 /* why */ }', 'line 1, column 10: JSON has no comments'],
    ['{ "a": [1', 'line 1, column 10: the file ends before `]`'],
    ['{ "a": ', 'line 1, column 8: the file ends where a value should be'],
    ['', 'line 1, column 1: the file ends where a value should be'],
    ['{}\r\n{}', 'line 2, column 1: something follows the end of the document'],
  ])('%j is told with its place', (text, said) => {
    expect(jsonFault(text)).toBe(said);
  });

  test('is found exactly where a parser finds something', () => {
    const random = seededRandom(Number(process.env.KEYTURN_TEST_SEED));
    const whole = JSON.stringify(
      { formatVersion: 1, decisions: [{ vault: 'kv "x" \\ \u2028', n: [-1.5e3, true, null, {}, []] }] },
      undefined,
      1,
    );
    for (let round = 0; round < 3000; round++) {
      const at = random.int(whole.length + 1);
      const signs = ['', ',', '"', '}', '[', ':', '\\', '\n', 'e', '0', "'"];
      const text = whole.slice(0, at) + random.pick(signs) + whole.slice(at + random.int(3));
      let parsed = true;
      try {
        JSON.parse(text);
      } catch {
        parsed = false;
      }
      expect(jsonFault(text) === undefined, JSON.stringify(text)).toBe(parsed);
    }
  });
});

describe('the place of a value', () => {
  const text = '{\n  "decisions": [\n    { "vault": "kv" },\n    { "vault": 7 }\n  ]\n}';
  test.each([
    [['decisions', 1, 'vault'], { line: 4, column: 16 }],
    [['decisions', 1], { line: 4, column: 5 }],
    [['decisions', 1, 'reason'], { line: 4, column: 5 }],
    [[], { line: 1, column: 1 }],
  ] as const)('%j is where it begins, or what is around it', (path, place) => {
    expect(placeOf(text, path)).toEqual(place);
  });
});
