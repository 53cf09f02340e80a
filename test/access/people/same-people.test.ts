import { describe, expect, test } from 'vitest';
import { samePeople } from '../../../src/access/people/same-people.ts';
import type { Guid } from '../../../src/base/guid.ts';
import { unreadable } from '../../../src/base/reading.ts';
import type { Principal } from '../../../src/model/principal.ts';
import * as t from '../../builders/a-tenant.ts';

const { team, division } = t;
/** Two that nothing names by themselves. */
const [one, two] = [t.id(601), t.id(602)];
const viaGroups = [team, division].map((group) => t.assign(group, 'Secrets User'));
const both = { [team]: [one, two], [division]: [one, two] };

/** Whether the two need not be judged apart. */
function alike(tenant: t.Tenant, more: Parameters<typeof t.question>[1] = {}): boolean {
  const question = t.question({ assignments: viaGroups, members: both, ...tenant }, more);
  const keyOf = samePeople(question, t.facts({ assignments: viaGroups, members: both, ...tenant }));
  return keyOf(one) === keyOf(two);
}

describe('two principals are judged as one', () => {
  test('EA-29: that are in the same groups, as far as groups matter at the vault', () => {
    expect(alike({})).toBe(true);
    expect(alike({ members: { ...both, [t.id(13)]: [one] } })).toBe(true);
    expect(alike({ members: { ...both, [team]: [one] } })).toBe(false);
    expect(alike({ members: { [team]: [one], [division]: [two] } })).toBe(false);
    expect(alike({ members: {} })).toBe(true);
    expect(alike({ members: { [team]: unreadable('403'), [division]: [one] } })).toBe(false);
  });
  test('EA-29: groups matter that policies, planned assignments, deny assignments or roles to be activated name', () => {
    const none = { assignments: [], members: { [team]: [one] } };
    const onTeam = t.assign(team, 'Secrets User');
    const aGroup = { id: team, type: 'Group' };
    expect(alike(none)).toBe(true);
    expect(alike(none, { vault: t.vault([{ objectId: team, permissions: { secrets: ['get'] } }]) })).toBe(false);
    expect(alike(none, { vault: t.vault([{ objectId: 'odd', permissions: { secrets: ['get'] } }]) })).toBe(true);
    expect(alike(none, { planned: [{ ...onTeam, principalType: 'Group' }] })).toBe(false);
    expect(alike({ ...none, eligible: [t.instance(onTeam, {})] })).toBe(false);
    expect(alike({ ...none, denies: [t.deny(t.vaultId, [aGroup], ['*'])] })).toBe(false);
    expect(alike({ ...none, denies: [t.deny(t.group, [t.ben], ['*'], { excludePrincipals: [aGroup] })] })).toBe(false);
    expect(alike({ ...none, denies: [t.deny(`${t.vaultId}/secrets/one`, [aGroup], ['*'])] })).toBe(false);
    expect(alike({ ...none, assignments: [t.assign(team, 'Secrets User', `${t.vaultId}/secrets/one`)] })).toBe(false);
    expect(alike({ ...none, assignments: [t.assign(team, 'Secrets User', `${t.vaultId}0`)] })).toBe(true);
  });
  test('EA-37: and in the same dynamic groups inside those', () => {
    const principals = [t.aGroup(team), t.aGroup(division, { dynamic: true })];
    const within = (inDivision: readonly Guid[]) => ({
      principals,
      assignments: viaGroups.slice(0, 1),
      members: { [team]: [one, two, division], [division]: inDivision },
    });
    expect([alike(within([one])), alike(within([one, two])), alike(within([]))]).toEqual([false, true, true]);
  });
  test.each<[string, readonly Principal[], boolean]>([
    ['a user and a user', [t.user(one), t.user(two)], true],
    ['a user and a guest', [t.user(one), { ...t.user(two), guest: true } as Principal], true],
    ['a user and an application', [t.user(one), t.service(two)], false],
    ['two applications', [t.service(one), t.service(two)], true],
    ['two managed identities', [t.service(one, true), t.service(two, true)], true],
    ['an application and a managed identity', [t.service(one), t.service(two, true)], false],
    ['a user and one whom nobody knows', [t.user(one)], false],
  ])('EA-31: %s: %j', (_, principals, answer) => {
    expect(alike({ principals })).toBe(answer);
  });
  test('EA-32: that the directory leaves out for the same reason', () => {
    const leftOut = (because: string) =>
      [one, two].map((objectId, i): Principal => {
        return { kind: 'unresolved', objectId, why: { kind: 'deletedUnread', because: i === 0 ? because : '404' } };
      });
    expect([alike({ principals: leftOut('404') }), alike({ principals: leftOut('403') })]).toEqual([true, false]);
    expect(alike({ principals: leftOut('404').slice(0, 1) })).toBe(false);
  });
  test('unless something near the vault names one of them by himself', () => {
    const assignments = [...viaGroups, t.assign(one, 'Reader', t.subscription)];
    expect(alike({ assignments })).toBe(false);
    expect(alike({ denies: [t.deny(t.vaultId, [t.ben], ['*'], { excludePrincipals: [{ id: two, type: 'User' }] })] })).toBe(false);
    expect(alike({ eligible: [t.instance(t.assign(two, 'Reader'), {})] })).toBe(false);
    expect(alike({}, { planned: [t.assign(one, 'Reader')] })).toBe(false);
    expect(alike({}, { vault: t.vault([{ objectId: two, permissions: { secrets: ['get'] } }]) })).toBe(false);
    expect(alike({ assignments: [...viaGroups, t.assign(one, 'Reader', `${t.vaultId}0`)] })).toBe(true);
  });
});
