import { describe, expect, test } from 'vitest';
import type { PlannedAssignment, VaultQuestion } from '../../../src/access/vault-question.ts';
import { everyone, type Guid } from '../../../src/base/guid.ts';
import { unreadable } from '../../../src/base/reading.ts';
import { shortAction } from '../../../src/model/data-action.ts';
import * as t from '../../builders/a-tenant.ts';
import { judgeVault } from '../in-words.ts';

const { anna, ben, team, getSecret } = t;
const secretsUser = 'secrets/getSecret secrets/readMetadata';
const certificateUser = `certificates/read keys/read ${secretsUser}`;

function planned(principalId: Guid, role: string, at: string = t.vaultId, name = t.id(800)): PlannedAssignment {
  const id = `${at}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  return { id, scope: t.scope(at), roleDefinitionId: t.roleId(role), principalId, principalType: 'User' };
}

/** Gains as `01 plan perhaps secrets/getSecret`. */
const gains = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
  judgeVault(t.question(tenant, more)).gains.map(
    ({ principalId, cause, certain, dataActions }) =>
      `${principalId.slice(-2)} ${cause} ${certain ? '' : 'perhaps '}${dataActions.map((action) => shortAction(action.name)).join(' ')}`,
  );

describe('a gain by the flip', () => {
  test('EA-32: of a principal that the directory leaves out is possible, and gone where a deny takes all of it', () => {
    const principals = [{ kind: 'unresolved', objectId: ben, why: { kind: 'directoryUnread', because: '404' } } as const];
    const tenant = { principals, assignments: [t.assign(ben, 'Secrets User')] };
    expect(gains(tenant)).toEqual([`02 flip perhaps ${secretsUser}`]);
    expect(gains({ ...tenant, denies: [t.deny(t.vaultId, [everyone], ['*'])] })).toEqual([]);
    expect(gains({ ...tenant, denies: [t.deny(t.vaultId, [everyone], [getSecret])] })).toEqual(['02 flip perhaps secrets/readMetadata']);
  });
  test('EA-14: of an action that is open on one resource and sure on another is sure', () => {
    const denies = [t.deny(`${t.vaultId}/secrets`, [everyone], ['*'], { condition: 'odd' })];
    expect(gains({ assignments: [t.assign(ben, 'Secrets User')], denies })).toEqual([
      '02 flip secrets/readMetadata',
      '02 flip perhaps secrets/getSecret',
    ]);
  });
  test('EA-13: by a role on an object reaches that object, and by one on a version of it none that is checked', () => {
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', `${t.vaultId}/secrets/one`)] })).toEqual([`02 flip ${secretsUser}`]);
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', `${t.vaultId}/secrets/one/0123`)] })).toEqual([]);
  });
  test('EA-22: on one object is no gain where a deny on that object takes it, however free the others are', () => {
    const one = `${t.vaultId}/secrets/one`;
    const denies = [t.deny(one, [everyone], ['*'])];
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', one)], denies })).toEqual([]);
    expect(gains({ assignments: [t.assign(ben, 'Secrets User')], denies })).toEqual([`02 flip ${secretsUser}`]);
  });
  test('is told with why it is no more than possible: who it is, a group that may give it today, a condition, a deny', () => {
    const doubts = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
      judgeVault(t.question(tenant, more)).gains.map((gain) => [gain.certain, gain.doubts?.join(' / ')]);
    const assignments = [t.assign(ben, 'Secrets User')];
    expect(doubts({ assignments })).toEqual([[true, undefined]]);
    const principals = [{ kind: 'unresolved', objectId: ben, why: { kind: 'directoryUnread', because: '404' } } as const];
    expect(doubts({ principals, assignments })).toEqual([
      [false, 'the directory does not say who this is: the directory could not be read: 404'],
    ]);
    const vault = t.vault([{ objectId: team, permissions: { secrets: ['get', 'list'] } }]);
    expect(doubts({ assignments, members: { [team]: unreadable('403') } }, { vault })).toEqual([
      [false, 'the policy of a group may give it today already: the members of `group 11` are not known: 403'],
    ]);
    const conditioned = [t.assign(ben, 'Secrets User', t.vaultId, { condition: 'odd' })];
    expect(doubts({ assignments: conditioned })[0]?.[1]).toMatch(/^the condition on .* cannot be judged$/);
    const denies = [t.deny(t.vaultId, [everyone], ['*'], { condition: 'odd' })];
    expect(doubts({ assignments, denies })[0]?.[1]).toMatch(/may deny it: its condition cannot be judged$/);
  });
  test('is told with its route and its data actions sorted, with how bad each is', () => {
    const row = t.assign(team, 'Secrets User', t.group);
    expect(judgeVault(t.question({ assignments: [row] })).gains).toStrictEqual([
      {
        principalId: team,
        route: { assignmentId: row.id, roleDefinitionId: row.roleDefinitionId, scope: row.scope },
        dataActions: [
          { name: getSecret, tier: 'A' },
          { name: t.readMetadata, tier: 'D' },
        ],
        certain: true,
        cause: 'flip',
      },
    ]);
  });
});

describe('a gain by the plan', () => {
  const plan = { planned: [planned(anna, 'Certificate User')] };
  const gained = `01 plan ${certificateUser}`;
  test('EA-40: is none the less one for being held under a condition that cannot be judged', () => {
    const held = t.assign(anna, 'Certificate User', t.group, { condition: 'odd' });
    expect(gains({ assignments: [held] }, plan)).toContain(gained);
  });
  test('EA-29: is none the less one for being held through a group that nobody knows', () => {
    expect(gains({ assignments: [t.assign(team, 'Certificate User')] }, plan)).toContain(gained);
  });
  test('EA-51: is none by the row that bears the plan’s name where another row gives the same for good', () => {
    const [own] = plan.planned;
    const rows = [t.assign(anna, 'Certificate User'), { ...t.assign(anna, 'Certificate User'), id: own?.id ?? '' }];
    expect(gains({ assignments: rows }, plan)).toEqual([`01 flip ${certificateUser}`]);
    expect(judgeVault(t.question({ assignments: rows }, plan)).gains.map((gain) => gain.route.assignmentId)).toEqual([rows[0]?.id]);
  });
  test('is told apart by cause, principal, assignment and certainty, in that order', () => {
    const vault = t.vault([{ objectId: t.id(13), permissions: { secrets: ['get'] } }]);
    const assignments = [t.assign(ben, 'Secrets User'), t.assign(anna, 'Secrets User', t.group)];
    const more = { vault, planned: [planned(ben, 'Key Vault Reader', t.group), planned(anna, 'Certificate User')] };
    expect(gains({ assignments }, more)).toEqual([
      '01 flip secrets/readMetadata',
      '01 flip perhaps secrets/getSecret',
      '02 flip secrets/readMetadata',
      '02 flip perhaps secrets/getSecret',
      '01 plan certificates/read keys/read',
      '02 plan certificatecas/read certificates/read keyrotationpolicies/read keys/read storageaccounts/read storageaccounts/sas/read',
    ]);
  });
});

describe('a planned assignment', () => {
  const covered = (more: PlannedAssignment, tenant: t.Tenant = {}) =>
    judgeVault(
      t.question(tenant, { planned: [more], requirements: [{ principalId: anna, dataActions: [getSecret], alsoByGroups: true }] }),
    ).pairs.map((pair) => pair.state);
  test('P13: under a condition covers what the condition proves, and is not made by a row under another or under none', () => {
    const [always, odd] = ["ActionMatches{'*'}", 'odd'];
    const under = (condition: string) => ({ ...planned(anna, 'Secrets User'), condition });
    expect([covered(under(always)), covered(under(odd))]).toEqual([['covered'], ['uncovered']]);
    const row = (more: object) => ({ assignments: [t.assign(anna, 'Secrets User', t.vaultId, { ...more })] });
    const routes = (one: PlannedAssignment, tenant: t.Tenant) =>
      judgeVault(t.question(tenant, { planned: [one], requirements: [{ principalId: anna, dataActions: [getSecret] }] })).pairs.flatMap(
        (pair) => pair.by.map((route) => (route.assignmentId === one.id ? 'planned' : 'made')).sort(),
      );
    expect(routes(under(always), row({ condition: always }))).toEqual(['made']);
    expect(routes(under(always), row({}))).toEqual(['made', 'planned']);
    expect(routes(planned(anna, 'Secrets User'), row({ condition: always }))).toEqual(['made', 'planned']);
    expect(routes(planned(anna, 'Secrets User'), row({}))).toEqual(['made']);
  });
  test('EA-3, EA-12: covers whom it names where it reaches, and nobody and nothing else', () => {
    expect(covered(planned(anna, 'Secrets User'))).toEqual(['covered']);
    expect(covered(planned(ben, 'Secrets User'))).toEqual(['uncovered']);
    expect(covered(planned(anna, 'Secrets User', `${t.vaultId}0`))).toEqual(['uncovered']);
    expect(covered({ ...planned(team, 'Secrets User'), principalType: 'Group' }, { members: { [team]: [anna] } })).toEqual(['covered']);
    expect(covered({ ...planned(team, 'Secrets User'), principalType: 'Group' }, { members: { [team]: [ben] } })).toEqual(['uncovered']);
  });
});
