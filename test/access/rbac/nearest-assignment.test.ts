import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../src/base/reading.ts';
import { describeScope } from '../../../src/words/scope-words.ts';
import * as t from '../../builders/a-tenant.ts';
import { decideRbac } from '../in-words.ts';

const { anna, ben, team, division, getSecret } = t;
const nothing = { state: 'notGranted', because: 'no role assignment gives it', reason: 'DeniedWithNoValidRBAC' };
const decide = (tenant: t.Tenant, request = t.ask(anna, getSecret)) => decideRbac(request, t.facts(tenant));
const nearest = (tenant: t.Tenant, request = t.ask(anna, getSecret)) => {
  const access = decide(tenant, request);
  return access.state === 'notGranted' ? access.nearest : access.state;
};
const custom = t.id(77);
const onSecret = (name: string) => `${t.vaultId}/secrets/${name}`;

describe('a refusal', () => {
  test('EA-8: says so in a sentence, and names nothing where nothing comes near', () => {
    expect(decide({})).toStrictEqual(nothing);
    expect(decide({ assignments: [t.assign(anna, 'Key Vault Reader')] })).toStrictEqual(nothing);
  });
  test('P14: by a deny names a grant only where one would give it for sure', () => {
    const denies = [t.deny(t.vaultId, [anna], [getSecret])];
    const denied = {
      state: 'notGranted',
      because: 'the deny assignment `managed by another` denies it',
      reason: 'DeniedByDenyAssignment',
    };
    expect(decide({ denies })).toStrictEqual(denied);
    expect(decide({ denies, assignments: [t.assign(anna, 'Secrets User', t.vaultId, { condition: 'odd' })] })).toStrictEqual(denied);
  });
  test('EA-28, EA-32: for an id that no token carries, or that nobody knows, says why', () => {
    const as = (principal: object) =>
      decide({ principals: [{ objectId: anna, displayName: '', ...principal } as ReturnType<typeof t.user>] });
    const reason = 'DeniedWithNoValidRBAC';
    expect(as({ kind: 'deleted' })).toEqual({ state: 'notGranted', because: 'the principal is deleted', reason });
    expect(as({ kind: 'application', appId: '' })).toEqual({
      state: 'notGranted',
      because: 'the id is an app registration, which no token carries',
      reason,
    });
    expect(as({ kind: 'unresolved', why: { kind: 'deletedUnread', because: '404' } })).toEqual({
      state: 'unknown',
      because: ['the directory does not say who this is: the directory leaves it out, and its deleted items could not be read: 404'],
    });
  });
});

describe('the nearest assignment', () => {
  test('EA-34: one whose time is over or has not come is named, and is no matter of conditions', () => {
    const row = t.assign(anna, 'Secrets User');
    expect(decide({ assignments: [row], active: [t.instance(row, { endDateTime: t.now })] })).toStrictEqual({
      ...nothing,
      nearest: '`Key Vault Secrets User` at `kv1` is not active at this time',
    });
  });
  test('of several that say no here and now is the first by name', () => {
    const under = (role: string) => t.assign(anna, role, t.vaultId, { condition: "ActionMatches{'nothing'}" });
    const first = 'the condition on `Key Vault Administrator` at `kv1` is not met';
    expect(nearest({ assignments: [under('Secrets User'), under('Administrator')] })).toBe(first);
    expect(nearest({ assignments: [under('Administrator'), under('Secrets User')] })).toBe(first);
  });
  test('P12: those on single objects are counted, the first of them named', () => {
    const assignments = ['two', 'one', 'three'].map((name) => t.assign(anna, 'Secrets User', onSecret(name)));
    expect(nearest({ assignments })).toBe('`Key Vault Secrets User` on `secrets/one` and 2 like it reach those objects alone');
  });
  test('P12: is none on an object by a role that gives something else, that nobody can open, or through a group nobody knows', () => {
    for (const role of ['Key Vault Reader', custom])
      expect(nearest({ assignments: [t.assign(anna, role, onSecret('one'))] })).toBeUndefined();
    const members = { [team]: unreadable('403') };
    expect(nearest({ members, assignments: [t.assign(team, 'Secrets User', onSecret('one'))] })).toBeUndefined();
  });
  test('EA-4: names the list that takes the action out again, on either plane', () => {
    const write = 'Microsoft.Authorization/roleAssignments/write';
    expect(nearest({ assignments: [t.assign(anna, 'Contributor')] }, t.ask(anna, write, t.atVault, { plane: 'control' }))).toBe(
      '`Contributor` at `kv1` takes it out again by notActions',
    );
    const blocks = [{ dataActions: ['*'], notDataActions: [getSecret] }, { dataActions: [t.readMetadata] }];
    expect(nearest({ roles: [t.role(custom, blocks)], assignments: [t.assign(anna, custom)] })).toBe(
      '`role 77` at `kv1` takes it out again by notDataActions',
    );
  });
  test('EA-7: an action named on the control plane, by any block, is named as such; one named on the data plane alone is not near', () => {
    const roles = [t.role(custom, [{ actions: ['Microsoft.Storage/*'] }, { actions: ['*'] }])];
    const assignments = [t.assign(anna, custom)];
    expect(nearest({ roles, assignments })).toBe('`role 77` at `kv1` names it for the control plane only');
    const data = { roles: [t.role(custom, [{ dataActions: ['*'] }])], assignments };
    expect(nearest(data, t.ask(anna, getSecret, t.atVault, { plane: 'control' }))).toBeUndefined();
  });
  test('of several that name it in vain is the first by name, and never one through a group nobody knows', () => {
    const taking = (id: typeof custom) => t.role(id, [{ dataActions: ['*'], notDataActions: [getSecret] }]);
    const roles = [taking(t.id(78)), taking(custom)];
    const inVain = (who: typeof anna) => [t.assign(who, t.id(78)), t.assign(who, custom)];
    expect(nearest({ roles, assignments: inVain(anna) })).toBe('`role 77` at `kv1` takes it out again by notDataActions');
    expect(nearest({ roles, assignments: inVain(team), members: { [team]: unreadable('403') } })).toBeUndefined();
  });
  test('EA-34: one that may be activated is named only where it would give the action, here, to the principal', () => {
    const eligible = (who: typeof anna, role: string, at?: string) => t.instance(t.assign(who, role, at), {});
    const waiting = (role: string, where: string) => `\`${role}\` ${where} is only eligible, which gives no access until activated`;
    const secretsUser = waiting('Key Vault Secrets User', 'at the subscription');
    expect(nearest({ eligible: [eligible(anna, 'Secrets User', t.subscription)] })).toBe(secretsUser);
    expect(nearest({ eligible: [eligible(team, 'Secrets User', t.subscription)], members: { [team]: [anna] } })).toBe(
      waiting('Key Vault Secrets User', 'of `group 11` at the subscription'),
    );
    const several = [eligible(anna, 'Secrets User', t.subscription), eligible(anna, 'Administrator')];
    expect(nearest({ eligible: several })).toBe(waiting('Key Vault Administrator', 'at `kv1`'));
    for (const one of [
      eligible(ben, 'Secrets User'),
      eligible(anna, 'Secrets User', `${t.vaultId}0`),
      eligible(anna, 'Key Vault Reader'),
      eligible(anna, custom),
    ])
      expect(nearest({ eligible: [one] })).toBeUndefined();
    const unknownGroup = { eligible: [eligible(team, 'Secrets User')], members: { [team]: unreadable('403') } };
    expect(nearest({ ...unknownGroup, assignments: [t.assign(team, 'Key Vault Reader')] })).toBeUndefined();
  });
});

describe('an assignment in a sentence', () => {
  test.each([
    ['/', 'at the root'],
    ['/providers/Microsoft.Management/managementGroups/mg-corp', 'at the management group `mg-corp`'],
    [t.subscription, 'at the subscription'],
    [t.group, 'at the resource group `rg-app`'],
    [t.vaultId, 'at `kv1`'],
    [onSecret('one'), 'on `secrets/one`'],
  ])('EA-13: tells the scope %s as a level and a name', (at, words) => {
    expect(describeScope(t.scope(at))).toBe(words);
  });
  test('names the group it goes through, by its id where the directory gives no name', () => {
    const dormant = (who: typeof anna, more: t.Tenant) => {
      const assignment = t.assign(who, 'Secrets User', t.vaultId, { condition: "ActionMatches{'nothing'}", principalType: 'Group' });
      return nearest({ assignments: [assignment], members: { [who]: [anna] }, ...more });
    };
    const of = (name: string) => `the condition on \`Key Vault Secrets User\`${name} at \`kv1\` is not met`;
    expect(dormant(division, {})).toBe(of(' of `group 12`'));
    expect(dormant(division, { principals: [t.user(anna), t.aGroup(division, { displayName: '' })] })).toBe(of(` of \`${division}\``));
    expect(dormant(division, { principals: [t.user(anna)] })).toBe(of(''));
  });
  test('names a role without a name by its id', () => {
    const roles = [t.role(custom, [{ dataActions: ['*'], notDataActions: [getSecret] }], 'CustomRole', '')];
    expect(nearest({ roles, assignments: [t.assign(anna, custom)] })).toBe(`\`${custom}\` at \`kv1\` takes it out again by notDataActions`);
  });
});
