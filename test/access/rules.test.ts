import { expect, test } from 'vitest';
import { decideLegacy } from '../../src/access/decide-legacy.ts';
import { decideRbac } from '../../src/access/decide-rbac.ts';
import { requiredDataActions } from '../../src/access/required-data-actions.ts';
import { parseAccessPolicy } from '../../src/model/access-policy.ts';
import {
  anna,
  ask,
  assign,
  atVault,
  ben,
  deny,
  facts,
  getSecret,
  group,
  id,
  role,
  subscription,
  type Tenant,
  vault,
  vaultId,
} from '../builders/a-tenant.ts';
import { catalogue, roleId } from '../builders/the-catalogue.ts';

const state = (tenant: Tenant, more: Parameters<typeof ask>[3] = {}) =>
  decideRbac(ask(anna, getSecret, atVault, more), facts(tenant)).state;

test('EA-1: every assignment that reaches the vault takes part, at whatever level it stands', () => {
  const levels = ['/', '/providers/Microsoft.Management/managementGroups/mg-corp', subscription, group, vaultId];
  for (const level of levels) expect(state({ assignments: [assign(anna, 'Secrets User', level)] }), level).toBe('granted');
  for (const level of levels)
    expect(state({ assignments: [assign(anna, 'Secrets User')], denies: [deny(level, [anna], [getSecret])] }), level).toBe('notGranted');
});

test('EA-8: the reason for a decision is told in the words of Azure', () => {
  const reason = (tenant: Tenant) => {
    const access = decideRbac(ask(anna, getSecret), facts(tenant));
    return access.state === 'unknown' ? undefined : access.reason;
  };
  const under = (condition: string) => assign(anna, 'Secrets User', vaultId, { condition });
  const [always, never] = ["ActionMatches{'*'}", "ActionMatches{'nothing'}"];
  expect(reason({ assignments: [assign(anna, 'Secrets User')] })).toBe('GrantedByRBAC');
  expect(reason({ assignments: [under(always)] })).toBe('GrantedByABAC');
  expect(reason({ assignments: [under(always), assign(anna, 'Secrets User')] })).toBe('GrantedByRBAC');
  const oneBlockFree = role(id(77), [{ dataActions: [getSecret], condition: always }, { dataActions: [getSecret] }]);
  expect(reason({ roles: [oneBlockFree], assignments: [assign(anna, id(77))] })).toBe('GrantedByRBAC');
  expect(reason({})).toBe('DeniedWithNoValidRBAC');
  expect(reason({ assignments: [under(never)] })).toBe('DeniedWithABACEvaluationInRA');
  const write = ask(anna, 'Microsoft.KeyVault/vaults/write', atVault, { plane: 'control', unrestricted: true });
  const owner = assign(anna, roleId('Owner'), vaultId, { condition: always });
  expect(decideRbac(write, facts({ assignments: [owner] }))).toMatchObject({ reason: 'DeniedWithABACEvaluationInRA' });
  expect(reason({ assignments: [under(always)], denies: [deny(vaultId, [anna], [getSecret])] })).toBe('DeniedByDenyAssignment');
});

test('EA-24: a system-protected deny assignment is judged like any other', () => {
  const denies = (isSystemProtected: boolean) => [deny(vaultId, [anna], [getSecret], { isSystemProtected })];
  for (const own of [true, false]) expect(state({ assignments: [assign(anna, 'Secrets User')], denies: denies(own) })).toBe('notGranted');
});

test.each([
  ['audit', 'granted'],
  ['Audit', 'granted'],
  ['enforced', 'notGranted'],
  ['somethingNew', 'notGranted'],
])('EA-26: a deny assignment of effect %s: %s', (denyAssignmentEffect, expected) => {
  const denies = [deny(vaultId, [anna], [getSecret], { denyAssignmentEffect })];
  expect(state({ assignments: [assign(anna, 'Secrets User')], denies })).toBe(expected);
});

test('EA-33: an owner has no data access, and somebody whom no assignment names, as through Lighthouse, has none either', () => {
  expect(state({ assignments: [assign(anna, roleId('Owner'), subscription)] })).toBe('notGranted');
  expect(decideRbac(ask(id(500), getSecret, atVault), facts({ assignments: [assign(ben, 'Secrets User')] })).state).toBe('notGranted');
});

test('LP-7: the switches for Azure services are not entries: they give nobody anything', () => {
  const switches = { enabledForDeployment: true, enabledForTemplateDeployment: true, enabledForDiskEncryption: true };
  expect(decideLegacy({ principalId: anna, dataAction: getSecret }, vault([], switches), facts()).state).toBe('notGranted');
});

test('LP-11: encrypt, wrap and verify are asked for, whatever kind of key there is', () => {
  const policy = parseAccessPolicy({ objectId: anna, permissions: { keys: ['encrypt', 'wrapKey', 'verify'] } });
  const short = requiredDataActions(policy, catalogue).required.map((action) => action.split('/').at(-2));
  expect(short).toEqual(['encrypt', 'verify', 'wrap']);
});
