import { describe, expect, test } from 'vitest';
import { mapPermissions, offlineMapping } from '../../src/mapping/map-permissions.ts';
import { readPermissionSet } from '../../src/mapping/permission-set.ts';
import { catalogue } from '../builders/the-catalogue.ts';

function answer(value: unknown) {
  const set = readPermissionSet(value);
  if (typeof set === 'string') throw new Error(set);
  const found = mapPermissions(set, offlineMapping(catalogue));
  return { ...found, names: found.roles.map(({ name }) => name.replace('Key Vault ', '')), codes: found.findings.map(({ code }) => code) };
}

// Azure/azure-libraries-for-net#361
test('LP-2: words with a blank before them, which Azure refuses to store, are read without it, and that is said', () => {
  const spaced = { keys: ['get', ' list'], secrets: ['get', ' list', ' set', ' delete'], certificates: ['all'] };
  const plain = { keys: ['get', 'list'], secrets: ['get', 'list', 'set', 'delete'], certificates: ['all'] };
  const { names, codes } = answer(spaced);
  expect(names).toEqual(answer(plain).names);
  expect(codes).toContain('MAP-BLANKS');
  expect(codes).not.toContain('MAP-UNKNOWN-PERMISSION');
});

// dotnet/sign#804
describe('who signs code with a certificate needs no secret values', () => {
  test.each([
    [['sign'], ['get']],
    [['get', 'sign'], ['get']],
    [['get', 'sign', 'decrypt'], ['get']],
  ])('keys %j and certificates %j are Crypto User and Reader, not Certificate User', (keys, certificates) => {
    const { names, codes, excess } = answer({ keys, certificates });
    expect([...names].sort()).toEqual(['Crypto User', 'Reader']);
    expect(codes).not.toContain('MAP-SECRET-VALUES');
    expect(excess.map(({ dataAction }) => dataAction).join()).not.toContain('getSecret');
  });
});

// marfha88/SCEPman ARM/key.bicep, and the vendor's page on moving to Azure RBAC
describe('a certificate authority with a wide policy', () => {
  const keys = ['Get', 'List', 'Update', 'Create', 'Import', 'Delete', 'Recover', 'Backup', 'Restore', 'UnwrapKey', 'Verify', 'Sign'];
  const secrets = ['Get', 'List', 'Set', 'Delete', 'Recover', 'Backup', 'Restore'];
  const issuers = ['ManageContacts', 'ManageIssuers', 'GetIssuers', 'ListIssuers', 'SetIssuers', 'DeleteIssuers'];
  const certificates = [...keys.slice(0, 9), ...issuers];

  test('is reproduced by three Officers, and that they can purge is told', () => {
    const { names, codes } = answer({ keys, secrets, certificates });
    expect([...names].sort()).toEqual(['Certificates Officer', 'Crypto Officer', 'Secrets Officer']);
    expect(codes).toContain('MAP-PURGE');
  });

  test('is as narrow as the vendor says only when the writing of secrets is given up', () => {
    const { names } = answer({ keys, secrets: ['Get', 'List'], certificates });
    expect([...names].sort()).toEqual(['Certificates Officer', 'Crypto Officer', 'Secrets User']);
  });
});
