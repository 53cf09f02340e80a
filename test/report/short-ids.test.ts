import { expect, test } from 'vitest';
import { shortIds } from '../../src/report/short-ids.ts';

const subscription = '/subscriptions/29a7cd43-d35d-5f66-ade6-9d2a58856a63';
const vault = `${subscription}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-app`;

test.each([
  [`the vault \`${vault}\` is gone`, 'the vault `…/vaults/kv-app` is gone'],
  [`'${vault}'. Please`, "'…/vaults/kv-app'. Please"],
  [`see ${vault}.`, 'see …/vaults/kv-app.'],
  [`${vault}/providers/Microsoft.Authorization/locks/frozen`, '…/vaults/kv-app/locks/frozen'],
  [`${vault}/secrets/db`, '…/vaults/kv-app/secrets/db'],
  [`${subscription}/resourceGroups/rg-app`, '…/resourceGroups/rg-app'],
  [`${subscription}/resourceGroups/rg-app/providers/Microsoft.Authorization/locks/x`, '…/resourceGroups/rg-app/locks/x'],
  [`${subscription}/providers/Microsoft.Authorization/policyAssignments/p`, '…/policyAssignments/p'],
  [subscription, subscription],
  ['Microsoft.Resources/subscriptions/resourceGroups/read', 'Microsoft.Resources/subscriptions/resourceGroups/read'],
  ['no id at all', 'no id at all'],
])('a person reads %s as %s', (long, short) => {
  expect(shortIds(long)).toBe(short);
});
