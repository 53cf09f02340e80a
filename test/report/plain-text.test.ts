import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/report/plain-text.ts';
import { markdownTable, markdownText } from '../../src/report/text/markdown-table.ts';

describe('untrusted text', () => {
  test.each([
    ['a colour', 'kv\u001b[31mred\u001b[0m', 'kvred'],
    ['a cursor move and a cleared line', 'kv\u001b[2K\u001b[1Gready', 'kvready'],
    ['an eight-bit control sequence', 'kv\u009b31mred', 'kvred'],
    ['a window title', '\u001b]0;pwned\u0007kv', 'kv'],
    ['a link', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['line breaks and tabs', 'kv\r\nerror OK: all good\t!', 'kv error OK: all good !'],
    ['a reordering mark', 'kv\u202edoog\u202c', 'kvdoog'],
    ['isolates and zero-width characters', 'k\u2066v\u2069\u200b-\ufeffa', 'kv-a'],
    ['a line separator', 'a\u2028b', 'a b'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a lone escape', 'a\u001b', 'a'],
  ])('loses %s and nothing else', (_what, hostile, shown) => {
    expect(plainText(hostile)).toBe(shown);
  });

  test('letters of any script stay as they are', () => {
    const names = ['Zoë Müller', '金庫-東京', 'خزنة', 'e\u0301', '🔑 vault', 'a-b_c.d'];
    expect(names.map(plainText)).toEqual(names);
  });

  test('whatever comes in, no control character and no bidirectional control comes out, and a second pass changes nothing', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[', '\u001b]', '\u009b', '\u0007', '\u202e', 'm', '0;', '\u001b'),
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const shown = plainText(parts.join(''));
        expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
        expect(plainText(shown)).toBe(shown);
      }),
    );
  });
});

describe('Markdown', () => {
  test('a name can be no link, no HTML, no table cell and no mention', () => {
    const hostile = '[x](https://evil.example) <img src=x> a|b @team `code` www.evil.example';
    const shown = markdownText(hostile);
    expect(shown).not.toMatch(/[[\]()<>|@`]/);
    expect(shown).not.toContain('://');
    expect(shown).not.toContain('www.');
  });

  test('a row has as many cells as the title, whatever the cells hold', () => {
    const [title, , row] = markdownTable(['a', 'b'], [['x|y', 'line\nbreak']]);
    expect(row?.split('|').length).toBe(title?.split('|').length);
  });
});
