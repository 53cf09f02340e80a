import { describe, expect, test } from 'vitest';
import { everyone } from '../../../src/base/guid.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { read, unreadable } from '../../../src/base/reading.ts';
import type { DenyAssignment } from '../../../src/model/deny-assignment.ts';
import * as t from '../../builders/a-tenant.ts';
import { decideRbac, judgeVault } from '../in-words.ts';

const { anna, ben, app, team, division, getSecret } = t;
const named = (name: string, more: JsonObject = {}) => ({ denyAssignmentName: name, ...more });
const aGroup = (id: string) => ({ id, type: 'Group' });
const aUser = (id: string) => ({ id, type: 'User' });
const sparing = (...excludePrincipals: readonly JsonObject[]) => named('D', { excludePrincipals });

/** What becomes of a read of any secret by one who holds the role for it. */
function verdict(denies: readonly DenyAssignment[], tenant: t.Tenant = {}, asker = anna, more: Parameters<typeof t.ask>[3] = {}) {
  const assignments = [t.assign(asker, 'Secrets User')];
  const access = decideRbac(t.ask(asker, getSecret, t.anySecret, more), t.facts({ assignments, ...tenant, denies }));
  return access.state === 'granted' ? 'granted' : `${access.state}: ${[access.because].flat().join(' | ')}`;
}
/** The same for a group: what a deny does to the team as a whole. */
const forTeam = (denies: readonly DenyAssignment[], members: t.Tenant['members'] & object = {}, more: Parameters<typeof t.ask>[3] = {}) =>
  verdict(denies, { members }, team, more);

/** The same as coverage after a flip. */
function pair(denies: readonly DenyAssignment[], who = anna, members: t.Tenant['members'] & object = {}) {
  const tenant = { assignments: [t.assign(who, 'Secrets User')], denies, members };
  const [found] = judgeVault(t.question(tenant, { requirements: [{ principalId: who, dataActions: [getSecret] }] })).pairs;
  return `${found?.state}: ${found?.because}`;
}

describe('of several deny assignments', () => {
  const certain = t.deny(t.subscription, [anna], [getSecret], named('C'));
  const conditional = (name: string) => t.deny(t.vaultId, [anna], [getSecret], named(name, { condition: 'odd' }));
  const unread = t.deny(t.vaultId, ['S-1-5-21'], [getSecret], named('A'));

  test('EA-2, EA-25: the surest decides, wherever it stands', () => {
    expect(verdict([conditional('B'), unread, certain])).toBe('notGranted: the deny assignment `C` denies it');
  });
  test('EA-25: those that cannot be judged are all named, the surer first, then by name', () => {
    expect(verdict([unread, conditional('Z'), conditional('Y')])).toBe(
      'unknown: the deny assignment `Y` may deny it: its condition cannot be judged | ' +
        'the deny assignment `Z` may deny it: its condition cannot be judged | ' +
        'the deny assignment `A` names a principal by an id that is not a GUID',
    );
  });
  test('EA-27: one on a condition is told before one on members of the group that asks, and that before one nobody can read', () => {
    const onAnna = t.deny(t.group, [aUser(anna)], [getSecret], named('B'));
    const onTeam = t.deny(t.subscription, [aGroup(team)], [getSecret], named('C', { condition: 'odd' }));
    expect(forTeam([unread, onAnna, onTeam], { [team]: [anna] })).toBe(
      'unknown: the deny assignment `C` may deny it: its condition cannot be judged | ' +
        'the deny assignment `B` denies it to members of the group | ' +
        'the deny assignment `A` names a principal by an id that is not a GUID',
    );
  });
  test('EA-25: coverage is uncovered by one that may deny, and open only where a fact is missing', () => {
    expect(pair([unread])).toBe('unknown: the deny assignment `A` names a principal by an id that is not a GUID');
    expect(pair([unread, conditional('Z')])).toBe(
      'uncovered: the deny assignment `Z` may deny it: its condition cannot be judged; `Key Vault Secrets User` at `kv1` would give it',
    );
  });
  test('one without a name is told by its id', () => {
    const nameless = t.deny(t.vaultId, [anna], [getSecret], named(''));
    expect(verdict([nameless])).toBe(`notGranted: the deny assignment \`${nameless.id}\` denies it`);
  });
  test('EA-25: the list that could not be read is named beside a grant', () => {
    const unreadList = { facts: { denyAssignments: unreadable('403') }, assignments: [t.assign(anna, 'Secrets User')] };
    const decide = (tenant: t.Tenant) => decideRbac(t.ask(anna, getSecret), t.facts(tenant));
    const because = ['deny assignments could not be read: 403'];
    expect(decide(unreadList)).toEqual({ state: 'unknown', because });
    const neither = { denyAssignments: unreadable('403'), roleAssignments: unreadable('500') };
    expect(decide({ facts: neither })).toEqual({ state: 'unknown', because: [...because, 'role assignments could not be read: 500'] });
  });
});

describe('the condition on a deny assignment', () => {
  const onVault = (name: string) => `@Resource[Microsoft.KeyVault/vaults:name] StringEquals '${name}'`;
  const odd = 'odd';
  test.each([
    ['both true', onVault('kv1'), onVault('kv1'), 'notGranted'],
    ['the whole false, the block not to be judged', onVault('kv2'), odd, 'granted'],
    ['the block false, the whole not to be judged', odd, onVault('kv2'), 'granted'],
    ['the block true, the whole not to be judged', odd, onVault('kv1'), 'unknown'],
    ['the whole true, the block not to be judged', onVault('kv1'), odd, 'unknown'],
  ])('EA-25: and that on its block have both to be true: %s', (_, condition, ofBlock, state) => {
    const permissions = [{ dataActions: [getSecret], condition: ofBlock }];
    expect(verdict([t.deny(t.vaultId, [anna], [], { condition, permissions })])).toMatch(new RegExp(`^${state}`));
  });
  test('EA-25: of two blocks that name the action, one whose condition is true is enough', () => {
    const permissions = [onVault('kv2'), onVault('kv1')].map((condition) => ({ dataActions: [getSecret], condition }));
    expect(verdict([t.deny(t.vaultId, [anna], [], { permissions })])).toMatch(/^notGranted/);
    expect(verdict([t.deny(t.vaultId, [anna], [], { permissions: permissions.slice(0, 1) })])).toBe('granted');
  });
});

describe('whom a deny assignment is meant for', () => {
  const stranger = t.id(500);
  test('EA-22: an id that the directory does not know may be a group, unless the deny says that it is a user', () => {
    const on = (principal: JsonObject) => verdict([t.deny(t.vaultId, [principal], [getSecret], named('D'))]);
    const open = `unknown: the deny assignment \`D\` may concern it: the members of \`${stranger}\` are not known: they were not asked for`;
    expect(on({ id: stranger, type: 'User' })).toBe('granted');
    expect(on({ id: stranger.toUpperCase(), type: 'Group' })).toBe(open);
    expect(on({ id: stranger })).toBe(open);
  });
  test('EA-22: an exclusion through a group is open, and says so', () => {
    const members = { [team]: [anna] };
    expect(pair([t.deny(t.vaultId, [everyone], [getSecret], sparing(aGroup(team)))], anna, members)).toMatch(/^unknown: /);
    expect(verdict([t.deny(t.vaultId, [everyone], [getSecret], sparing(aGroup(team)))], { members })).toBe(
      'unknown: the deny assignment `D` takes out a group of the principal, and whether that counts is open',
    );
  });
  test('EA-22: one for others changes nothing, whomever it spares', () => {
    const spares = sparing(aGroup(team), aGroup(division));
    const members = { [team]: [anna], [division]: unreadable('403') };
    expect(verdict([t.deny(t.vaultId, [aUser(ben)], [getSecret], spares)], { members })).toBe('granted');
  });
  test('EA-22: whether it is meant for the principal is told before whether it spares him', () => {
    const members = { [team]: [anna], [division]: unreadable('403') };
    expect(verdict([t.deny(t.vaultId, [aGroup(division)], [getSecret], sparing(aGroup(team)))], { members })).toBe(
      'unknown: the deny assignment `D` may concern it: the members of `group 12` are not known: 403',
    );
  });
  test('EA-22: a group that cannot be told to be spared leaves it open', () => {
    expect(verdict([t.deny(t.vaultId, [everyone], [getSecret], sparing(aGroup(team)))], { members: { [team]: unreadable('403') } })).toBe(
      'unknown: the deny assignment `D` may concern it: the members of `group 11` are not known: 403',
    );
  });
});

describe('a deny assignment and the group that asks', () => {
  const onAnna = (more: JsonObject = {}) => t.deny(t.vaultId, [aUser(anna)], [getSecret], named('D', more));
  const onEveryone = (more: JsonObject) => t.deny(t.vaultId, [everyone], [getSecret], more);

  test('EA-27: whose members are not known may be meant, and the reason is told', () => {
    const open = 'unknown: the deny assignment `D` may concern members of the group: `group 11`: ';
    expect(pair([onAnna()], team)).toMatch(/^unknown: /);
    expect(pair([onAnna()], team, { [team]: [anna] })).toMatch(/^uncovered: /);
    expect(forTeam([onAnna()])).toBe(`${open}its members were not asked for`);
    expect(forTeam([onAnna()], { [team]: unreadable('403') })).toBe(`${open}403`);
  });
  test('EA-22: a member that is named and taken out again is not denied anything', () => {
    expect(forTeam([onAnna({ excludePrincipals: [aUser(anna)] })], { [team]: [anna] })).toBe('granted');
  });
  test('EA-22: nobody spared, everybody denied: whoever is in the group', () => {
    expect(forTeam([onEveryone(named('D'))])).toBe('notGranted: the deny assignment `D` denies it');
  });
  test('EA-27: members by whom two groups overlap are enough, however many are in one alone', () => {
    const onDivision = t.deny(t.vaultId, [aGroup(division)], [getSecret], named('D'));
    const denied = 'unknown: the deny assignment `D` denies it to members of the group';
    expect(forTeam([onDivision], { [team]: [anna, ben], [division]: [app, ben] })).toBe(denied);
    expect(forTeam([onDivision], { [team]: [anna], [division]: [app, ben, anna] })).toBe(denied);
    expect(forTeam([onDivision], { [team]: [app, ben, anna], [division]: [anna] })).toBe(denied);
    expect(forTeam([onDivision], { [team]: [app, ben], [division]: [anna] })).toBe('granted');
  });
  test('EA-22: that spares members by name denies it to the rest, also where some are named besides', () => {
    const members = { [team]: [anna, ben] };
    expect(forTeam([onEveryone(sparing(aUser(anna)))], members)).toBe(
      'unknown: the deny assignment `D` denies it, but spares members of the group',
    );
    expect(forTeam([onEveryone(sparing(aUser(anna)))])).toBe(
      'unknown: the deny assignment `D` denies it, but may spare members of the group: `group 11`: its members were not asked for',
    );
    expect(forTeam([onEveryone(sparing(aUser(t.id(500))))], members)).toBe('notGranted: the deny assignment `D` denies it');
    expect(forTeam([onAnna({ excludePrincipals: [aUser(ben)] })], members)).toBe(
      'unknown: the deny assignment `D` denies it to members of the group',
    );
  });
  test('EA-30: that is told by its own groups is open where a named group is not known, and denied where a member is', () => {
    const groups = { groups: read([]) };
    const on = (...principals: readonly JsonObject[]) => [t.deny(t.vaultId, principals, [getSecret], named('D'))];
    const open = 'unknown: the deny assignment `D` may concern members of the group: ';
    expect(forTeam(on(aUser(ben), aGroup(division)), { [team]: [anna] }, groups)).toBe(
      `${open}\`group 12\`: its members were not asked for`,
    );
    expect(forTeam(on(aUser(ben), aGroup(division)), { [team]: [anna], [division]: unreadable('403') }, groups)).toBe(
      `${open}\`group 12\`: 403`,
    );
    expect(forTeam(on({ id: t.id(500), type: 'Unknown' }), { [team]: [anna], [t.id(500)]: unreadable('403') }, groups)).toBe(
      `${open}\`${t.id(500)}\`: 403`,
    );
    expect(forTeam(on(aGroup(division), aUser(anna)), { [team]: [anna] }, groups)).toBe(
      'unknown: the deny assignment `D` denies it to members of the group',
    );
    expect(forTeam(on({ id: t.id(500), type: 'User' }), { [team]: [anna] }, groups)).toBe('granted');
    expect(forTeam(on({ id: t.id(500) }), { [team]: [anna] }, groups)).toBe(`${open}\`${t.id(500)}\`: its members were not asked for`);
  });
});

describe('a gain', () => {
  const gains = (denies: readonly DenyAssignment[], tenant: t.Tenant = {}) =>
    judgeVault(t.question({ assignments: [t.assign(ben, 'Secrets User')], ...tenant, denies })).gains.map(({ certain }) => certain);
  const by = (...principals: readonly JsonObject[]) => [t.deny(t.vaultId, principals, ['*'])];
  const dynamic = { principals: [t.user(ben), t.aGroup(team), t.aGroup(division, { dynamic: true })] };

  test('EA-25: is taken away by a deny on the principal himself, or on a firm group of his', () => {
    expect(gains(by(aUser(ben)))).toEqual([]);
    expect(gains(by(aGroup(team)), { members: { [team]: [ben] } })).toEqual([]);
  });
  test('EA-37: is still possible by a deny through a dynamic group alone, and gone with a firm one beside it', () => {
    const members = { [team]: [ben], [division]: [ben] };
    expect(gains(by(aGroup(division)), { ...dynamic, members })).toEqual([false]);
    expect(gains(by(aGroup(division), aGroup(team)), { ...dynamic, members })).toEqual([]);
  });
});
