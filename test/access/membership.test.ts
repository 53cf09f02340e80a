import { describe, expect, test } from 'vitest';
import { membershipIn } from '../../src/access/membership.ts';
import type { Guid } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import type { Principal } from '../../src/model/principal.ts';
import * as t from '../builders/a-tenant.ts';
import { decideRbac, judgeVault } from './in-words.ts';

const { anna, app, team, division, getSecret } = t;
const viaTeam = [t.assign(team, 'Secrets User')];
const unresolved: Principal = { kind: 'unresolved', objectId: team, why: { kind: 'directoryUnread', because: '404' } };
const decide = (tenant: t.Tenant) => decideRbac(t.ask(anna, getSecret), t.facts({ assignments: viaTeam, ...tenant }));
/** Why access that comes through the team is not counted on. */
const because = (tenant: t.Tenant, who: Guid = anna) => {
  const requirements = [{ principalId: who, dataActions: [getSecret], alsoByGroups: true as const }];
  const [pair] = judgeVault(t.question({ assignments: viaTeam, members: { [team]: [who] }, ...tenant }, { requirements })).pairs;
  return pair?.because;
};

describe('a group', () => {
  test('EA-29: that the directory was not asked about counts by its members, and so does a member it was not asked about', () => {
    expect(decide({ members: { [team]: [anna] }, principals: [t.user(anna)] }).state).toBe('granted');
    expect(decide({ members: { [team]: [anna] }, principals: [t.aGroup(team)] }).state).toBe('granted');
    expect(because({ principals: [] })).toBe('');
  });
  test('EA-29: whose members nobody read may hold anybody, and the reason is told', () => {
    const words = (shown: string) => ({
      state: 'unknown',
      because: [`the members of \`${shown}\` are not known: they were not asked for`],
    });
    expect(decide({})).toEqual(words('group 11'));
    expect(decide({ principals: [unresolved] })).toEqual(words(team));
    expect(decide({ principals: [] })).toEqual(words(team));
    expect(decide({ principals: [t.aGroup(team, { displayName: '' })] })).toEqual(words(team));
  });
  test('EA-32: that the directory leaves out is one if its members were read, whatever type the assignment states', () => {
    const assignments = [t.assign(team, 'Secrets User', t.vaultId, { principalType: 'Unknown' })];
    expect(decide({ assignments, members: { [team]: [anna] }, principals: [unresolved] })).toEqual({
      state: 'unknown',
      because: [`whether \`${team}\` is a security group is not known: the directory could not be read: 404`],
    });
  });
  test('EA-29: without security leaves its members open, and says so', () => {
    expect(decide({ members: { [team]: [anna] }, principals: [t.aGroup(team, { securityEnabled: false })] })).toEqual({
      state: 'unknown',
      because: ['`group 11` is not a security group, and it is open whether a token carries it'],
    });
  });
  test('EA-37: that is dynamic, or holds a dynamic one, is no firm ground, and says which rule it hangs on', () => {
    const route = 'covered by `Key Vault Secrets User` of `group 11` at `kv1` while the rule of the dynamic group';
    expect(because({ principals: [t.user(anna), t.aGroup(team, { dynamic: true })] })).toBe(`${route} \`group 11\` takes it in`);
    const principals = [t.user(anna), t.aGroup(team), t.aGroup(division, { dynamic: true })];
    expect(because({ principals, members: { [team]: [anna, division], [division]: [anna] } })).toBe(
      `${route} \`group 12\`, nested in \`group 11\`, takes it in`,
    );
  });
  test('EA-31: is no firm ground for a managed identity, and is for a person and an application', () => {
    const asApp = (managed: boolean) => because({ principals: [t.service(app, managed), t.aGroup(team)] }, app);
    expect([asApp(true) === '', asApp(false)]).toEqual([false, '']);
  });
});

describe('who asks with a list of its own groups', () => {
  const dynamic = { principals: [t.user(anna), t.aGroup(team), t.aGroup(division, { dynamic: true })] };
  const inTeam = (groups: readonly Guid[]) =>
    membershipIn(team, 'Group', { principalId: anna, groups: read(groups) }, t.facts({ ...dynamic, members: { [team]: [division] } }));
  test('EA-30, EA-37: is no firm member only through a dynamic group that the list holds', () => {
    expect(inTeam([team])).toEqual({ state: 'member' });
    expect(inTeam([team, division])).toEqual({
      state: 'member',
      passing: { kind: 'dynamicGroupWithin', group: { id: team, name: 'group 11' }, within: { id: division, name: 'group 12' } },
    });
  });
  test('EA-30: is answered by that list each time, not by one given before', () => {
    const facts = t.facts({ assignments: viaTeam });
    const asked = (groups: Parameters<typeof t.ask>[3]) => decideRbac(t.ask(anna, getSecret, t.anySecret, groups), facts).state;
    expect([[team], [], [team]].map((groups) => asked({ groups: read(groups) }))).toEqual(['granted', 'notGranted', 'granted']);
    expect([asked({}), asked({ groups: unreadable('403') }), asked({ groups: read([]) })]).toEqual(['unknown', 'unknown', 'notGranted']);
  });
});
