import { describe, expect, test } from 'vitest';
import { read } from '../../src/base/reading.ts';
import {
  aGroup,
  anna,
  app,
  ask,
  assign,
  deny,
  facts,
  getSecret,
  id,
  instance,
  now,
  question,
  team,
  tenantId,
  user,
  vault,
} from '../builders/a-tenant.ts';
import { decideLegacy, decideRbac, judgeVault } from './in-words.ts';

const legacy = (objectId: string) => vault([{ objectId, permissions: { secrets: ['get'] } }]);

describe('access policies', () => {
  const entryOf = (objectId: typeof app, principal: object) => {
    const known = facts({ principals: [{ objectId, displayName: 'gone', ...principal } as ReturnType<typeof user>] });
    return decideLegacy({ principalId: objectId, dataAction: getSecret }, legacy(objectId), known).state;
  };

  test('EA-28: an entry for the object id of an app registration gives nothing to anybody', () => {
    expect(entryOf(app, { kind: 'application', appId: id(900) })).toBe('notGranted');
  });

  test('EA-32: an entry for a deleted principal gives nothing, one for an unresolved principal is unknown', () => {
    expect(entryOf(anna, { kind: 'deleted' })).toBe('notGranted');
    expect(entryOf(anna, { kind: 'unresolved', why: { kind: 'deletedUnread', because: 'Graph left it out' } })).toBe('unknown');
    expect(entryOf(anna, { kind: 'user', guest: false })).toBe('granted');
  });

  test('EA-29: an entry for a group without security is unknown for its members', () => {
    const mail = aGroup(team, { securityEnabled: false });
    const known = facts({ principals: [user(anna), mail], members: { [team]: [anna] } });
    expect(decideLegacy({ principalId: anna, dataAction: getSecret }, legacy(team), known).state).toBe('unknown');
  });
});

describe('groups', () => {
  test.each([
    ['EA-29: without security', aGroup(team, { securityEnabled: false }), 'unknown'],
    [
      'EA-32: that the directory leaves out',
      { kind: 'unresolved', objectId: team, why: { kind: 'deletedUnread', because: 'Graph left it out' } } as const,
      'unknown',
    ],
    ['EA-29: with security', aGroup(team), 'granted'],
  ])('%s: what it holds is %s for its members', (_, group, state) => {
    const tenant = { principals: [user(anna), group], members: { [team]: [anna] }, assignments: [assign(team, 'Secrets User')] };
    expect(decideRbac(ask(anna, getSecret), facts(tenant)).state).toBe(state);
    const { pairs } = judgeVault(question(tenant, { requirements: [{ principalId: anna, dataActions: [getSecret], alsoByGroups: true }] }));
    expect(pairs.map((pair) => pair.state)).toEqual([state === 'granted' ? 'covered' : state]);
  });

  test('EA-22: a deny bites whose group is told from the side of who asks, whatever type it states', () => {
    const tenant = {
      principals: [
        user(anna),
        { kind: 'unresolved', objectId: team, why: { kind: 'deletedUnread', because: 'Graph left it out' } } as const,
      ],
      assignments: [assign(anna, 'Secrets User')],
      denies: [deny('/', [{ id: team, type: 'Unknown' }], [getSecret])],
    };
    const asked = (groups: readonly (typeof team)[]) =>
      decideRbac(ask(anna, getSecret, undefined, { groups: read(groups) }), facts(tenant)).state;
    expect(asked([])).toBe('granted');
    expect(asked([team])).toBe('unknown');
  });
});

describe('PIM', () => {
  const row = assign(anna, 'Secrets User');
  const window = (startDateTime: string | undefined, endDateTime: string | undefined, assignmentType = 'Assigned') =>
    instance(row, {
      originRoleAssignmentId: row.id,
      assignmentType,
      ...(startDateTime !== undefined && { startDateTime }),
      ...(endDateTime !== undefined && { endDateTime }),
    });
  const [lastMonth, lastWeek, nextWeek, nextMonth] = ['2026-10-24', '2026-11-17', '2026-12-01', '2026-12-24'].map(
    (day) => `${day}T00:00:00Z`,
  );
  const tenant = (...active: readonly ReturnType<typeof window>[]) => ({ assignments: [row], active });
  const state = (...active: readonly ReturnType<typeof window>[]) => decideRbac(ask(anna, getSecret), facts(tenant(...active))).state;
  const because = (...active: readonly ReturnType<typeof window>[]) => {
    const asked = question(tenant(...active), { requirements: [{ principalId: anna, dataActions: [getSecret] }] });
    return judgeVault(asked)
      .pairs.map((pair) => `${pair.state} ${pair.because}`)
      .join();
  };

  test('EA-34: between two windows there is no access', () => {
    expect(state(window(lastMonth, lastWeek), window(nextWeek, nextMonth))).toBe('notGranted');
    expect(state(window(lastMonth, lastWeek), window(lastWeek, nextMonth))).toBe('granted');
  });

  test('EA-34: a window without an end that has yet to begin gives nothing, and a short one beside it still counts', () => {
    expect(state(window(nextWeek, undefined))).toBe('notGranted');
    expect(state(window(nextWeek, undefined), window(lastWeek, nextWeek))).toBe('granted');
    expect(because(window(nextWeek, undefined), window(lastWeek, nextWeek))).toMatch(/^uncovered covered only until 2026-12-01/);
  });

  test('EA-37: a window without an end that has begun is durable, an activation without a known end is not', () => {
    expect(because(window(lastWeek, undefined))).toBe('covered ');
    expect(because(window(undefined, undefined))).toBe('covered ');
    expect(because(window(lastWeek, undefined, 'Activated'))).toMatch(/^uncovered covered only while/);
    expect(because(window(lastWeek, nextWeek), window(lastMonth, nextMonth))).toMatch(/^uncovered covered only until 2026-12-24/);
  });

  test('EA-34: a window ends at its end and begins at its start', () => {
    expect(state(window(lastWeek, now))).toBe('notGranted');
    expect(state(window(now, nextWeek))).toBe('granted');
  });
});

test('LP-2: an entry of another tenant stays inert', () => {
  const foreign = vault([{ objectId: anna, tenantId: id(77), permissions: { secrets: ['get'] } }]);
  expect(tenantId).not.toBe(id(77));
  expect(decideLegacy({ principalId: anna, dataAction: getSecret }, foreign, facts()).state).toBe('notGranted');
});
