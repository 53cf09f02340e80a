import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colourLook, plainLook } from '../../src/report/look.ts';
import { table } from '../../src/report/table.ts';
import { displayWidth, fitWidth } from '../../src/report/text/display-width.ts';
import { wrapLine } from '../../src/report/wrap-line.ts';

const columns = [
  { title: 'VAULT', shrinkTo: 5 },
  { title: 'N', align: 'right' as const },
];

describe('a table', () => {
  test('lines up columns by what a terminal draws, not by the number of characters', () => {
    expect(
      table(
        columns,
        [
          ['金庫', '1'],
          ['kv-long', '12'],
          ['e\u0301', '3'],
        ],
        plainLook,
      ),
    ).toEqual(['VAULT     N', '金庫      1', 'kv-long  12', 'e\u0301         3']);
  });

  test('is cut to the terminal, and in a pipe not at all', () => {
    const rows = [['a-vault-with-a-long-name', '1']];
    expect(table(columns, rows, { ...plainLook, columns: 14 })).toEqual(['VAULT        N', 'a-vault-wi…  1']);
    expect(table(columns, rows, plainLook)[1]).toBe('a-vault-with-a-long-name  1');
  });

  test('whose columns do not fit beside each other is told line by line, with no word broken', () => {
    const wide = [...columns, { title: 'MODEL' }, { title: 'RESOURCE GROUP' }, { title: 'DENIES', align: 'right' as const }];
    const rows = [
      ['kv-accounts-production', '3', 'accessPolicy', 'rg-accounts-production', '12'],
      ['kv-b', '1', 'azureRbac', 'rg', '0'],
    ];
    expect(table(wide, rows, { ...plainLook, columns: 40 })).toEqual([
      'kv-accounts-production',
      '  n 3, model accessPolicy, resource',
      '    group rg-accounts-production, denies',
      '    12',
      'kv-b',
      '  n 1, model azureRbac, resource group',
      '    rg, denies 0',
    ]);
    expect(table(wide, rows, { ...plainLook, columns: 100 })[0]).toContain('VAULT');
    expect(table(wide, rows, plainLook)[0]).toContain('VAULT');
  });

  test('colours never change where a column begins', () => {
    const painted = table(columns, [[{ text: 'kv', style: 'red' }, '1']], colourLook(0));
    expect(painted.join('\n')).toContain('\u001b[31m');
    expect(painted.map(stripVTControlCharacters)).toEqual(table(columns, [['kv', '1']], plainLook));
  });

  test('a hostile cell stays in its cell', () => {
    expect(table(columns, [['kv\u001b[5A\nx', '1']], plainLook)).toHaveLength(2);
  });
});

test('cut text never needs more cells than it was given', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '金', 'e\u0301', '🔑', ' ') });
  fc.assert(
    fc.property(text, fc.nat({ max: 20 }), (raw, width) => {
      expect(displayWidth(fitWidth(raw, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('a wrapped line keeps every word, and fits as far as its words do', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '金'), minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 24, max: 60 }), (words, width) => {
      const lines = wrapLine(`  ${words.join(' ')}`, width, '      ');
      expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(words);
      expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
    }),
  );
});
