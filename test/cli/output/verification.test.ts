import { expect, test } from 'vitest';
import { verificationPieces } from '../../../src/cli/output/verification.ts';
import type { VerifiedVault, VerifyReport } from '../../../src/report/verified-vault.ts';

const person = { principalId: 'p', kind: 'user', displayName: '"\\\u2028', losses: [], gains: [] };
const vault: VerifiedVault = {
  vaultId: '/v',
  name: 'kv',
  permissionModel: 'accessPolicy',
  state: 'covered',
  pairs: [],
  gains: [],
  doubts: [],
  lines: [],
};
const report = (vaults: readonly VerifiedVault[]): VerifyReport => {
  return { format: 'keyturn-verify', formatVersion: 1, at: 'now', planDigest: null, vaults, unreadable: [] };
};

test.each([
  ['no vault', []],
  ['a vault whose people are not told', [vault]],
  [
    'vaults with nobody, one and several',
    [0, 1, 3].map((count) => ({ ...vault, people: Array.from({ length: count }, () => person), membersUnknown: [] })),
  ],
])('pieces of a report of %s are together the JSON of the whole', (_, vaults) => {
  const pieces = [...verificationPieces(report(vaults))];
  expect(JSON.parse(pieces.join(''))).toEqual(JSON.parse(JSON.stringify(report(vaults))));
  expect(pieces.every((piece) => piece.length < 1000)).toBe(true);
});
