import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { nearNames } from '../../src/base/near-names.ts';
import { parseSelection, selects } from '../../src/inventory/selection.ts';
import { parseVault } from '../../src/model/vault.ts';

const id = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/Shop/providers/Microsoft.KeyVault/vaults/KV-App';
const vault = parseVault({ id, tags: { Env: 'prod', owner: 'a' }, properties: {} });
if (vault === undefined) throw new Error('the test’s own vault cannot be read');

function failure(run: () => unknown): KnownError {
  try {
    run();
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a selection', () => {
  test('means every vault when it says nothing', () => {
    expect(selects(parseSelection({}), vault)).toBe(true);
  });
  test.each<[string, Parameters<typeof parseSelection>[0], boolean]>([
    ['its name in any case', { vaults: ['kv-APP'] }, true],
    ['another name', { vaults: ['kv-app1'] }, false],
    ['its id in any case', { vaults: [id.toUpperCase()] }, true],
    ['the id of its neighbour', { vaults: [`${id}2`] }, false],
    ['one of several names', { vaults: ['other', 'kv-app'] }, true],
    ['its resource group in any case', { resourceGroups: ['sHOP'] }, true],
    ['another resource group', { resourceGroups: ['shop2'] }, false],
    ['one of several resource groups', { resourceGroups: ['x', 'shop'] }, true],
    ['a tag, its name in any case', { tags: ['env=prod'] }, true],
    ['a tag with a value in another case', { tags: ['env=Prod'] }, false],
    ['two tags, of which one does not match', { tags: ['env=prod', 'owner=b'] }, false],
    ['its name in another resource group', { vaults: ['kv-app'], resourceGroups: ['x'] }, false],
  ])('by %s', (_what, words, expected) => {
    expect(selects(parseSelection(words), vault)).toBe(expected);
  });
  test('reads names and ids from the lines of a file, without blank lines and remarks', () => {
    const selection = parseSelection({ list: `\uFEFF# wave 1\r\n${id}\r\n\r\n  kv-other  \n#kv-no\n${id.toLowerCase()}\n` });
    expect(selection.ids.map((item) => item.id)).toEqual([id.toLowerCase()]);
    expect(selection.names).toEqual(['kv-other']);
  });
  test('takes subscriptions as id or by name, and management groups by name or id', () => {
    const selection = parseSelection({
      subscriptions: ['/subscriptions/00000000-0000-0000-0000-00000000000A', 'Shop Prod'],
      managementGroups: ['Corp', '/providers/Microsoft.Management/managementGroups/Corp'],
    });
    expect(selection.subscriptions).toEqual(['00000000-0000-0000-0000-00000000000a', 'Shop Prod']);
    expect(new Set(selection.managementGroups)).toEqual(new Set(['/providers/microsoft.management/managementgroups/corp']));
  });
  test.each(['/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/managedHSMs/hsm1', 'https://hsm1.managedhsm.azure.net/'])(
    'refuses a Managed HSM with a reason: %s',
    (word) => {
      const error = failure(() => parseSelection({ vaults: [word] }));
      expect([error.code, error.outcome]).toEqual(['MANAGED_HSM', 'usage']);
      expect(error.message).toContain('no access policies');
    },
  );
  test.each(['', 'kv app', '/subscriptions/s', 'https://kv.vault.example.com/', 'kv;rm', `${id}/secrets/x`])(
    'refuses what can be no vault: %j',
    (word) => {
      expect(failure(() => parseSelection({ vaults: [word] })).outcome).toBe('usage');
    },
  );
  test('refuses a tag without a value and a management group that is a path', () => {
    expect(failure(() => parseSelection({ tags: ['env'] })).outcome).toBe('usage');
    expect(failure(() => parseSelection({ tags: ['=x'] })).outcome).toBe('usage');
    expect(failure(() => parseSelection({ managementGroups: ['a/b'] })).outcome).toBe('usage');
    expect(failure(() => parseSelection({ managementGroups: [''] })).outcome).toBe('usage');
  });
});

describe('names near a slip of the pen', () => {
  test('are those a letter or two away, nearest first, at most three', () => {
    expect(nearNames('kv-shop', ['kv-shpo', 'kv-shops', 'kv-ship', 'kv-shap', 'billing'])).toEqual(['kv-shap', 'kv-ship', 'kv-shops']);
  });
  test('include longer names that begin with what was typed', () => {
    expect(nearNames('kv-sh', ['kv-shop-production', 'kv-zz-production'])).toEqual(['kv-shop-production']);
  });
  test('are none when nothing is near', () => {
    expect(nearNames('kv-shop', ['billing', 'identity'])).toEqual([]);
  });
});
