import { describe, expect, test } from 'vitest';
import type { VaultQuestion } from '../../../src/access/vault-question.ts';
import { read, unreadable } from '../../../src/base/reading.ts';
import * as t from '../../builders/a-tenant.ts';
import { judgeVault } from '../in-words.ts';

const { anna, ben, team, getSecret, readMetadata } = t;
const requirements = [{ principalId: anna, dataActions: [getSecret], alsoByGroups: true as const }];
const pairs = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
  judgeVault(t.question(tenant, { requirements, ...more })).pairs.map(({ state, because, by }) => ({ state, because, by }));

describe('what is not covered', () => {
  test('EA-37: says so, and names no way that would not last', () => {
    expect(pairs({})).toEqual([{ state: 'uncovered', because: 'no role assignment gives it', by: [] }]);
    const row = t.assign(anna, 'Secrets User');
    const active = [t.instance(row, { endDateTime: '2026-11-25T00:00:00Z' })];
    expect(pairs({ assignments: [row], active }).map((pair) => pair.by)).toEqual([[]]);
    expect(pairs({ assignments: [row], facts: { activeInstances: unreadable('403') } })).toEqual([
      { state: 'unknown', because: 'whether `Key Vault Secrets User` at `kv1` has an end could not be read: 403', by: [] },
    ]);
  });
  test('EA-37: tells every shortfall once, sorted', () => {
    const under = (role: string) => t.assign(anna, role, t.vaultId, { condition: 'odd' });
    const [{ because } = { because: '' }] = pairs({ assignments: [under('Secrets User'), under('Administrator'), under('Administrator')] });
    expect(because).toBe(
      'the condition on `Key Vault Administrator` at `kv1` cannot be judged; the condition on `Key Vault Secrets User` at `kv1` cannot be judged',
    );
  });
  test('EA-37: tells only what is open where something is, for that may settle it', () => {
    const under = t.assign(anna, 'Administrator', t.vaultId, { condition: 'odd' });
    expect(pairs({ assignments: [under, t.assign(team, 'Secrets User')] })).toEqual([
      { state: 'unknown', because: 'the members of `group 11` are not known: they were not asked for', by: [] },
    ]);
    expect(pairs({ assignments: [under], facts: { roleAssignments: unreadable('403') } })).toEqual([
      { state: 'unknown', because: 'role assignments could not be read: 403', by: [] },
    ]);
  });
  test('P14: names a grant that a deny beats only where it would give it for sure', () => {
    const assignments = [t.assign(anna, 'Secrets User', t.vaultId, { condition: 'odd' })];
    expect(pairs({ assignments, denies: [t.deny(t.vaultId, [anna], [getSecret])] })).toEqual([
      { state: 'uncovered', because: 'the deny assignment `managed by another` denies it', by: [] },
    ]);
  });
});

describe('what is covered', () => {
  test('EA-5: names every lasting way, sorted by assignment, each once, and none that does not last', () => {
    const rows = [t.assign(team, 'Administrator', t.group), t.assign(anna, 'Secrets User'), t.assign(anna, 'Certificate User')];
    const ending = t.assign(anna, 'Secrets Officer');
    const members = { [team]: [anna] };
    const active = [t.instance(ending, { endDateTime: '2026-11-25T00:00:00Z' })];
    const by = rows.map(({ id, roleDefinitionId, scope, principalId }) => {
      return { assignmentId: id, roleDefinitionId, scope, ...(principalId === team && { throughGroup: team }) };
    });
    const covered = [{ state: 'covered', because: '', by }];
    const listed = [...rows, ending];
    expect(pairs({ assignments: listed, members, active })).toStrictEqual(covered);
    expect(pairs({ assignments: listed.toReversed(), members, active })).toStrictEqual(covered);
    expect(pairs({ assignments: [...listed, ...listed], members, active })).toStrictEqual(covered);
    const two = rows.slice(1).toReversed();
    expect(pairs({ assignments: two }).map((pair) => pair.by)).toEqual([by.slice(1)]);
  });
  test('EA-37: is so by an assignment of unknown age only where no age is asked for', () => {
    const assignments = [t.assign(anna, 'Secrets User', t.vaultId, { createdOn: null, updatedOn: null })];
    const states = [undefined, 0, 1].map((minimumAgeMinutes) =>
      pairs({ assignments }, minimumAgeMinutes === undefined ? {} : { minimumAgeMinutes }).map((pair) => pair.state),
    );
    expect(states).toEqual([['covered'], ['covered'], ['uncovered']]);
  });
  test('EA-35: is so for good only where the instance that stands behind the assignment, by whatever spelling of its id, lasts', () => {
    const ends = { endDateTime: '2026-11-25T00:00:00Z' };
    const [first, second] = [t.assign(anna, 'Secrets User'), t.assign(anna, 'Secrets User')];
    const behind = (originRoleAssignmentId: string) => [t.instance(first, { ...ends, originRoleAssignmentId })];
    for (const spelled of [first.id, first.id.toUpperCase(), first.id.slice(1), `${first.id}/`])
      expect(pairs({ assignments: [first], active: behind(spelled) }).map((pair) => pair.state)).toEqual(['uncovered']);
    // An instance of the same role at the same place for the same principal speaks of it, whichever assignment it names.
    expect(pairs({ assignments: [first], active: behind(second.id) }).map((pair) => pair.state)).toEqual(['uncovered']);
    const odd = { ...first, id: 'Odd' };
    expect(pairs({ assignments: [odd], active: behind(' oDD ') }).map((pair) => pair.state)).toEqual(['uncovered']);
  });
  test('EA-35: is not known to be so for good where PIM lists no instance for the assignment, as it does for every other', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    const asked = (facts: t.Tenant['facts']) => pairs({ assignments, facts: { activeInstances: read([]), ...facts } })[0];
    expect(asked({})).toMatchObject({ state: 'unknown', because: expect.stringContaining('but `Key Vault Secrets User`') as string });
    // A tenant without PIM has no instances, and no ends.
    expect(asked({ withoutPim: 'no licence' })?.state).toBe('covered');
  });
  test('EA-35: is not known where PIM names a condition on it that the assignment does not name', () => {
    const one = t.assign(anna, 'Secrets User');
    const [pair] = pairs({ assignments: [one], active: [t.instance(one, { condition: 'c', conditionVersion: '2.0' })] });
    expect(pair).toMatchObject({ state: 'unknown', because: expect.stringContaining('condition') as string });
  });
});

describe('the pairs', () => {
  const resources = (tenant: t.Tenant, who = anna) => {
    const wanted = [{ principalId: who, dataActions: [readMetadata, ` ${getSecret.toUpperCase()} `, getSecret] }];
    return judgeVault(t.question(tenant, { requirements: wanted })).pairs.map(
      ({ dataAction, resource }) => `${dataAction.split('/').at(3)} ${resource.kind === 'object' ? resource.name : resource.kind}`,
    );
  };
  test('EA-14: are sorted by action and resource, and an action is known in any spelling', () => {
    expect(resources({})).toEqual(['getSecret anyObject', 'readMetadata vault', 'readMetadata anyObject']);
  });
  test('P12: ask by name for an object where the principal holds something through a group, not for one where another does', () => {
    const at = `${t.vaultId}/secrets/one`;
    const named = ['getSecret anyObject', 'getSecret one', 'readMetadata vault', 'readMetadata anyObject', 'readMetadata one'];
    const viaTeam = { assignments: [t.assign(team, 'Secrets User', at), t.assign(ben, 'Reader', at)], members: { [team]: [anna] } };
    expect(resources(viaTeam)).toEqual(named);
    expect(resources({ assignments: [t.assign(ben, 'Secrets User', at)] })).not.toContain('getSecret one');
    expect(resources({ assignments: [t.assign(anna, 'Secrets User', `${at}/0123`)] })).not.toContain('getSecret one');
  });
});

describe('what a pair lacks', () => {
  const row = (more: object = {}) => t.assign(anna, 'Secrets User', t.vaultId, { ...more });
  const [young, conditional] = [row({ createdOn: t.now, updatedOn: t.now }), row({ condition: 'odd' })];
  const ends = { endDateTime: '2026-11-25T00:00:00Z' };
  const planned = [{ ...row(), principalType: 'User' }];
  const lack = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
    judgeVault(t.question(tenant, { requirements, minimumAgeMinutes: 15, ...more })).pairs[0]?.lack;
  const unresolved = { kind: 'unresolved', objectId: anna, why: { kind: 'deletedUnread', because: '404' } } as const;
  const deleted = { kind: 'deleted', objectId: anna, displayName: '' } as const;
  const lasting = row();

  test('EA-37: is told apart by what would mend it', () => {
    expect(lack({ assignments: [lasting] })).toBeUndefined();
    expect(lack({})).toBe('assignment');
    expect(lack({ assignments: [conditional] })).toBe('assignment');
    expect(lack({ assignments: [lasting], active: [t.instance(lasting, ends)] })).toBe('assignment');
    const dynamic = { principals: [t.user(anna), t.aGroup(team, { dynamic: true })], members: { [team]: [anna] } };
    expect(lack({ assignments: [t.assign(team, 'Secrets User')], ...dynamic })).toBe('assignment');
    const throughTeam = { assignments: [t.assign(team, 'Secrets User')], members: { [team]: [anna] } };
    expect(lack(throughTeam, { requirements: [{ principalId: anna, dataActions: [getSecret] }] })).toBe('decision');
    expect(lack({}, { planned })).toBe('making');
    expect(lack({ assignments: [young] })).toBe('age');
    expect(lack({ assignments: [lasting], denies: [t.deny(t.vaultId, [anna], [getSecret])] })).toBe('denied');
    for (const one of [unresolved, deleted]) expect(lack({ assignments: [lasting], principals: [one] })).toBe('principal');
  });
  test('EA-37: is a fact where a list, a role, an end or a membership could not be read', () => {
    expect(lack({ facts: { roleAssignments: unreadable('403') } })).toBe('fact');
    expect(lack({ assignments: [lasting], facts: { denyAssignments: unreadable('403') } })).toBe('fact');
    expect(lack({ assignments: [lasting], facts: { activeInstances: unreadable('403') } })).toBe('fact');
    expect(lack({ assignments: [t.assign(anna, t.id(77))] })).toBe('fact');
    expect(lack({ assignments: [t.assign(team, 'Secrets User')] })).toBe('fact');
  });
  test('EA-37: is of several ways that fall short what is mended most easily: time, then the plan, then an assignment', () => {
    expect(lack({ assignments: [conditional, young] }, { planned: [] })).toBe('age');
    const other = [{ ...planned[0], id: `${t.vaultId}/planned`, roleDefinitionId: t.roleId('Administrator') }] as typeof planned;
    expect(lack({ assignments: [conditional] }, { planned: other })).toBe('making');
    expect(lack({ assignments: [young] }, { planned: other })).toBe('age');
    const unreadRole = t.assign(anna, t.id(77));
    const dynamic = { principals: [t.user(anna), t.aGroup(team, { dynamic: true })], members: { [team]: [anna] } };
    expect(lack({ assignments: [unreadRole, t.assign(team, 'Secrets User')], ...dynamic })).toBe('assignment');
    expect(lack({ assignments: [conditional], facts: { roleDefinitions: unreadable('403') } })).toBe('assignment');
  });
});
