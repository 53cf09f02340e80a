import { describe, expect, test } from 'vitest';
import { requiredDataActions } from '../../src/access/required-data-actions.ts';
import type { JsonValue } from '../../src/base/json.ts';
import { parseAccessPolicy } from '../../src/model/access-policy.ts';
import { shortAction } from '../../src/model/data-action.ts';
import { anna, tenantId } from '../builders/a-tenant.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const need = (permissions: JsonValue) => {
  const { required, unknown } = requiredDataActions(parseAccessPolicy({ tenantId, objectId: anna, permissions }), catalogue);
  return { required: required.map(shortAction), unknown };
};
const permission = (written: string) => ({ kind: 'permission', written });

describe('the data actions a policy stands for', () => {
  test('LP-9: set needs two, manageissuers three, get and list of keys fall together', () => {
    expect(need({ secrets: ['set'] })).toEqual({ required: ['secrets/setSecret', 'secrets/update'], unknown: [] });
    expect(need({ certificates: ['manageissuers'] }).required).toEqual([
      'certificatecas/delete',
      'certificatecas/read',
      'certificatecas/write',
    ]);
    expect(need({ keys: ['get', 'list'] }).required).toEqual(['keys/read']);
  });
  test.each(['all', 'All', ' ALL '])('LP-5, P01: `%s` is everything but purge', (all) => {
    const { required, unknown } = need({ secrets: [all], keys: [all], certificates: [all], storage: [all] });
    expect(required.filter((name) => name.endsWith('/purge'))).toEqual([]);
    expect(required).toContain('secrets/backup');
    expect(required).toContain('keys/release');
    expect(required).toContain('keyrotationpolicies/write');
    expect(required).toContain('storageaccounts/sas/set');
    expect(unknown).toEqual([]);
  });
  test('LP-5: purge beside `all` is still asked for', () => {
    expect(need({ secrets: ['all', 'purge'] }).required).toContain('secrets/purge');
  });
  test('LP-2: casing, order and duplicates do not count', () => {
    expect(need({ keys: ['WRAPKEY', 'get', 'Get', 'unwrapKey'] })).toEqual(need({ keys: ['get', 'unwrapkey', 'wrapKey'] }));
  });
  test('P11: a missing or null list is empty', () => {
    expect(need({ secrets: ['get'], keys: null })).toEqual({ required: ['secrets/getSecret'], unknown: [] });
  });
  test('P19: what nobody knows is surfaced as it was written, beside what is known', () => {
    expect(need({ secrets: ['Frobnicate', 'get'], keys: ['managecontacts'] })).toEqual({
      required: ['secrets/getSecret'],
      unknown: ['keys/managecontacts', 'secrets/Frobnicate'].map(permission),
    });
    expect(need({ vaults: ['get'], secrets: 'get' }).unknown).toEqual([
      { kind: 'category', written: 'vaults' },
      { kind: 'list', category: 'secrets' },
    ]);
    expect(need({ vaults: ['get'], secrets: ['zap', 'Bake'] }).unknown).toEqual([
      { kind: 'category', written: 'vaults' },
      ...['secrets/Bake', 'secrets/zap'].map(permission),
    ]);
    expect(need(null).unknown).toEqual([{ kind: 'noPermissions' }]);
  });
});
