import { describe, expect, test } from 'vitest';
import type { OperatorQuestion } from '../../src/access/operator-rights.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import type { PermissionBlock } from '../../src/model/role.ts';
import * as t from '../builders/a-tenant.ts';
import { operatorRights } from './in-words.ts';

const { anna, team } = t;
const rights = (tenant: t.Tenant, more: Partial<OperatorQuestion> = {}) =>
  operatorRights({ ...t.sources(tenant), operator: { objectId: anna, groups: read([]) }, vault: t.vault(), at: t.now, ...more });
const held = (...roles: readonly string[]): t.Tenant => ({ assignments: roles.map((role) => t.assign(anna, role, t.subscription)) });
const block = (actions: readonly string[], more: Partial<PermissionBlock> = {}): PermissionBlock => ({
  actions,
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...more,
});

describe('to flip', () => {
  test.each([
    [['Owner'], 'yes'],
    [['Contributor'], 'no'],
    [['Key Vault Contributor'], 'no'],
    [['User Access Administrator'], 'no'],
    [['User Access Administrator', 'Key Vault Contributor'], 'yes'],
    [['Role Based Access Control Administrator', 'Contributor'], 'yes'],
    [['Key Vault Data Access Administrator', 'Key Vault Contributor'], 'no'],
    [['Key Vault Administrator'], 'no'],
    [[], 'no'],
  ])('EA-43: %j says %s', (roles, state) => {
    expect(rights(held(...roles)).canFlip.state).toBe(state);
  });
  test('EA-43: a conditioned right does not count, even where its condition is true', () => {
    const owner = t.assign(anna, 'Owner', t.subscription, { condition: "ActionMatches{'*'}" });
    expect(rights({ assignments: [owner] })).toMatchObject({
      canFlip: {
        state: 'no',
        because:
          '`Microsoft.Authorization/roleAssignments/write` is given by no role assignment; nearest: `Owner` at the subscription is restricted by a condition',
      },
    });
    expect(rights({ assignments: [owner] }).canAssign(t.roleId('Secrets User'), 'User').state).toBe('yes');
  });
  test('says which of the two rights is missing, or both', () => {
    expect(rights(held('Key Vault Contributor')).canFlip.because).toBe(
      '`Microsoft.Authorization/roleAssignments/write` is given by no role assignment',
    );
    expect(rights(held('User Access Administrator')).canFlip.because).toBe(
      '`Microsoft.KeyVault/vaults/write` is given by no role assignment',
    );
    expect(rights(held()).canFlip.because).toContain('vaults/write` is given by no role assignment; `Microsoft.Authorization');
  });
  test('EA-19: a built-in role newer than the catalogue leaves it open where it gives the right to assign', () => {
    const newer = (type: string) =>
      rights({ roles: [t.role(t.id(77), [{ actions: ['*'] }], type)], assignments: [t.assign(anna, t.id(77))] }).canFlip.state;
    expect([newer('BuiltInRole'), newer('CustomRole')]).toEqual(['unknown', 'yes']);
    const both = {
      ...held('User Access Administrator'),
      roles: [t.role(t.id(77), [{ actions: ['Microsoft.KeyVault/*'] }], 'BuiltInRole')],
    };
    expect(rights({ ...both, assignments: [...(both.assignments ?? []), t.assign(anna, t.id(77))] }).canFlip.state).toBe('yes');
  });
  test('EA-19: a live definition that moved keeps the condition that the catalogue knows', () => {
    const id = t.roleId('Data Access Administrator');
    const moved = t.role(id, [{ actions: ['Microsoft.Authorization/roleAssignments/*', 'Microsoft.KeyVault/*'] }], 'BuiltInRole');
    const tenant = { ...held('Key Vault Data Access Administrator'), facts: { roleDefinitions: read([moved]) } };
    expect(rights(tenant).canFlip.state).toBe('no');
    expect(rights(tenant).canAssign(t.roleId('Certificate User'), 'User').state).toBe('no');
    expect(rights(tenant).canAssign(t.roleId('Secrets User'), 'User').state).toBe('yes');
  });
  test('EA-29: counts what the operator holds through groups, and is open when those are not known', () => {
    const tenant = { assignments: [t.assign(team, 'Owner', t.group)] };
    const as = (groups: OperatorQuestion['operator']['groups']) => rights(tenant, { operator: { objectId: anna, groups } }).canFlip;
    expect(as(read([team])).state).toBe('yes');
    expect(as(read([])).state).toBe('no');
    expect(as(unreadable('403'))).toMatchObject({ state: 'unknown' });
    expect(as(unreadable('403')).because).toContain('the members of `group 11` are not known: 403');
  });
  test('EA-2: a deny of the control plane stands above it', () => {
    const denied = (actions: readonly string[]) =>
      rights({ ...held('Owner'), denies: [t.deny(t.group, [anna], [], { permissions: [{ actions }] })] }).canFlip.state;
    expect(denied(['Microsoft.KeyVault/vaults/write'])).toBe('no');
    expect(denied(['*/delete'])).toBe('yes');
    expect(rights({ ...held('Owner'), facts: { denyAssignments: unreadable('403') } }).canFlip.state).toBe('unknown');
    expect(rights({ facts: { roleAssignments: unreadable('403') } }).canFlip.state).toBe('unknown');
  });
  test('EA-20: custom roles are defined by whoever may in the whole subscription, since that is where they can be assigned', () => {
    const may = (role: string, scope: string) => rights({ assignments: [t.assign(anna, role, scope)] }).canDefineRoles().state;
    expect(may('Owner', t.subscription)).toBe('yes');
    expect(may('Owner', t.group)).toBe('no');
    expect(may('Data Access Administrator', t.subscription)).toBe('no');
    expect(rights({ facts: { roleAssignments: unreadable('403') } }).canDefineRoles().state).toBe('unknown');
  });
  test('EA-2, EA-25: says what denies it, and what may', () => {
    const denied = (more: object) =>
      rights({
        ...held('Owner'),
        denies: [t.deny(t.group, [anna], [], { permissions: [{ actions: ['Microsoft.KeyVault/vaults/write'] }], ...more })],
      }).canFlip;
    const deniedBy = { name: 'managed by another', everyone: false };
    expect(denied({})).toMatchObject({
      deniedBy,
      state: 'no',
      because: '`Microsoft.KeyVault/vaults/write`: the deny assignment `managed by another` denies it',
    });
    expect(denied({ condition: 'odd' })).toMatchObject({
      deniedBy,
      state: 'unknown',
      because: '`Microsoft.KeyVault/vaults/write`: the deny assignment `managed by another` may deny it: its condition cannot be judged',
    });
  });
  test('EA-18: is open, and says why, where role assignments or a role could not be read', () => {
    const open = (words: string) => ({
      state: 'unknown',
      because: ['Microsoft.KeyVault/vaults/write', 'Microsoft.Authorization/roleAssignments/write']
        .map((action) => `\`${action}\`: ${words}`)
        .join('; '),
    });
    const gives = `what \`${t.id(77)}\` at the subscription gives could not be read`;
    const members = `the members of \`group 11\` are not known: 403`;
    const operator = { objectId: anna, groups: unreadable('403') };
    expect(rights(held(t.id(77))).canFlip).toEqual(open(gives));
    expect(rights({ facts: { roleAssignments: unreadable('500') } }).canFlip).toEqual(open('role assignments could not be read: 500'));
    expect(rights({ assignments: [t.assign(team, t.id(77), t.subscription)] }, { operator }).canFlip).toEqual(
      open(`what \`${t.id(77)}\` of \`group 11\` at the subscription gives could not be read; ${members}`),
    );
  });
  test('EA-43: a right under a condition of its own is restricted, whatever the role may hide besides', () => {
    const newer = t.role(t.id(77), [{ actions: ['*'] }], 'BuiltInRole');
    const under = t.assign(anna, t.id(77), t.subscription, { condition: "ActionMatches{'*'}" });
    expect(rights({ roles: [newer], assignments: [under] }).canFlip).toEqual({
      state: 'no',
      because:
        '`Microsoft.Authorization/roleAssignments/write` is given by no role assignment; nearest: `role 77` at the subscription is restricted by a condition',
    });
  });
  test('EA-12: a right at another vault is none here', () => {
    expect(rights({ assignments: [t.assign(anna, 'Owner', `${t.vaultId}0`)] }).canFlip.state).toBe('no');
  });
});

describe('to assign', () => {
  test('EA-42, P20: Key Vault Data Access Administrator may give eight roles, not Certificate User, not Release User, no custom role', () => {
    const { canAssign, canDelete } = rights(held('Key Vault Data Access Administrator'));
    const candidates = t.catalogue.roles.filter((role) => role.candidate);
    const may = candidates.filter(({ id }) => canAssign(id, 'ServicePrincipal').state === 'yes').map(({ name }) => name.slice(10));
    expect(may).toEqual([
      'Administrator',
      'Certificates Officer',
      'Crypto Officer',
      'Crypto Service Encryption User',
      'Crypto User',
      'Reader',
      'Secrets Officer',
      'Secrets User',
    ]);
    expect(candidates.filter(({ id }) => canDelete(id, 'User').state === 'yes')).toHaveLength(8);
    expect(canAssign(t.id(77), 'User')).toMatchObject({ state: 'no' });
    expect(canAssign(t.roleId('Certificate User'), 'User').because).toContain(
      'the condition on `Key Vault Data Access Administrator` at the subscription is not met',
    );
  });
  test('EA-42: evaluates a condition on the type and the id of the principal', () => {
    const attribute = (name: string) => `@Request[Microsoft.Authorization/roleAssignments:${name}]`;
    const when = (condition: string) =>
      rights({ assignments: [t.assign(anna, 'User Access Administrator', t.group, { condition })] }).canAssign;
    const byType = when(`${attribute('PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`);
    expect([byType(t.id(77), 'ServicePrincipal').state, byType(t.id(77), 'User').state]).toEqual(['yes', 'no']);
    const byId = when(`${attribute('PrincipalId')} ForAnyOfAnyValues:GuidEquals {${t.id(5)}}`);
    expect([byId(t.id(77), 'User', t.id(5)).state, byId(t.id(77), 'User', t.id(6)).state, byId(t.id(77), 'User').state]).toEqual([
      'yes',
      'no',
      'unknown',
    ]);
  });
  test('needs no right to the vault itself', () => {
    expect(rights(held('User Access Administrator')).canAssign(t.roleId('Reader'), 'User').state).toBe('yes');
    expect(rights(held('Key Vault Contributor')).canDelete(t.roleId('Reader'), 'User').state).toBe('no');
  });
});

describe("Azure's own answer", () => {
  const owner = held('Owner');
  test.each([
    ['the same', [block(['*'])], 'yes'],
    ['two blocks together', [block(['Microsoft.KeyVault/*']), block(['Microsoft.Authorization/*'])], 'yes'],
    ['less', [block(['*'], { notActions: ['Microsoft.Authorization/*/write'] })], 'no'],
    ['nothing', [], 'no'],
    ['it under a condition', [block(['*'], { condition: "ActionMatches{'*'}" })], 'no'],
    ['it on the data plane only', [block([], { dataActions: ['*'] })], 'no'],
  ])('EA-48: that lists %s leaves %s, since the stricter wins', (_, permissions, state) => {
    expect(rights(owner, { permissions }).canFlip.state).toBe(state);
  });
  test('EA-48: never makes more of the operator than its assignments do', () => {
    const permissions = [block(['*'])];
    expect(rights(held('Key Vault Data Access Administrator', 'Key Vault Contributor'), { permissions }).canFlip.state).toBe('no');
    expect(rights({}, { permissions }).canFlip.state).toBe('no');
    expect(rights(owner, { permissions }).canFlip.because).not.toMatch(/^;|; ;|;$/);
  });
  test('EA-48: says which right it leaves out or conditions, and adds nothing to one it confirms', () => {
    const assigning = (permissions: readonly PermissionBlock[]) => rights(owner, { permissions }).canAssign(t.roleId('Reader'), 'User');
    const write = '`Microsoft.Authorization/roleAssignments/write`';
    expect(assigning([block(['*'])])).toEqual({ state: 'yes', because: `${write} by \`Owner\` at the subscription` });
    expect(assigning([])).toEqual({ state: 'no', because: `${write} is not among the permissions that Azure lists for the operator` });
    expect(assigning([block(['*'], { condition: 'odd' })])).toEqual({
      state: 'unknown',
      because: `${write}: Azure names it under a condition that cannot be judged`,
    });
  });
  test('EA-42: is judged by its conditions where it shows them', () => {
    const condition = `@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{${t.roleId('Reader')}}`;
    const { canAssign } = rights(owner, { permissions: [block(['*'], { condition })] });
    expect([canAssign(t.roleId('Reader'), 'User').state, canAssign(t.roleId('Administrator'), 'User').state]).toEqual(['yes', 'no']);
    const odd = rights(owner, { permissions: [block(['*'], { condition: 'odd' })] });
    expect(odd.canAssign(t.roleId('Reader'), 'User').state).toBe('unknown');
  });
});
