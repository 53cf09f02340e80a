import { describe, expect, test } from 'vitest';
import { decideRbac } from '../../../src/access/decide-rbac.ts';
import type { CheckedResource } from '../../../src/access/judgement.ts';
import * as t from '../../builders/a-tenant.ts';

const { anna, getSecret, readMetadata } = t;
const [setSecret, restore] = [t.secret('setSecret/action'), t.secret('restore/action')];
const onResource = '@Resource[Microsoft.KeyVault/vaults/secrets:name]';
const onRequest = '@Request[Microsoft.KeyVault/vaults/secrets:name]';
const state = (condition: string, action: string, resource: CheckedResource) => {
  const assignments = [t.assign(anna, 'Secrets Officer', t.vaultId, { condition })];
  return decideRbac(t.ask(anna, action, resource), t.facts({ assignments })).state;
};

describe('what a condition knows of a call on secrets', () => {
  const aKey: CheckedResource = { kind: 'object', collection: 'keys', name: 'app-1' };
  test.each([
    ['reading one knows its name from the resource', getSecret, t.theSecret('app-1'), 'granted', 'notGranted'],
    ['reading any knows that there is a name', getSecret, t.anySecret, 'granted', 'notGranted'],
    ['listing knows of no name', readMetadata, t.atVault, 'notGranted', 'notGranted'],
    ['setting one knows its name from the request', setSecret, t.theSecret('app-1'), 'notGranted', 'granted'],
    ['setting any knows that there will be a name', setSecret, t.anySecret, 'notGranted', 'granted'],
    ['restoring is checked on the vault and brings a name', restore, t.atVault, 'notGranted', 'granted'],
    ['reading what is no secret knows of no name', getSecret, aKey, 'notGranted', 'notGranted'],
    ['setting what is no secret knows of no name', setSecret, aKey, 'notGranted', 'notGranted'],
  ] as const)('EA-39: %s', (_, action, resource, byResource, byRequest) => {
    expect([state(`Exists ${onResource}`, action, resource), state(`Exists ${onRequest}`, action, resource)]).toEqual([
      byResource,
      byRequest,
    ]);
  });
  test('EA-40: is never enough to compare a name that may be any', () => {
    expect(state(`${onResource} StringLike '*'`, getSecret, t.anySecret)).toBe('unknown');
    expect(state(`${onRequest} StringLike '*'`, restore, t.atVault)).toBe('unknown');
  });
  test('EA-10: does not hang on casing and blanks of the action', () => {
    const condition = `${onResource} StringEquals 'app-1'`;
    expect(state(condition, ` ${getSecret.toUpperCase()} `, t.theSecret('app-1'))).toBe('granted');
    expect(state(`${onRequest} StringEquals 'app-1'`, setSecret.toUpperCase(), t.theSecret('app-1'))).toBe('granted');
  });
  test('EA-39: is the action alone for one that only ends like one of theirs', () => {
    const roles = [t.role(t.id(77), [{ dataActions: ['*'] }])];
    const under = (condition: string) => (action: string) => {
      const assignments = [t.assign(anna, t.id(77), t.vaultId, { condition })];
      return decideRbac(t.ask(anna, action), t.facts({ roles, assignments })).state;
    };
    for (const [condition, found] of [
      ["ActionMatches{'*'}", 'granted'],
      [`Exists ${onResource}`, 'unknown'],
    ] as const) {
      const asked = under(condition);
      expect([asked(getSecret), asked(`Other/${getSecret}`)]).toEqual(['granted', found]);
    }
  });
});
