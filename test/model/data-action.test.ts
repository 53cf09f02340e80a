import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionMatches, shortAction } from '../../src/model/data-action.ts';

const action = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

test.each([
  ['*', true],
  ['Microsoft.KeyVault/vaults/secrets/*', true],
  ['microsoft.keyvault/VAULTS/*/GETSECRET/action', true],
  [`${action} `, true],
  ['Microsoft.KeyVault/vaults/*/read', false],
  ['Microsoft.KeyVault/vaults/secrets/getSecret', false],
  ['Microsoft.KeyVault/vaults/secrets/getSecre?/action', false],
  ['Microsoft.KeyVault/vaults/secrets/get*Secret*/action', true],
  ['*getSecret*getSecret*', false],
  ['', false],
])('EA-9, EA-10: the pattern %s against getSecret gives %s', (pattern, answer) => {
  expect(actionMatches(pattern, action)).toBe(answer);
});
test('EA-9: */read crosses segments, but not to the vault itself', () => {
  expect(actionMatches('Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/storageaccounts/sas/read')).toBe(true);
  expect(actionMatches('Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/read')).toBe(false);
});
test('EA-9: agrees with a regular expression made of the same pattern', () => {
  const piece = fc.stringMatching(/^[ab/.]{0,3}$/);
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.stringMatching(/^[ab/.]{0,8}$/), (pieces, text) => {
      const expected = new RegExp(`^${pieces.map((p) => p.replaceAll('.', '\\.')).join('.*')}$`).test(text);
      expect(actionMatches(pieces.join('*'), text)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
test('is shown without what every data action of a vault shares', () => {
  expect(shortAction(action)).toBe('secrets/getSecret');
  expect(shortAction('Microsoft.KeyVault/vaults/keys/read')).toBe('keys/read');
});
