import { describe, expect, test } from 'vitest';
import { checkedResources, objectAt, uniqueResources } from '../../src/access/checked-resources.ts';
import { judgeVault } from '../../src/access/judge-vault.ts';
import type { CheckedResource } from '../../src/access/judgement.ts';
import * as t from '../builders/a-tenant.ts';

const vault = t.scope(t.vaultId);
const anyOf = (collection: string): CheckedResource => ({ kind: 'anyObject', collection });
const objectIn = (collection: string, name: string): CheckedResource => ({ kind: 'object', collection, name });

describe('where an action is checked', () => {
  const known = (name: string) => t.catalogue.dataActions.find((action) => action.name === name);
  test('EA-14: is the vault for a list, any object for work on one, and each named object of its kind', () => {
    const named = [objectIn('keys', 'a'), t.theSecret('b'), t.theSecret('c')];
    expect(checkedResources(known(t.getSecret), named)).toEqual([t.anySecret, t.theSecret('b'), t.theSecret('c')]);
    expect(checkedResources(known(t.readMetadata), named)).toEqual([t.atVault, t.anySecret, t.theSecret('b'), t.theSecret('c')]);
    expect(checkedResources(known('Microsoft.KeyVault/vaults/certificatecas/write'), named)).toEqual([t.atVault]);
    expect(checkedResources(undefined, named)).toEqual([t.atVault]);
  });
  test('EA-14: is the vault alone for an action on no kind of object, whatever is said of objects', () => {
    const odd = { name: 'x', tier: 'A', checkedAt: ['vault', 'object'] } as const;
    expect(checkedResources(odd, [t.theSecret('b')])).toEqual([t.atVault]);
    expect(checkedResources({ ...odd, collection: 'secrets', checkedAt: ['vault'] }, [t.theSecret('b')])).toEqual([t.atVault]);
  });
});

describe('a scope', () => {
  test('EA-13: names an object of the vault, and nothing else does: no version, no collection, no other vault', () => {
    expect(objectAt(t.scope(`${t.vaultId}/secrets/One`), vault)).toEqual(objectIn('secrets', 'one'));
    for (const raw of [
      t.vaultId,
      `${t.vaultId}/secrets`,
      `${t.vaultId}/secrets/one/0123456789abcdef`,
      `${t.vaultId}0/secrets/one`,
      `${t.vaultId.slice(0, -1)}/secrets/one`,
      t.group,
      '/',
    ])
      expect(objectAt(t.scope(raw), vault), raw).toBeUndefined();
  });
});

describe('resources', () => {
  test('are told apart by kind, collection and name, and ordered: the vault, any object, named ones', () => {
    const ordered = [
      t.atVault,
      anyOf('keys'),
      anyOf('secrets'),
      objectIn('keys', 'a'),
      objectIn('keys', 'b'),
      objectIn('secrets', 'a'),
      objectIn('secrets', 'b'),
    ];
    expect(uniqueResources([...ordered].reverse())).toEqual(ordered);
    expect(uniqueResources([...ordered, ...ordered])).toEqual(ordered);
  });
  test('EA-12: a role on a whole collection reaches its objects, and those of no other', () => {
    const keysRead = 'Microsoft.KeyVault/vaults/keys/read';
    const question = t.question(
      { assignments: [t.assign(t.anna, 'Administrator', `${t.vaultId}/secrets`)] },
      { requirements: [{ principalId: t.anna, dataActions: [t.getSecret, keysRead] }] },
    );
    const states = judgeVault(question).pairs.map(({ dataAction, resource, state }) => [dataAction, resource.kind, state]);
    expect(states).toEqual([
      [keysRead, 'vault', 'uncovered'],
      [keysRead, 'anyObject', 'uncovered'],
      [t.getSecret, 'anyObject', 'covered'],
    ]);
  });
});
