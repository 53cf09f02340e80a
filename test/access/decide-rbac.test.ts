import { describe, expect, test } from 'vitest';
import { everyone } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import type { Principal } from '../../src/model/principal.ts';
import * as t from '../builders/a-tenant.ts';
import { decideRbac } from './in-words.ts';

const { anna, ben, team, division, getSecret, readMetadata } = t;
const decide = (tenant: t.Tenant, request = t.ask(anna, getSecret)) => decideRbac(request, t.facts(tenant));
const state = (tenant: t.Tenant, request = t.ask(anna, getSecret)) => decide(tenant, request).state;
const custom = t.id(77);

describe('role definitions', () => {
  test('EA-4, P15: what notDataActions takes out is not given, and the refusal says so', () => {
    const roles = [t.role(custom, [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [getSecret] }])];
    const tenant = { roles, assignments: [t.assign(anna, custom)] };
    expect(decide(tenant)).toMatchObject({ state: 'notGranted', nearest: '`role 77` at `kv1` takes it out again by notDataActions' });
    expect(state(tenant, t.ask(anna, readMetadata))).toBe('granted');
  });
  test('EA-4: subtraction stays inside its block', () => {
    const all = 'Microsoft.KeyVault/vaults/secrets/*';
    const roles = [t.role(custom, [{ dataActions: [all], notDataActions: [getSecret] }, { dataActions: [getSecret] }])];
    expect(state({ roles, assignments: [t.assign(anna, custom)] })).toBe('granted');
  });
  test('EA-6: another assignment may give what one takes out', () => {
    const roles = [t.role(custom, [{ dataActions: ['*'], notDataActions: [getSecret] }])];
    expect(state({ roles, assignments: [t.assign(anna, custom), t.assign(anna, 'Secrets User')] })).toBe('granted');
  });
  test.each(['Owner', 'Contributor', 'Key Vault Contributor'])('EA-7: `actions` of %s open nothing on the data plane', (name) => {
    expect(decide({ assignments: [t.assign(anna, name)] })).toMatchObject({ state: 'notGranted', reason: 'DeniedWithNoValidRBAC' });
  });
  test('EA-7: the same string is another right on the other plane', () => {
    const keysRead = 'Microsoft.KeyVault/vaults/keys/read';
    const roles = [t.role(custom, [{ actions: [keysRead] }])];
    const tenant = { roles, assignments: [t.assign(anna, custom)] };
    expect(decide(tenant, t.ask(anna, keysRead))).toMatchObject({ nearest: '`role 77` at `kv1` names it for the control plane only' });
    expect(state(tenant, t.ask(anna, keysRead, t.atVault, { plane: 'control' }))).toBe('granted');
    const encryption = { assignments: [t.assign(anna, 'Crypto Service Encryption User')] };
    expect(state(encryption, t.ask(anna, keysRead, t.atVault, { plane: 'control' }))).toBe('notGranted');
  });
  test('EA-9, EA-11: a wildcard gives actions that nobody knows yet', () => {
    const later = 'Microsoft.KeyVault/vaults/secrets/teleport/action';
    expect(state({ assignments: [t.assign(anna, 'Secrets Officer')] }, t.ask(anna, later))).toBe('granted');
    expect(state({ assignments: [t.assign(anna, 'Secrets User')] }, t.ask(anna, later))).toBe('notGranted');
  });
  test('EA-10: blanks around an action and casing do not count', () => {
    const roles = [t.role(custom, [{ dataActions: [' microsoft.KEYVAULT/vaults/secrets/getsecret/ACTION '] }])];
    expect(state({ roles, assignments: [t.assign(anna, custom)] })).toBe('granted');
    expect(state({ roles, assignments: [t.assign(anna, custom)] }, t.ask(anna, ` ${getSecret.toUpperCase()} `))).toBe('granted');
  });
  test('EA-18: a role that Azure did not list is taken from the catalogue, and is open when that lacks it too', () => {
    const none = { roleDefinitions: unreadable('403') };
    expect(state({ assignments: [t.assign(anna, 'Secrets User')], facts: none })).toBe('granted');
    expect(decide({ assignments: [t.assign(anna, custom)], facts: none })).toMatchObject({ state: 'unknown' });
    expect(state({ assignments: [t.assign(ben, custom)], facts: none })).toBe('notGranted');
  });
  test('EA-18: what Azure lists wins over the catalogue', () => {
    const [id] = [t.roleId('Secrets User')];
    const facts = { roleDefinitions: read([t.role(id, [{ dataActions: [readMetadata] }], 'BuiltInRole')]) };
    expect(state({ assignments: [t.assign(anna, 'Secrets User')], facts })).toBe('notGranted');
  });
  test('EA-19: a condition of a block narrows that block only', () => {
    const condition = "ActionMatches{'nothing'}";
    const narrow = t.role(custom, [{ dataActions: [getSecret], condition }, { dataActions: [readMetadata] }]);
    const tenant = { roles: [narrow], assignments: [t.assign(anna, custom)] };
    expect(decide(tenant)).toMatchObject({ state: 'notGranted', reason: 'DeniedWithABACEvaluationInRA' });
    expect(state(tenant, t.ask(anna, readMetadata))).toBe('granted');
    const twice = t.role(custom, [{ dataActions: [getSecret], condition }, { dataActions: ['*'] }]);
    expect(state({ roles: [twice], assignments: [t.assign(anna, custom)] })).toBe('granted');
  });
  test('EA-19: a built-in role newer than the catalogue may hide a condition, a custom one may not', () => {
    const block = { dataActions: [getSecret] };
    const assignments = [t.assign(anna, custom)];
    expect(decide({ assignments, roles: [t.role(custom, [block], 'BuiltInRole')] })).toEqual({
      state: 'unknown',
      because: ['`role 77` at `kv1` is a built-in role newer than the catalogue, and Azure may not show its condition'],
    });
    expect(state({ assignments, roles: [t.role(custom, [block])] })).toBe('granted');
  });
});

describe('scopes', () => {
  const mg = '/providers/Microsoft.Management/managementGroups/MG-corp';
  test.each([
    ['the root', '/', 'granted'],
    ['a management group above', mg, 'granted'],
    ['another management group', '/providers/Microsoft.Management/managementGroups/mg-other', 'notGranted'],
    ['the subscription', t.subscription.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'), 'granted'],
    ['the resource group, in the casing services answer in', t.group.toLowerCase(), 'granted'],
    ['the vault, with a trailing slash', `${t.vaultId}/`, 'granted'],
    ['a vault whose name begins like this one', `${t.vaultId}0`, 'notGranted'],
    ['a vault whose name this one begins with', t.vaultId.slice(0, -1), 'notGranted'],
    ['a resource group whose name this one begins with', `${t.subscription}/resourceGroups/rg`, 'notGranted'],
    ['one secret', `${t.vaultId}/secrets/one`, 'notGranted'],
  ])('EA-12, EA-13: an assignment at %s leaves any secret %s', (_, at, answer) => {
    expect(state({ assignments: [t.assign(anna, 'Secrets User', at)] })).toBe(answer);
  });
  test('P12: a role on one secret gives that secret, no other, and no list', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User', `${t.vaultId}/secrets/One`)] };
    expect(state(tenant, t.ask(anna, getSecret, t.theSecret('one')))).toBe('granted');
    expect(state(tenant, t.ask(anna, getSecret, t.theSecret('one1')))).toBe('notGranted');
    expect(state(tenant, t.ask(anna, readMetadata, t.atVault))).toBe('notGranted');
    expect(decide(tenant)).toMatchObject({ nearest: '`Key Vault Secrets User` on `secrets/one` reaches that object alone' });
  });
  test('EA-15: a role on a certificate does not reach the secret and the key of its name', () => {
    const tenant = { assignments: [t.assign(anna, 'Administrator', `${t.vaultId}/certificates/tls`)] };
    const read = (collection: string) =>
      t.ask(anna, `Microsoft.KeyVault/vaults/${collection}/delete`, { kind: 'object', collection, name: 'tls' });
    expect(['certificates', 'secrets', 'keys'].map((collection) => state(tenant, read(collection)))).toEqual([
      'granted',
      'notGranted',
      'notGranted',
    ]);
  });
});

describe('principals and groups', () => {
  const viaTeam = [t.assign(team, 'Secrets User')];
  test('EA-29, P16: access through a nested group counts, and the route names the group', () => {
    const tenant = { assignments: viaTeam, members: { [team]: [division, anna], [division]: [anna] } };
    expect(decide(tenant)).toMatchObject({ state: 'granted', by: [{ throughGroup: team, roleDefinitionId: t.roleId('Secrets User') }] });
    expect(state(tenant, t.ask(ben, getSecret))).toBe('notGranted');
    expect(state(tenant, t.ask(division, getSecret))).toBe('granted');
  });
  test('EA-29: nobody is in a group whose members could not be read, and nobody is out of it', () => {
    const tenant = { assignments: viaTeam, members: { [team]: unreadable('403') } };
    expect(decide(tenant)).toEqual({ state: 'unknown', because: ['the members of `group 11` are not known: 403'] });
    expect(state({ assignments: viaTeam })).toBe('unknown');
    expect(state(tenant, t.ask(anna, getSecret, t.atVault, { action: 'Microsoft.KeyVault/vaults/keys/read' }))).toBe('notGranted');
  });
  test("EA-30: the asker's own list of groups is enough, and decides", () => {
    const tenant = { assignments: viaTeam, members: { [team]: [anna] } };
    expect(state({ assignments: viaTeam }, t.ask(anna, getSecret, t.anySecret, { groups: read([team]) }))).toBe('granted');
    expect(state(tenant, t.ask(anna, getSecret, t.anySecret, { groups: read([]) }))).toBe('notGranted');
    expect(state(tenant, t.ask(anna, getSecret, t.anySecret, { groups: unreadable('403') }))).toBe('unknown');
  });
  test('EA-28, EA-32: deleted principals and ids of anything else hold nothing, unresolved ones nobody knows what', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    const as = (principal: Principal) => state({ assignments, principals: [principal] });
    expect(as({ kind: 'deleted', objectId: anna, displayName: '' })).toBe('notGranted');
    expect(as({ kind: 'application', objectId: anna, displayName: '', appId: '' })).toBe('notGranted');
    expect(as({ kind: 'noPrincipal', objectId: anna, displayName: '', is: { what: 'device' } })).toBe('notGranted');
    expect(as({ kind: 'unresolved', objectId: anna, why: { kind: 'deletedUnread', because: '404' } })).toBe('unknown');
  });
  test('EA-32: an orphan of type Unknown is nobody’s group, a foreign group may be anybody’s', () => {
    const orphan = (principalType: string | null) => ({ assignments: [t.assign(t.id(500), 'Secrets User', t.vaultId, { principalType })] });
    expect(state(orphan('Unknown'))).toBe('notGranted');
    expect(state(orphan('ServicePrincipal'))).toBe('notGranted');
    expect(state(orphan('ForeignGroup'))).toBe('unknown');
    expect(state(orphan(null))).toBe('unknown');
  });
  test('EA-32: a deleted group carries nobody', () => {
    const principals = [t.user(anna), { kind: 'deleted', objectId: team, displayName: '' } as const];
    expect(state({ assignments: viaTeam, members: { [team]: [anna] }, principals })).toBe('notGranted');
  });
});

describe('deny assignments', () => {
  const granted = { assignments: [t.assign(anna, 'Secrets User')] };
  const denied = (...denies: t.Tenant['denies'] & object) => ({ ...granted, denies });
  test('EA-2, P14: a deny beats every grant, and names both', () => {
    expect(decide(denied(t.deny(t.vaultId, [anna], [getSecret])))).toEqual({
      state: 'notGranted',
      because: 'the deny assignment `managed by another` denies it',
      nearest: '`Key Vault Secrets User` at `kv1` would give it',
      reason: 'DeniedByDenyAssignment',
    });
  });
  test.each([
    ['everyone, without dashes and whatever the type', { id: everyone.replaceAll('-', ''), type: 'User' }],
    ['everyone as Azure writes it', { id: everyone, type: 'SystemDefined' }],
    ['the principal in upper case', anna.toUpperCase()],
  ])('EA-22: a deny for %s is for the principal', (_, principal) => {
    expect(state(denied(t.deny(t.subscription, [principal], ['Microsoft.KeyVault/vaults/*'])))).toBe('notGranted');
  });
  test.each([
    ['another action', t.deny(t.vaultId, [anna], [t.secret('delete')])],
    ['another vault', t.deny(`${t.vaultId}0`, [anna], [getSecret])],
    ['another principal', t.deny(t.vaultId, [ben], [getSecret])],
    ['everyone but the principal', t.deny(t.vaultId, [everyone], [getSecret], { excludePrincipals: [{ id: anna, type: 'User' }] })],
    ['actions of the control plane', t.deny(t.vaultId, [anna], [], { permissions: [{ actions: ['*'], dataActions: [] }] })],
    [
      'all but the action',
      t.deny(t.vaultId, [anna], [], { permissions: [{ dataActions: ['*'], notDataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }] }),
    ],
  ])('EA-22: a deny for %s changes nothing', (_, one) => {
    expect(state(denied(one))).toBe('granted');
  });
  test('EA-22, EA-23: doNotApplyToChildScopes keeps a deny on its own scope', () => {
    const own = { doNotApplyToChildScopes: true };
    expect(state(denied(t.deny(t.group, [anna], [getSecret], own)))).toBe('granted');
    const onVault = denied(t.deny(t.vaultId, [anna], [getSecret, readMetadata], own));
    expect(state(onVault, t.ask(anna, readMetadata, t.atVault))).toBe('notGranted');
    expect(state(onVault)).toBe('granted');
    expect(state(onVault, t.ask(anna, getSecret, t.theSecret('a')))).toBe('granted');
    expect(state(denied(t.deny(t.vaultId, [anna], [getSecret], { doesNotApplyToChildScopes: true })))).toBe('notGranted');
  });
  test('EA-22: a deny on one secret leaves the others, and then not every one is granted', () => {
    const tenant = denied(t.deny(`${t.vaultId}/secrets/s1`, [anna], [getSecret]));
    expect(state(tenant, t.ask(anna, getSecret, t.theSecret('S1')))).toBe('notGranted');
    expect(state(tenant, t.ask(anna, getSecret, t.theSecret('s10')))).toBe('granted');
    expect(decide(tenant)).toMatchObject({
      state: 'notGranted',
      because: 'not every one: the deny assignment `managed by another` denies it',
      reason: 'DeniedByDenyAssignment',
    });
    const key = t.ask(anna, 'Microsoft.KeyVault/vaults/keys/read', { kind: 'anyObject', collection: 'keys' });
    const administrator = { assignments: [t.assign(anna, 'Administrator')], denies: tenant.denies };
    expect([state(administrator, key), state(administrator), state(administrator, t.ask(anna, readMetadata))]).toEqual([
      'granted',
      'notGranted',
      'granted',
    ]);
  });
  test('EA-22, EA-25: a deny on one secret that may be for the principal leaves open whether every one is granted', () => {
    const scope = `${t.vaultId}/secrets/s1`;
    expect(state(denied(t.deny(scope, [{ id: team, type: 'Group' }], [getSecret])))).toBe('unknown');
    expect(state(denied(t.deny(scope, [anna], [getSecret], { condition: 'c' })))).toBe('unknown');
    expect(state(denied(t.deny(scope, [ben], [getSecret])))).toBe('granted');
    expect(state(denied(t.deny(`${scope}/0123456789abcdef`, [anna], [getSecret])))).toBe('granted');
  });
  test('EA-22: groups in a deny count through their members, and are open when those are not known', () => {
    const tenant = denied(t.deny(t.vaultId, [{ id: team, type: 'Group' }], [getSecret]));
    expect(state({ ...tenant, members: { [team]: [anna] } })).toBe('notGranted');
    expect(state({ ...tenant, members: { [team]: [ben] } })).toBe('granted');
    expect(state({ ...tenant, members: { [team]: unreadable('403') } })).toBe('unknown');
  });
  test('EA-22: whether an exclusion counts through a group is open', () => {
    const tenant = denied(t.deny(t.vaultId, [everyone], [getSecret], { excludePrincipals: [{ id: team, type: 'Group' }] }));
    expect(state({ ...tenant, members: { [team]: [anna] } })).toBe('unknown');
    expect(state({ ...tenant, members: { [team]: [ben] } })).toBe('notGranted');
    expect(state(tenant)).toBe('unknown');
  });
  test('EA-22: an id in a deny that is not a GUID may be anybody', () => {
    expect(state(denied(t.deny(t.vaultId, ['S-1-5-21'], [getSecret])))).toBe('unknown');
  });
  test('EA-25: a conditional deny binds where its condition is true or cannot be judged', () => {
    const when = (condition: string) => state(denied(t.deny(t.vaultId, [anna], [getSecret], { condition })));
    expect(when("@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv1'")).toBe('notGranted');
    expect(when("@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv10'")).toBe('granted');
    expect(when("@Environment[x] StringEquals 'y'")).toBe('unknown');
    const permissions = [{ dataActions: [getSecret], condition: 'nonsense' }, { dataActions: [readMetadata] }];
    expect(state(denied(t.deny(t.vaultId, [anna], [], { permissions })))).toBe('unknown');
    expect(state(denied(t.deny(t.vaultId, [anna], [], { permissions })), t.ask(anna, readMetadata))).toBe('notGranted');
  });
  test('EA-27: a deny on a member of a group that asks leaves the group neither free nor denied', () => {
    const tenant = { assignments: [t.assign(team, 'Secrets User')], denies: [t.deny(t.vaultId, [anna], [getSecret])] };
    const asGroup = t.ask(team, getSecret);
    expect(decide({ ...tenant, members: { [team]: [anna, ben] } }, asGroup)).toEqual({
      state: 'unknown',
      because: ['the deny assignment `managed by another` denies it to members of the group'],
    });
    expect(state({ ...tenant, members: { [team]: [ben] } }, asGroup)).toBe('granted');
    expect(state(tenant, asGroup)).toBe('unknown');
    const denies = [t.deny(t.vaultId, [{ id: division, type: 'Group' }], [getSecret])];
    const both = (inDivision: t.Tenant['members'] & object) =>
      state({ ...tenant, denies, members: { [team]: [anna, ben], ...inDivision } }, asGroup);
    expect(both({ [division]: [ben] })).toBe('unknown');
    expect(both({ [division]: [t.id(5)] })).toBe('granted');
    expect(both({ [division]: unreadable('403') })).toBe('unknown');
    expect(both({})).toBe('unknown');
  });
  test('says unknown when deny assignments or role assignments could not be read', () => {
    expect(state({ ...granted, facts: { denyAssignments: unreadable('403') } })).toBe('unknown');
    expect(state({ facts: { roleAssignments: unreadable('403') } })).toBe('unknown');
  });
});

describe('conditions on assignments', () => {
  const startsWithApp = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'app-'";
  const conditional = (condition: string, role = 'Secrets User') => ({ assignments: [t.assign(anna, role, t.vaultId, { condition })] });
  test('EA-39, P13: a condition on the name gives the secrets it takes in, and says nothing of any secret', () => {
    expect(decide(conditional(startsWithApp), t.ask(anna, getSecret, t.theSecret('app-1')))).toMatchObject({ reason: 'GrantedByABAC' });
    expect(decide(conditional(startsWithApp), t.ask(anna, getSecret, t.theSecret('web-1')))).toMatchObject({
      state: 'notGranted',
      nearest: 'the condition on `Key Vault Secrets User` at `kv1` is not met',
    });
    expect(state(conditional(startsWithApp))).toBe('unknown');
  });
  test('EA-39: setting and restoring a secret know its name from the request', () => {
    const onRequest = "@Request[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'app-'";
    const set = (condition: string) =>
      state(conditional(condition, 'Secrets Officer'), t.ask(anna, t.secret('setSecret/action'), t.theSecret('app-1')));
    expect(set(onRequest)).toBe('granted');
    expect(set(startsWithApp)).toBe('notGranted');
    expect(
      state(
        conditional('Exists @Resource[Microsoft.KeyVault/vaults/secrets:name]', 'Secrets Officer'),
        t.ask(anna, getSecret, t.theSecret('a')),
      ),
    ).toBe('granted');
    expect(state(conditional(onRequest, 'Secrets Officer'), t.ask(anna, t.secret('restore/action'), t.atVault))).toBe('unknown');
  });
  test('EA-40: a name condition on listing refuses the list: no name is there that could match', () => {
    const list = (condition: string) => state(conditional(condition), t.ask(anna, readMetadata, t.atVault));
    expect(list(startsWithApp)).toBe('notGranted');
    expect(list(startsWithApp.replace('StringStartsWith', 'ForAnyOfAnyValues:StringLike'))).toBe('notGranted');
    expect(list(`!(ActionMatches{'${getSecret}'}) OR (${startsWithApp})`)).toBe('granted');
    // What "not" makes of a name that is not there, nobody documents.
    expect(list(startsWithApp.replace('StringStartsWith', 'StringNotStartsWith'))).toBe('unknown');
    expect(list(`!(${startsWithApp})`)).toBe('unknown');
    expect(list(`!(!(${startsWithApp}))`)).toBe('unknown');
  });
  test('EA-41: a plain text operator compares with case when that refuses; what case alone opens, and what an IgnoreCase one says, is open', () => {
    const read = (operator: string, value: string) =>
      state(
        conditional(`@Resource[Microsoft.KeyVault/vaults/secrets:name] ${operator} '${value}'`),
        t.ask(anna, getSecret, t.theSecret('Test-App')),
      );
    expect([read('StringEquals', 'test-app'), read('StringEquals', 'Test-App')]).toEqual(['notGranted', 'granted']);
    expect([read('StringStartsWith', 'test'), read('StringLike', 'test*')]).toEqual(['notGranted', 'notGranted']);
    expect([read('StringNotEquals', 'test-app'), read('StringNotEquals', 'Test-App')]).toEqual(['unknown', 'notGranted']);
    expect([read('StringEqualsIgnoreCase', 'test-app'), read('StringEqualsIgnoreCase', 'Test-App')]).toEqual(['unknown', 'granted']);
  });
  test('EA-25, EA-41: a deny is believed when letter case makes it deny, and is open when letter case alone lifts it', () => {
    const on = (operator: string, value: string) => {
      const condition = `@Resource[Microsoft.KeyVault/vaults/secrets:name] ${operator} '${value}'`;
      const tenant = { assignments: [t.assign(anna, 'Secrets User')], denies: [t.deny(t.vaultId, [anna], [getSecret], { condition })] };
      return state(tenant, t.ask(anna, getSecret, t.theSecret('Test-App')));
    };
    expect([on('StringNotEquals', 'test-app'), on('StringEquals', 'test-app')]).toEqual(['notGranted', 'unknown']);
  });
  test('EA-39: the name of a key is no name of a secret', () => {
    const key = { kind: 'object', collection: 'keys', name: 'app-1' } as const;
    expect(state(conditional(startsWithApp), t.ask(anna, getSecret, key))).toBe('notGranted');
    expect(state(conditional(startsWithApp), t.ask(anna, getSecret, { kind: 'anyObject', collection: 'keys' }))).toBe('notGranted');
    expect(state(conditional('Exists @Resource[Microsoft.KeyVault/vaults/secrets:name]'), t.ask(anna, getSecret, key))).toBe('notGranted');
  });
  test('EA-39: on keys and certificates a condition is judged by what it asks of the action alone', () => {
    const [key, certificate] = ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/certificates/read'];
    const under = (condition: string, action: string) => state(conditional(condition, 'Administrator'), t.ask(anna, action, t.atVault));
    for (const action of [key, certificate]) {
      expect(under(`!(ActionMatches{'${getSecret}'}) OR (${startsWithApp})`, action)).toBe('granted');
      expect(under(`ActionMatches{'${getSecret}'}`, action)).toBe('notGranted');
      expect(under(startsWithApp, action)).toBe('unknown');
      expect(under("@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv1'", action)).toBe('unknown');
      expect(under(`!(ActionMatches{'${action}'}) OR (${startsWithApp})`, action)).toBe('unknown');
    }
  });
  test('EA-5: one assignment without a condition is enough', () => {
    const assignments = [...conditional(startsWithApp).assignments, t.assign(anna, 'Secrets User', t.group)];
    expect(decide({ assignments })).toMatchObject({ state: 'granted', reason: 'GrantedByRBAC', by: [{ scope: t.scope(t.group) }] });
  });
  test('EA-40: a condition that is no condition, or of another version, is never a grant', () => {
    expect(state(conditional('always'))).toBe('unknown');
    const first = t.assign(anna, 'Secrets User', t.vaultId, { condition: "ActionMatches{'*'}", conditionVersion: '1.0' });
    expect(state({ assignments: [first] })).toBe('unknown');
  });
});

describe('a principal', () => {
  test('EA-29: may be a group when any row says so, in whatever order rows come', () => {
    const typed = (principalType: string, at: string) => t.assign(t.id(500), 'Secrets User', at, { principalType });
    const rows = [typed('User', t.vaultId), typed('Group', t.group)];
    for (const assignments of [rows, rows.toReversed()]) expect(state({ assignments })).toBe('unknown');
    expect(state({ assignments: [typed('User', t.vaultId), typed('ServicePrincipal', t.group)] })).toBe('notGranted');
    const twins = ['User', 'Group'].map((type) => ({ id: t.id(500), type }));
    for (const principals of [twins, twins.toReversed()]) {
      expect(state({ assignments: [t.assign(anna, 'Secrets User')], denies: [t.deny(t.vaultId, principals, [getSecret])] })).toBe(
        'unknown',
      );
    }
  });
});

describe('PIM', () => {
  const [lasting] = [t.assign(anna, 'Secrets User')];
  const bounded = (more: Parameters<typeof t.instance>[1]) => ({ assignments: [lasting], active: [t.instance(lasting, more)] });
  test('EA-34: gives access between start and end', () => {
    expect(state(bounded({ endDateTime: '2026-11-25T00:00:00Z' }))).toBe('granted');
    expect(state(bounded({ endDateTime: t.now }))).toBe('notGranted');
    expect(state(bounded({ endDateTime: '2027-01-01T00:00:00Z', startDateTime: '2026-12-01T00:00:00Z' }))).toBe('notGranted');
  });
  test('EA-35: what nobody could read of it leaves open whether an assignment is active at another time than that of the reading', () => {
    for (const facts of [{ activeInstances: unreadable('403') }, { activeInstances: read([]) }]) {
      const tenant = { assignments: [lasting], facts };
      expect(decide(tenant)).toMatchObject({ state: 'unknown', because: [expect.stringContaining('is active at this time')] });
      expect(state(tenant, t.ask(anna, getSecret, t.anySecret, { whenRead: true }))).toBe('granted');
    }
    expect(state({ assignments: [lasting], facts: { activeInstances: read([]), withoutPim: 'no licence' } })).toBe('granted');
    expect(state({ facts: { activeInstances: unreadable('403') } })).toBe('notGranted');
  });
  test('EA-34: eligible is no access, and is named as the nearest', () => {
    const eligible = [t.instance(lasting, {})];
    expect(decide({ eligible })).toMatchObject({
      state: 'notGranted',
      nearest: '`Key Vault Secrets User` at `kv1` is only eligible, which gives no access until activated',
    });
  });
});
