import { describe, expect, test } from 'vitest';
import type { PlannedAssignment, VaultQuestion } from '../../src/access/vault-question.ts';
import { everyone, type Guid } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import { shortAction } from '../../src/model/data-action.ts';
import type { RoleAssignment } from '../../src/model/role.ts';
import * as t from '../builders/a-tenant.ts';
import { judgeVault } from './in-words.ts';

const { anna, ben, app, team, division, getSecret, readMetadata } = t;
/** With groups counted, as after a decision: what comes of leaving that out has tests of its own. */
const getAndList = (principalId: Guid) => [{ principalId, dataActions: [getSecret, readMetadata], alsoByGroups: true as const }];
const byItself = (principalId: Guid) => [{ principalId, dataActions: [getSecret, readMetadata] }];

function planned(principalId: Guid, role: string, at: string = t.vaultId): PlannedAssignment {
  const id = `${at}/providers/Microsoft.Authorization/roleAssignments/${t.id(800)}`;
  return { id, scope: t.scope(at), roleDefinitionId: t.roleId(role), principalId, principalType: 'User' };
}

const judge = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
  judgeVault(t.question(tenant, { requirements: getAndList(anna), ...more }));

/** Pairs as `secrets/getSecret anyObject covered`. */
const states = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
  judge(tenant, more).pairs.map(({ dataAction, resource, state }) => {
    return `${shortAction(dataAction)} ${resource.kind === 'object' ? resource.name : resource.kind} ${state}`;
  });
const verdict = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) => {
  const { pairs } = judge(tenant, more);
  return { states: [...new Set(pairs.map((pair) => pair.state))], because: [...new Set(pairs.map((pair) => pair.because))] };
};
const covered = { states: ['covered'], because: [''] };

describe('coverage', () => {
  test('EA-14: is asked on the vault for a list, on any object for a read, on both where it is open', () => {
    expect(states({ assignments: [t.assign(anna, 'Secrets User')] })).toEqual([
      'secrets/getSecret anyObject covered',
      'secrets/readMetadata vault covered',
      'secrets/readMetadata anyObject covered',
    ]);
    const dataActions = ['Microsoft.KeyVault/vaults/certificatecas/read', 'Microsoft.KeyVault/vaults/future/read'];
    expect(states({}, { requirements: [{ principalId: anna, dataActions }] })).toEqual([
      'certificatecas/read vault uncovered',
      'future/read vault uncovered',
    ]);
  });
  test('P12: a role on one secret leaves a gap, and the object is looked at by name', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User', `${t.vaultId}/secrets/one`)] };
    expect(states(tenant)).toEqual([
      'secrets/getSecret anyObject uncovered',
      'secrets/getSecret one covered',
      'secrets/readMetadata vault uncovered',
      'secrets/readMetadata anyObject uncovered',
      'secrets/readMetadata one covered',
    ]);
    expect(judge(tenant).pairs[0]?.because).toBe(
      'no role assignment gives it; nearest: `Key Vault Secrets User` on `secrets/one` reaches that object alone',
    );
  });
  test('P13: a condition that cannot be proved is a gap, one that is proved is none', () => {
    const when = (condition: string) => verdict({ assignments: [t.assign(anna, 'Secrets User', t.vaultId, { condition })] });
    expect(when("@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'app-'")).toEqual({
      states: ['uncovered'],
      because: [
        'the condition on `Key Vault Secrets User` at `kv1` cannot be judged',
        'no role assignment gives it; nearest: the condition on `Key Vault Secrets User` at `kv1` is not met',
      ],
    });
    expect(when("@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv1'")).toEqual(covered);
    expect(when("@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv2'").states).toEqual(['uncovered']);
  });
  test('P14, EA-27: a deny is a gap on what it denies, and names the grant that it beats', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User')], denies: [t.deny(t.group, [anna], [getSecret])] };
    expect(states(tenant)[0]).toBe('secrets/getSecret anyObject uncovered');
    expect(judge(tenant).pairs[0]?.because).toBe(
      'the deny assignment `managed by another` denies it; `Key Vault Secrets User` at `kv1` would give it',
    );
    expect(states(tenant).slice(1)).toEqual(['secrets/readMetadata vault covered', 'secrets/readMetadata anyObject covered']);
  });
  test('P14: a deny on one secret is a gap on that secret alone', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User')], denies: [t.deny(`${t.vaultId}/secrets/s1`, [everyone], [getSecret])] };
    expect(states(tenant).filter((line) => line.includes('getSecret'))).toEqual([
      'secrets/getSecret anyObject covered',
      'secrets/getSecret s1 uncovered',
    ]);
  });
  test('EA-25: a deny that cannot be judged counts as denying', () => {
    const tenant = { assignments: [t.assign(anna, 'Secrets User')], denies: [t.deny(t.vaultId, [anna], ['*'], { condition: 'odd' })] };
    expect(verdict(tenant).states).toEqual(['uncovered']);
  });
  test('P15: what a role takes out again is a gap', () => {
    const roles = [t.role(t.id(77), [{ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'], notDataActions: [getSecret] }])];
    expect(states({ roles, assignments: [t.assign(anna, t.id(77))] })).toEqual([
      'secrets/getSecret anyObject uncovered',
      'secrets/readMetadata vault covered',
      'secrets/readMetadata anyObject covered',
    ]);
  });
  test('P16, EA-53: a nested group covers by decision, and without one leaves a gap that says what carries it', () => {
    const tenant = { assignments: [t.assign(division, 'Secrets User')], members: { [division]: [team, anna], [team]: [anna] } };
    expect(verdict(tenant)).toEqual(covered);
    expect(judge(tenant).pairs[0]?.by).toMatchObject([{ throughGroup: division }]);
    expect(verdict(tenant, { requirements: byItself(anna) })).toEqual({
      states: ['uncovered'],
      because: [
        'covered only through a group, by `Key Vault Secrets User` of `group 12` at `kv1`: a membership may end, so it counts by decision alone',
      ],
    });
    expect(judge(tenant, { requirements: byItself(anna) }).pairs.map(({ lack, by }) => ({ lack, by }))).toEqual(
      Array.from({ length: 3 }, () => ({ lack: 'decision', by: [] })),
    );
  });
  test('EA-53: an assignment of one’s own covers beside a group, and of two requirements the stricter speaks', () => {
    const [own, ofTeam] = [t.assign(anna, 'Secrets User'), t.assign(team, 'Secrets User')];
    const tenant = { assignments: [own, ofTeam], members: { [team]: [anna] } };
    expect(verdict(tenant, { requirements: byItself(anna) })).toEqual(covered);
    expect(judge(tenant, { requirements: byItself(anna) }).pairs[0]?.by).toMatchObject([{ assignmentId: own.id }]);
    const both = [...getAndList(anna), ...byItself(anna)];
    for (const requirements of [both, both.toReversed()])
      expect(verdict({ ...tenant, assignments: [ofTeam] }, { requirements }).states).toEqual(['uncovered']);
  });
  test('EA-53: a group is covered by what it is assigned itself, and by a group around it by decision alone', () => {
    const members = { [division]: [team] };
    const of = (group: Guid) =>
      verdict({ assignments: [t.assign(group, 'Secrets User')], members }, { requirements: byItself(team) }).states;
    expect([of(team), of(division)]).toEqual([['covered'], ['uncovered']]);
  });
  test('EA-3: a group is covered by what it or a group around it holds, never by its members', () => {
    const requirements = getAndList(team);
    expect(verdict({ assignments: [t.assign(division, 'Secrets User')], members: { [division]: [team] } }, { requirements })).toEqual(
      covered,
    );
    expect(verdict({ assignments: [t.assign(anna, 'Secrets User')], members: { [team]: [anna] } }, { requirements }).states).toEqual([
      'uncovered',
    ]);
  });
  test('P18, EA-35, EA-37: an assignment with an end covers only until then', () => {
    const assignment = t.assign(anna, 'Secrets User');
    const by = (more: Parameters<typeof t.instance>[1], ...others: Parameters<typeof t.instance>[1][]) =>
      verdict({ assignments: [assignment], active: [more, ...others].map((one) => t.instance(assignment, one)) });
    const tomorrow = '2026-11-25T12:00:00Z';
    expect(by({ endDateTime: tomorrow })).toEqual({
      states: ['uncovered'],
      because: [`covered only until ${tomorrow}: \`Key Vault Secrets User\` at \`kv1\` ends then`],
    });
    expect(by({ endDateTime: tomorrow, originRoleAssignmentId: assignment.id.toUpperCase() }).states).toEqual(['uncovered']);
    expect(by({ assignmentType: 'Activated' }).because).toEqual(['covered only while `Key Vault Secrets User` at `kv1` stays activated']);
    expect(by({})).toEqual(covered);
    expect(by({ endDateTime: tomorrow }, {})).toEqual(covered);
    expect(by({ endDateTime: tomorrow, originRoleAssignmentId: '/of/another' }).states).toEqual(['uncovered']);
  });
  test('EA-37: is open when PIM, deny assignments, role assignments or a role could not be read', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    for (const list of ['activeInstances', 'denyAssignments', 'roleAssignments']) {
      const { states: found, because } = verdict({ assignments, facts: { [list]: unreadable('the service said 403') } });
      expect(found).toEqual(['unknown']);
      expect(because[0]).toContain('403');
    }
    expect(verdict({ assignments: [t.assign(anna, t.id(77))] }).states).toEqual(['unknown']);
  });
  test('EA-31, EA-37: membership that may pass, or that is not known, leaves it open', () => {
    const assignments = [t.assign(team, 'Secrets User')];
    const members = { [team]: [anna, app] };
    const [people, requirements] = [[t.user(anna), t.service(app, true)], getAndList(app)];
    const as = (principals: t.Tenant['principals'], more: Partial<VaultQuestion> = {}) =>
      verdict({ assignments, members, ...(principals && { principals }) }, more);
    expect(as([...people, t.aGroup(team)])).toEqual(covered);
    expect(as([...people, t.aGroup(team)], { requirements })).toEqual({
      states: ['unknown'],
      because: [
        "covered by `Key Vault Secrets User` of `group 11` at `kv1` while the managed identity's token carries `group 11`, which can take a day after joining",
      ],
    });
    expect(as([t.service(app), t.aGroup(team)], { requirements })).toEqual(covered);
    expect(as([...people, t.aGroup(team, { dynamic: true })]).states).toEqual(['unknown']);
    expect(as([...people, t.aGroup(team, { securityEnabled: false })]).states).toEqual(['unknown']);
    expect(verdict({ assignments, members: { [team]: unreadable('403') } }).states).toEqual(['unknown']);
  });
  test('EA-37: membership through a nested dynamic group leaves it open', () => {
    const principals = [t.user(anna), t.aGroup(team), t.aGroup(division, { dynamic: true })];
    const tenant = { principals, assignments: [t.assign(team, 'Secrets User')] };
    expect(verdict({ ...tenant, members: { [team]: [division, anna], [division]: [anna] } }).states).toEqual(['unknown']);
    expect(verdict({ ...tenant, members: { [team]: [division, anna] } }).states).toEqual(['unknown']);
    expect(verdict({ ...tenant, members: { [team]: [division, anna], [division]: [ben] } })).toEqual(covered);
  });
  test('EA-28, EA-32: nothing covers who is deleted, and nobody knows of the unresolved', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    const deleted = { kind: 'deleted', objectId: anna, displayName: '' } as const;
    expect(verdict({ assignments, principals: [deleted] })).toEqual({ states: ['uncovered'], because: ['the principal is deleted'] });
    expect(
      verdict({ assignments, principals: [{ kind: 'unresolved', objectId: anna, why: { kind: 'deletedUnread', because: '404' } }] }).states,
    ).toEqual(['unknown']);
  });
  test('unites requirements of one principal and asks each pair once, sorted', () => {
    const assignments = [t.assign(anna, 'Secrets User')];
    const requirements = [...getAndList(ben), ...getAndList(anna), { principalId: anna, dataActions: [getSecret.toUpperCase()] }];
    const { pairs } = judge({ assignments }, { requirements });
    expect(pairs.map((pair) => pair.principalId)).toEqual([anna, anna, anna, ben, ben, ben]);
    expect(pairs.slice(0, 3).every((pair) => pair.state === 'covered')).toBe(true);
  });
});

describe('planned assignments', () => {
  const plan = [planned(anna, 'Secrets User')];
  const made = (more = {}) => ({ ...t.assign(anna, 'Secrets User', t.vaultId, more), id: plan[0]?.id ?? '' });
  test('count while the plan is made, and not at the flip unless they exist', () => {
    expect(verdict({}, { planned: plan })).toEqual(covered);
    expect(verdict({}, { planned: plan, minimumAgeMinutes: 0 })).toEqual({
      states: ['uncovered'],
      because: ['`Key Vault Secrets User` at `kv1` is planned and not made yet'],
    });
    expect(verdict({ assignments: [made()] }, { planned: plan, minimumAgeMinutes: 15 })).toEqual(covered);
  });
  test('EA-35: count before Azure lists them in PIM, since they were made without an end; another one of the same kind does not', () => {
    const unlisted = (one: ReturnType<typeof made>) =>
      verdict({ assignments: [one], facts: { activeInstances: read([]) } }, { planned: plan, minimumAgeMinutes: 15 }).states;
    expect(unlisted(made())).toEqual(['covered']);
    expect(unlisted({ ...made(), id: `${plan[0]?.id ?? ''}0` })).toEqual(['unknown']);
  });
  test('EA-37: count at the flip once old enough, from their last change on', () => {
    const aged = (createdOn: string, updatedOn = createdOn) =>
      verdict(
        { assignments: [made(createdOn === '' ? { createdOn: null, updatedOn: null } : { createdOn, updatedOn })] },
        { planned: plan, minimumAgeMinutes: 15 },
      );
    expect(aged('2026-11-24T11:45:00Z')).toEqual(covered);
    expect(aged('2026-11-24T11:45:30Z')).toEqual({
      states: ['uncovered'],
      because: ['`Key Vault Secrets User` at `kv1` is only 14 minutes old, and 15 are needed'],
    });
    expect(aged('2026-01-01T00:00:00Z', '2026-11-24T11:59:30.1234567Z').because[0]).toContain('only 0 minutes old');
    expect(aged('2026-11-24T13:00:00Z').because[0]).toContain('only 0 minutes old');
    expect(aged('').because).toEqual(['`Key Vault Secrets User` at `kv1` is of unknown age']);
  });
  test('EA-54: at a management group, or above all of them, count after a day, for a plan as for a flip, and no longer at once after a change', () => {
    for (const at of ['/providers/Microsoft.Management/managementGroups/mg-corp', '/']) {
      const since = (createdOn: string, updatedOn = '') => ({
        assignments: [t.assign(anna, 'Secrets User', at, { createdOn, updatedOn })],
      });
      const [young, old] = [since('2026-11-24T10:50:00Z'), since('2026-11-23T12:00:00Z')];
      for (const more of [{}, { minimumAgeMinutes: 15 }, { minimumAgeMinutes: 0 }]) {
        expect(verdict(young, more).because[0]).toContain('is only 70 minutes old, and counts there after a day');
        expect(verdict(old, more)).toEqual(covered);
        expect(verdict(since('2026-01-01T00:00:00Z', '2026-11-24T10:50:00Z'), more).states).toEqual(['uncovered']);
        expect(verdict(since(''), more).because[0]).toContain('is of unknown age');
      }
    }
  });
  test('that exist are not counted twice, under whatever name', () => {
    const other = t.assign(anna, 'Secrets User');
    for (const one of [made(), other]) {
      const { pairs } = judge({ assignments: [one] }, { planned: [...plan, ...plan] });
      expect(pairs.map((pair) => pair.by.map((route) => route.assignmentId))).toEqual([[one.id], [one.id], [one.id]]);
    }
  });
});

describe('gains', () => {
  const policies = [{ objectId: anna, permissions: { secrets: ['get', 'list'] } }];
  const vault = t.vault(policies);
  const gains = (tenant: t.Tenant, more: Partial<VaultQuestion> = {}) =>
    judge(tenant, { vault, ...more }).gains.map(
      ({ principalId, cause, certain, dataActions }) =>
        `${principalId.slice(-2)} ${cause} ${certain ? '' : 'perhaps '}${dataActions.map((action) => shortAction(action.name)).join(' ')}`,
    );
  const theSecrets = 'secrets/getSecret secrets/readMetadata';

  test('by the plan: what its roles bring beyond the policy and beyond what is held already', () => {
    expect(gains({}, { planned: [planned(anna, 'Secrets User')] })).toEqual([]);
    const plan = { planned: [planned(anna, 'Certificate User')] };
    expect(gains({}, plan)).toEqual(['01 plan certificates/read keys/read']);
    expect(gains({ assignments: [t.assign(anna, 'Crypto Service Encryption User')] }, plan)).toEqual([
      '01 flip keys/read keys/unwrap keys/wrap',
      '01 plan certificates/read',
    ]);
    expect(judge({}, { vault, ...plan }).gains[0]).toMatchObject({
      route: { assignmentId: plan.planned[0]?.id, scope: vault.scope },
      dataActions: [{ tier: 'D' }, { tier: 'D' }],
    });
  });
  test('by the plan: what is held already only for a time, or by a membership that may pass, is still gained', () => {
    const plan = { planned: [planned(anna, 'Certificate User')] };
    const timed = t.assign(anna, 'Certificate User', t.group);
    const gained = ['01 flip certificates/read keys/read', '01 plan certificates/read keys/read'];
    expect(gains({ assignments: [timed], active: [t.instance(timed, { endDateTime: '2027-01-01T00:00:00Z' })] }, plan)).toEqual(gained);
    expect(gains({ assignments: [timed] }, plan)).toEqual(gained.slice(0, 1));
    const assignments = [t.assign(team, 'Certificate User')];
    const byTeam = (dynamic: boolean) =>
      gains({ assignments, members: { [team]: [anna] }, principals: [t.user(anna), t.aGroup(team, { dynamic })] }, plan).slice(1);
    expect([byTeam(false), byTeam(true)]).toEqual([[], gained.slice(1)]);
  });
  test('by the plan stay the plan’s once they are made', () => {
    const plan = [planned(anna, 'Certificate User')];
    const made: RoleAssignment = { ...t.assign(anna, 'Certificate User'), id: plan[0]?.id.toUpperCase() ?? '' };
    expect(gains({ assignments: [made] }, { planned: plan })).toEqual(['01 plan certificates/read keys/read']);
    expect(gains({ assignments: [t.assign(anna, 'Certificate User')] }, { planned: plan })).toEqual([
      '01 flip certificates/read keys/read',
    ]);
  });
  test('by the flip: every assignment that wakes up, from the root to an object, policy or not', () => {
    for (const at of ['/', '/providers/Microsoft.Management/managementGroups/mg-corp', t.subscription, t.group, t.vaultId])
      expect(gains({ assignments: [t.assign(ben, 'Secrets User', at)] })).toEqual([`02 flip ${theSecrets}`]);
    expect(gains({ assignments: [t.assign(ben, 'Certificate User', `${t.vaultId}/secrets/one`)] })).toEqual([`02 flip ${theSecrets}`]);
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', `${t.vaultId}0`), t.assign(ben, 'Owner')] })).toEqual([]);
    expect(gains({ assignments: [t.assign(anna, 'Secrets User', t.group)] })).toEqual([]);
  });
  test('EA-21: by any role that holds a Key Vault data action, whatever its name', () => {
    const roles = [t.role(t.id(77), [{ dataActions: ['*/getSecret/action'] }])];
    expect(gains({ roles, assignments: [t.assign(ben, t.id(77))] })).toEqual(['02 flip secrets/getSecret']);
  });
  test('count a group once and take off what groups around it hold by policy', () => {
    const members = { [division]: [team, anna, ben], [team]: [anna, ben] };
    const tenant = { assignments: [t.assign(team, 'Certificate User')], members };
    expect(gains(tenant)).toEqual([`11 flip certificates/read keys/read ${theSecrets}`]);
    expect(gains(tenant, { vault: t.vault([{ objectId: division, permissions: { secrets: ['get', 'list'] } }]) })).toEqual([
      '11 flip certificates/read keys/read',
    ]);
  });
  test('P17: what a compound identity holds is no policy of the plain principal', () => {
    const compound = t.vault([{ objectId: anna, applicationId: t.id(901), permissions: { secrets: ['get', 'list'] } }]);
    expect(gains({ assignments: [t.assign(anna, 'Secrets User')] }, { vault: compound })).toEqual([`01 flip ${theSecrets}`]);
  });
  test('count what cannot be told as gained, and say so', () => {
    const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'";
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', t.vaultId, { condition })] })).toEqual([`02 flip perhaps ${theSecrets}`]);
    expect(gains({ assignments: [t.assign(ben, 'Secrets User', t.vaultId, { condition: "ActionMatches{'x'}" })] })).toEqual([]);
    expect(gains({ assignments: [t.assign(t.id(500), 'Secrets User', t.vaultId, { principalType: 'Unknown' })] })).toEqual([
      `00 flip perhaps ${theSecrets}`,
    ]);
    expect(
      gains({ assignments: [t.assign(ben, 'Secrets User')] }, { vault: t.vault([{ objectId: team, permissions: { secrets: ['list'] } }]) }),
    ).toEqual(['02 flip secrets/getSecret', '02 flip perhaps secrets/readMetadata']);
    expect(judge({ assignments: [t.assign(ben, t.id(77))] }).gains[0]?.dataActions).toHaveLength(t.catalogue.dataActions.length);
  });
  test('EA-32: nobody gains who is deleted', () => {
    const principals = [{ kind: 'deleted', objectId: ben, displayName: '' } as const];
    expect(gains({ principals, assignments: [t.assign(ben, 'Secrets User')] })).toEqual([]);
  });
  test('EA-25: a deny takes a gain away only when it is certain', () => {
    const assignments = [t.assign(ben, 'Secrets User')];
    const denied = (...denies: t.Tenant['denies'] & object) => gains({ assignments, denies });
    expect(denied(t.deny(t.vaultId, [everyone], ['*']))).toEqual([]);
    expect(denied(t.deny(t.vaultId, [everyone], ['*'], { condition: 'odd' }))).toEqual([`02 flip perhaps ${theSecrets}`]);
    expect(denied(t.deny(`${t.vaultId}/secrets/one`, [everyone], ['*']))).toEqual([`02 flip ${theSecrets}`]);
    expect(gains({ assignments, facts: { denyAssignments: unreadable('403') } })).toEqual([`02 flip perhaps ${theSecrets}`]);
    const viaDynamic = { principals: [t.user(ben), t.aGroup(team, { dynamic: true })], members: { [team]: [ben] } };
    const denies = [t.deny(t.vaultId, [{ id: team, type: 'Group' }], ['*'])];
    expect(gains({ assignments, denies, ...viaDynamic })).toEqual([`02 flip perhaps ${theSecrets}`]);
  });
  test('EA-22: a deny on a group takes no gain away while it spares a member by name', () => {
    const excludePrincipals = [{ id: anna, type: 'User' }];
    const tenant = { assignments: [t.assign(team, 'Secrets User')], denies: [t.deny(t.vaultId, [everyone], ['*'], { excludePrincipals })] };
    expect(gains({ ...tenant, members: { [team]: [anna, ben] } })).toEqual([`11 flip ${theSecrets}`]);
    expect(gains(tenant)).toEqual([`11 flip ${theSecrets}`]);
    expect(gains({ ...tenant, members: { [team]: [ben] } })).toEqual([]);
    const denies = [t.deny(t.vaultId, [everyone], ['*'], { excludePrincipals: [{ id: division, type: 'Group' }] })];
    expect(gains({ ...tenant, denies, members: { [team]: [anna], [division]: [anna] } })).toEqual([`11 flip ${theSecrets}`]);
    expect(gains({ ...tenant, denies, members: { [team]: [anna], [division]: [ben] } })).toEqual([]);
  });
  test('EA-34: what ended brings nothing, what is active brings something, what is eligible nothing yet', () => {
    const assignment = t.assign(ben, 'Secrets User');
    const until = (endDateTime: string) => gains({ assignments: [assignment], active: [t.instance(assignment, { endDateTime })] });
    expect(until('2026-11-25T00:00:00Z')).toEqual([`02 flip ${theSecrets}`]);
    expect(until('2026-11-23T00:00:00Z')).toEqual([]);
    expect(gains({ eligible: [t.instance(assignment, {})] })).toEqual([]);
  });
});

test('tells what could not be read, also the members of groups that matter here', () => {
  const assignments = [t.assign(team, 'Secrets User')];
  const members = { [team]: unreadable('403'), [division]: unreadable('403') };
  expect(judge({ assignments, members, facts: { denyAssignments: unreadable('500') } }).doubts).toEqual([
    'deny assignments could not be read: 500',
    'members of `group 11` could not be read: 403',
  ]);
  expect(judge({ assignments: [] }).doubts).toEqual([]);
});
