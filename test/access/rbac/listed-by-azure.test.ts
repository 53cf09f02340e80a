import { describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/base/guid.ts';
import { type Reading, read, unreadable } from '../../../src/base/reading.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { RoleAssignment } from '../../../src/model/role.ts';
import * as t from '../../builders/a-tenant.ts';
import { judgeVault } from '../in-words.ts';

const { anna, app, ben, team, getSecret } = t;
const refused = unreadable('Microsoft Graph answered 403');
const nobody = (id: Guid): Principal => ({
  kind: 'unresolved',
  objectId: id,
  why: { kind: 'directoryUnread', because: 'Microsoft Graph answered 403' },
});
const onTeam = t.assign(team, 'Secrets User');
const allThatIsMissing = "the directory's answer is all that is missing";

interface World extends t.Tenant {
  /** What Azure lists for Anna; left out, Azure was not asked. */
  readonly listed?: Reading<readonly RoleAssignment[]>;
}

/** The one pair that Anna needs, on any secret. */
function pair({ listed, ...tenant }: World, principalId: Guid = anna, byGroups: { alsoByGroups?: true } = { alsoByGroups: true }) {
  const assignedTo = listed === undefined ? {} : { assignedTo: new Map([[principalId, listed]]) };
  const requirements = [{ principalId, dataActions: [getSecret], ...byGroups }];
  const { pairs } = judgeVault(
    t.question(
      { members: { [team]: refused }, ...tenant, facts: { ...tenant.facts, ...assignedTo } },
      { requirements, minimumAgeMinutes: 15 },
    ),
  );
  expect(pairs.every(({ by }) => by.length === 0)).toBe(true);
  return { state: pairs[0]?.state, because: pairs[0]?.because ?? '' };
}

describe("Azure's own list, where the directory could not be read", () => {
  test('EA-30: names the assignment and the group, says what right is missing, and still covers nothing', () => {
    const { state, because } = pair({ assignments: [onTeam], listed: read([onTeam]) });
    expect(state).toBe('unknown');
    expect(because).toContain(
      'the members of `group 11` are not known: Microsoft Graph answered 403; Azure itself lists `Key Vault Secrets User` at `kv1`',
    );
    expect(because).toContain(`(assignment ${onTeam.name}) as reaching it through the group \`group 11\``);
    expect(because).toContain(allThatIsMissing);
    expect(because).toContain('Directory.Read.All');
  });
  test('EA-53: without a decision to rely on groups, that stands in the way too', () => {
    const { state, because } = pair({ assignments: [onTeam], listed: read([onTeam]) }, anna, {});
    expect(state).toBe('unknown');
    expect(because).toContain('covered only through a group');
    expect(because).not.toContain(allThatIsMissing);
  });
  test('EA-30: is told of a direct assignment to somebody of whom the directory says nothing', () => {
    const own = t.assign(anna, 'Secrets User');
    const { state, because } = pair({ assignments: [own], principals: [nobody(anna)], listed: read([own]) });
    expect(state).toBe('unknown');
    expect(because).toContain('as reaching it directly');
    expect(because).toContain(allThatIsMissing);
  });
  test('says so when it lists nothing, and when it could not be read either', () => {
    expect(pair({ assignments: [onTeam], listed: read([]) })).toMatchObject({
      state: 'unknown',
      because: expect.stringContaining('Azure itself lists no role assignment that gives it') as string,
    });
    const { state, because } = pair({ assignments: [onTeam], listed: unreadable('429') });
    expect([state, because.includes("nor is Azure's own list of what is assigned to it known: 429")]).toEqual(['unknown', true]);
  });
  test('is not spoken of where Azure was not asked, and where the directory left nothing open', () => {
    expect(pair({ assignments: [onTeam] }).because).not.toContain('Azure itself');
    expect(pair({ assignments: [], listed: read([]) })).toEqual({ state: 'uncovered', because: 'no role assignment gives it' });
  });
  test.each<[string, World, string]>([
    [
      'a condition',
      {
        assignments: [
          t.assign(team, 'Secrets User', t.vaultId, {
            condition: "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'",
            conditionVersion: '2.0',
          }),
        ],
      },
      'condition',
    ],
    ['its age', { assignments: [t.assign(team, 'Secrets User', t.vaultId, { createdOn: t.now, updatedOn: t.now })] }, 'minutes old'],
    [
      'its end',
      { assignments: [onTeam], active: [t.instance(onTeam, { endDateTime: '2026-12-24T12:00:00Z', originRoleAssignmentId: onTeam.id })] },
      'covered only until',
    ],
    ['a deny assignment', { assignments: [onTeam], denies: [t.deny(t.vaultId, [anna], [getSecret])] }, 'denies it'],
    [
      'the rule of a dynamic group',
      { assignments: [onTeam], principals: [t.user(anna), t.aGroup(team, { dynamic: true })] },
      'while the rule',
    ],
    [
      'a group that is not a security group',
      { assignments: [onTeam], principals: [t.user(anna), t.aGroup(team, { securityEnabled: false })] },
      'not a security group',
    ],
  ])('never says that nothing else is missing where %s stands in the way too', (_, world, words) => {
    const { state, because } = pair({ ...world, listed: read(world.assignments ?? []) });
    expect(state).not.toBe('covered');
    expect(because).not.toContain(allThatIsMissing);
    expect(because).toContain(words);
  });
  test('EA-25: nor where a deny assignment may concern the principal, whose groups the list does not tell of', () => {
    const own = t.assign(anna, 'Secrets User');
    const denies = [t.deny(t.vaultId, [{ id: team, type: 'Group' }], [getSecret])];
    const { state, because } = pair({ assignments: [own], denies, listed: read([own]) });
    expect(state).toBe('unknown');
    expect(because).toContain(
      "as reaching it directly; in addition to the directory's answer, this stands in the way: the deny assignment",
    );
    expect(because).not.toContain(allThatIsMissing);
  });
  test('EA-31: a managed identity would still hang on its token', () => {
    const world: World = { assignments: [onTeam], principals: [t.service(app, true), nobody(team)], listed: read([onTeam]) };
    const { state, because } = pair(world, app);
    expect(state).toBe('unknown');
    expect(because).toContain("in addition to the directory's answer, this stands in the way");
    expect(because).toContain('can take a day');
  });
  test('takes what a group that is shown by its id alone may be for part of the missing answer', () => {
    const hidden = t.aGroup(team, { displayName: '', dynamic: true });
    const { state, because } = pair({ assignments: [onTeam], principals: [t.user(anna), hidden], listed: read([onTeam]) });
    expect([state, because.includes(allThatIsMissing)]).toEqual(['unknown', true]);
  });
  test('EA-30: names of several the one that lacks nothing else, and how many there are beside it', () => {
    const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'x'";
    const under = t.assign(team, 'Secrets User', t.vaultId, { condition });
    const free = t.assign(team, 'Secrets Officer');
    for (const assignments of [
      [under, free],
      [t.assign(team, 'Secrets User', t.vaultId, { condition }), t.assign(team, 'Secrets Officer')],
    ]) {
      const { because } = pair({ assignments, listed: read(assignments) });
      expect(because).toContain(
        `Azure itself lists \`Key Vault Secrets Officer\` at \`kv1\` (assignment ${assignments[1]?.name}) and 1 more as reaching it through the group`,
      );
      expect(because).toContain(allThatIsMissing);
    }
    const onlyUnder = pair({ assignments: [under], listed: read([under]) }).because;
    expect(onlyUnder).toContain(`(assignment ${under.name}) as reaching it through the group`);
  });
  test('EA-18: names a role that nobody can open by its id', () => {
    const odd = t.assign(team, t.id(77));
    expect(pair({ assignments: [odd], listed: read([odd]) }).because).toContain(
      `Azure itself lists \`${t.id(77)}\` at \`kv1\` (assignment ${odd.name}) as reaching it`,
    );
  });
  test('EA-30: takes a group of which the directory says nothing for one, by its id', () => {
    const { because } = pair({ assignments: [onTeam], principals: [t.user(anna)], listed: read([onTeam]) });
    expect(because).toContain(`through the group \`${team}\``);
    expect(because).toContain(allThatIsMissing);
  });
  test('EA-12: is not believed about an assignment that does not reach the vault, though our own list holds it', () => {
    const elsewhere = t.assign(team, 'Secrets User', `${t.vaultId}0`);
    const { because } = pair({ assignments: [onTeam, elsewhere], listed: read([elsewhere, t.assign(team, 'Secrets User', t.group)]) });
    expect(because).toContain('Azure itself lists no role assignment that gives it');
  });
  test('follows a reason that ends in a full stop without that stop', () => {
    const { because } = pair({ assignments: [onTeam], members: { [team]: unreadable('v1.0 said no.') }, listed: read([]) });
    expect(because).toContain('v1.0 said no; Azure itself lists no role assignment');
  });
  test('is not believed about assignments that our own list does not hold, nor about those of other people', () => {
    const ofBen = t.assign(ben, 'Secrets User');
    for (const listed of [[t.assign(team, 'Administrator')], [ofBen], [t.assign(team, 'Secrets User', `${t.vaultId}0`)]]) {
      const { because } = pair({ assignments: [onTeam, ofBen], listed: read(listed) });
      expect(because).toContain('Azure itself lists no role assignment that gives it');
    }
  });
  test('counts no role that does not give the action', () => {
    const reader = t.assign(team, 'Reader');
    const { because } = pair({ assignments: [onTeam, reader], listed: read([reader]) });
    expect(because).toContain('Azure itself lists no role assignment that gives it');
  });
});
