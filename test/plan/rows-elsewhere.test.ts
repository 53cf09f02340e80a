import { expect, test } from 'vitest';
import { rowsElsewhere } from '../../src/plan/rows-elsewhere.ts';
import { findingShown } from '../../src/words/finding-words.ts';
import { anEstate, aVault, id, rawVault, vaultResourceId } from '../builders/an-estate.ts';

const row = (vault: string) => ({ vault, principal: id('d'), choice: 'drop' as const, reason: 'gone' });
const estate = anEstate([aVault(rawVault('kv-app', []))], []);
const all = { ...estate, vaultsInReach: ['kv-app', 'kv-ledger-finance'] };

function told(word: string, of: typeof estate) {
  return rowsElsewhere({ decisions: [row(word), row(word)], acceptances: [] }, of, [])
    .map((one) => findingShown(one))
    .map(({ severity, message, remedy }) => [severity, message, remedy]);
}

test.each(['kv-ledger-finance', 'KV-Ledger-Finance', vaultResourceId('kv-ledger-finance')])(
  'a row for another wave is one note: %s',
  (word) => {
    expect(told(word, all)).toEqual([['note', `the decisions file speaks of vault \`${word}\`, which is not in view`, 'nothing to do']]);
  },
);

test('a row for a vault that is nowhere in reach is a warning, with the name that may have been meant', () => {
  expect(told('kv-ledger-finanse', all)).toEqual([
    [
      'warning',
      expect.stringContaining('no vault in reach is called so'),
      expect.stringMatching(/^did you mean `kv-ledger-finance`\? correct/),
    ],
  ]);
  expect(told('totally-else', all)).toEqual([
    ['warning', expect.anything(), expect.stringMatching(/^correct the decisions file; nothing to do, if/)],
  ]);
});

test('where not everything in reach was looked through, a name that is near is no more than a hint', () => {
  expect(told('kv-apq', estate)).toEqual([['note', expect.anything(), expect.stringContaining('did you mean `kv-app`?')]]);
  expect(told('kv-ledger-finance', estate)).toEqual([['note', expect.anything(), 'nothing to do']]);
});

test('rows for vaults in view, and those for every vault, are no news', () => {
  const acceptances = [{ finding: 'MAP-ROLE-DRIFT' as const, vault: '*', reason: 'seen' }];
  expect(rowsElsewhere({ decisions: [row('KV-App')], acceptances }, all, [])).toEqual([]);
});
