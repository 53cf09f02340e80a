import { describe, expect, test } from 'vitest';
import type { PeopleQuestion } from '../../src/access/judge-people.ts';
import type { PersonVerdict } from '../../src/access/people-verdict.ts';
import type { Guid } from '../../src/base/guid.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { unreadable } from '../../src/base/reading.ts';
import { shortAction } from '../../src/model/data-action.ts';
import * as t from '../builders/a-tenant.ts';
import { judgePeople } from './in-words.ts';

const { anna, ben, app, team, division, getSecret } = t;
const policy = (objectId: Guid, secrets: readonly string[] = ['get'], more: JsonObject = {}): JsonObject => {
  return { objectId, permissions: { secrets: [...secrets] }, ...more };
};
const people = (one: t.Tenant, policies: readonly JsonObject[], more: Partial<PeopleQuestion> = {}) =>
  judgePeople({
    ...t.question(one, { vault: t.vault(policies), minimumAgeMinutes: 15 }),
    givenUp: new Map(),
    keptOnObjects: new Map(),
    byGroups: new Set(),
    ...more,
  });

/** `loses getSecret by team: why`, `gains delete by flip through team`. */
const names = new Map<string, string>([
  [anna, 'anna'],
  [ben, 'ben'],
  [app, 'app'],
  [team, 'team'],
  [division, 'division'],
]);
const named = (id: string) => names.get(id) ?? id;
const words = (actions: readonly { readonly name: string }[]) =>
  actions.map(({ name }) => shortAction(name).replace('secrets/', '')).join(' ');
function told({ losses, gains }: Pick<PersonVerdict, 'losses' | 'gains'>): readonly string[] {
  return [
    ...losses.map(({ certain, decided, dataActions, entries }) => {
      const by = entries.map(({ objectId, applicationId }) => named(objectId) + (applicationId === undefined ? '' : ' for an application'));
      return `${certain ? 'loses' : 'may lose'} ${words(dataActions)} by ${by.join(' and ')}${decided ? ', decided' : ''}`;
    }),
    ...gains.map(({ certain, cause, dataActions, route }) => {
      const through = route.throughGroup === undefined ? '' : ` through ${named(route.throughGroup)}`;
      return `${certain ? 'gains' : 'may gain'} ${words(dataActions)} by the ${cause}${through}`;
    }),
  ];
}
const rows = (one: t.Tenant, policies: readonly JsonObject[], more: Partial<PeopleQuestion> = {}) =>
  Object.fromEntries(people(one, policies, more).people.map((person) => [named(person.principalId), told(person)]));

describe('who loses', () => {
  test('EA-29, LP-4: members of a group that loses lose, each told through which entry', () => {
    const one = { members: { [team]: [anna, ben] } };
    expect(rows(one, [policy(team), policy(app)])).toEqual({
      anna: ['loses getSecret by team'],
      ben: ['loses getSecret by team'],
      app: ['loses getSecret by app'],
    });
  });
  test('EA-5: whoever keeps it by another assignment is not told as losing', () => {
    const one = { members: { [team]: [anna, ben] }, assignments: [t.assign(anna, 'Reader'), t.assign(anna, 'Secrets User')] };
    const { anna: hers, ben: his } = rows(one, [policy(team)]);
    expect(hers?.filter((line) => line.includes('los'))).toEqual([]);
    expect(his).toEqual(['loses getSecret by team']);
  });
  test('EA-29: the same through another group, nested or not', () => {
    const one = { members: { [team]: [anna], [division]: [team, anna] }, assignments: [t.assign(division, 'Secrets User')] };
    expect(rows(one, [policy(team)]).anna).toEqual(['gains readMetadata by the flip through division']);
  });
  test('P14: a deny on one member takes it from him alone, though the group as one cannot be called covered', () => {
    const denies = [t.deny(t.group, [ben], [getSecret])];
    const one = { members: { [team]: [anna, ben] }, assignments: [t.assign(team, 'Secrets User')], denies };
    const verdicts = rows(one, [policy(team, ['get', 'list'])]);
    expect(verdicts).toEqual({ anna: [], ben: ['loses getSecret by team'] });
  });
  test('EA-22: a deny on another group of his, from which that group is excluded, may take it from him all the same', () => {
    const denies = [t.deny(t.group, [division], [getSecret], { excludePrincipals: [{ id: division, type: 'Group' }] })];
    const one = { members: { [team]: [anna], [division]: [anna] }, assignments: [t.assign(team, 'Secrets User')], denies };
    expect(rows(one, [policy(team, ['get', 'list'])]).anna).toEqual(['may lose getSecret by team']);
  });
  test('EA-31: a managed identity keeps what its group keeps, since its token matters before the flip as after it', () => {
    const principals = [t.service(app, true), t.aGroup(team)];
    const one = { principals, members: { [team]: [app] }, assignments: [t.assign(team, 'Secrets User')] };
    expect(rows(one, [policy(team, ['get', 'list'])]).app).toEqual([]);
    expect(rows(one, [policy(team, ['get', 'list']), policy(app)]).app).toEqual(['may lose getSecret by app and team']);
  });
  test('EA-29: whether a token carries a group that is no security group is open, before the flip as after it', () => {
    const principals = [t.user(anna), t.aGroup(team, { securityEnabled: false }), t.aGroup(division)];
    const one = { principals, members: { [team]: [anna] }, assignments: [t.assign(team, 'Secrets User')] };
    expect(rows(one, [policy(team, ['get', 'list'])]).anna).toEqual([]);
    expect(rows({ ...one, assignments: [] }, [policy(team)]).anna).toEqual(['may lose getSecret by team']);
    expect(rows(one, [policy(team)]).anna).toEqual(['may gain readMetadata by the flip through team']);
  });
  test('P18: access that ends is lost in the sense that counts, with the end in the reason', () => {
    const row = t.assign(anna, 'Secrets User');
    const active = [t.instance(row, { originRoleAssignmentId: row.id, endDateTime: '2026-12-01T00:00:00Z' })];
    const [person] = people({ assignments: [row], active }, [policy(anna)]).people;
    expect(person?.losses[0]?.because).toContain('covered only until 2026-12-01');
  });
  test('LP-3: what only a compound entry gives ends, unless the user has it by himself', () => {
    const compound = policy(anna, ['get', 'list'], { applicationId: t.id(50) });
    const one = { assignments: [t.assign(anna, 'Secrets User')] };
    expect(rows(one, [compound, policy(anna, ['list'])]).anna).toEqual([
      'loses getSecret by anna for an application',
      'gains getSecret by the flip',
    ]);
    expect(rows(one, [compound, policy(anna, ['get', 'list'])]).anna).toEqual([]);
  });
  test('what a decision gives up is told as decided, as long as no other entry demands it', () => {
    const entries = [policy(anna), policy(team)];
    const givenUp = new Map([[`${t.tenantId}/${anna}`, new Set([getSecret])]]);
    const one = { members: { [team]: [ben] } };
    expect(rows(one, entries, { givenUp })).toEqual({ anna: ['loses getSecret by anna, decided'], ben: ['loses getSecret by team'] });
    expect(rows({ members: { [team]: [anna] } }, entries, { givenUp }).anna).toEqual(['loses getSecret by anna and team']);
  });
  test('what a decision keeps on one object is demanded there, of each member', () => {
    const keptOnObjects = new Map([
      [`${t.tenantId}/${team}`, [{ object: { kind: 'object', collection: 'secrets', name: 's1' } as const, dataActions: [getSecret] }]],
    ]);
    const decision = { givenUp: new Map([[`${t.tenantId}/${team}`, new Set([getSecret])]]), keptOnObjects };
    const members = { [team]: [anna, ben] };
    const lost = rows({ members, assignments: [t.assign(anna, 'Secrets User', `${t.vaultId}/secrets/s1`)] }, [policy(team)], decision);
    expect(lost.anna?.filter((line) => line.includes('loses'))).toEqual(['loses getSecret by team, decided']);
    expect(lost.ben).toEqual(['loses getSecret by team, decided', 'loses getSecret by team']);
    const byGroup = { members, assignments: [t.assign(team, 'Secrets User', `${t.vaultId}/secrets/s1`)] };
    expect(rows(byGroup, [policy(team)], decision).ben?.filter((line) => line.includes('loses'))).toEqual([
      'loses getSecret by team, decided',
    ]);
    const open = { excludePrincipals: [{ id: division, type: 'Group' }] };
    const denied = { ...byGroup, members: { ...members, [division]: [ben] }, denies: [t.deny(t.group, [division], [getSecret], open)] };
    expect(rows(denied, [policy(team)], decision).ben).toContain('may lose getSecret by team');
  });
  test('a planned assignment that is not made yet covers nobody, and its gain is the plan’s', () => {
    const row = t.assign(team, 'Secrets User');
    const planned = [{ ...row, principalType: 'Group' }];
    expect(rows({ members: { [team]: [ben] } }, [policy(team)], { planned }).ben).toEqual([
      'loses getSecret by team',
      'gains readMetadata by the plan through team',
    ]);
  });
});

describe('who gains', () => {
  test('EA-5: each member gains what no entry gives him, and nobody what he has by an entry of his own', () => {
    const one = { members: { [team]: [anna, ben] }, assignments: [t.assign(team, 'Secrets User')] };
    const own = [policy(anna, ['get', 'list'])];
    expect(rows(one, own)).toEqual({
      anna: ['may lose getSecret readMetadata by anna'],
      ben: ['gains getSecret readMetadata by the flip through team'],
    });
    expect(rows(one, own, { byGroups: new Set([`${t.tenantId}/${anna}`]) })).toEqual({
      anna: [],
      ben: ['gains getSecret readMetadata by the flip through team'],
    });
  });
  test('whoever is named by an assignment alone has a row as well', () => {
    expect(rows({ assignments: [t.assign(app, 'Secrets User')] }, [])).toEqual({ app: ['gains getSecret readMetadata by the flip'] });
  });
  test('P14: a member whom a deny names gains nothing of it', () => {
    const denies = [t.deny(t.group, [ben], [getSecret])];
    const one = { members: { [team]: [anna, ben] }, assignments: [t.assign(team, 'Secrets User')], denies };
    expect(rows(one, [])).toEqual({
      anna: ['gains getSecret readMetadata by the flip through team'],
      ben: ['gains readMetadata by the flip through team'],
    });
  });
});

describe('who is not known', () => {
  test('EA-29: a group whose members could not be read is told as that, with what whoever is in it loses and gains', () => {
    const one = { members: { [team]: unreadable('refused') }, assignments: [t.assign(team, 'Reader')] };
    const { people: known, unread } = people(one, [policy(team)]);
    expect(known).toEqual([]);
    expect(unread).toMatchObject([{ principalId: team, because: 'refused' }]);
    expect(unread.flatMap(told)[0]).toBe('loses getSecret by team');
  });
  test('EA-29: whoever else is known may be in it, and so may lose by it', () => {
    const one = { members: { [team]: unreadable('refused') } };
    const { people: known } = people(one, [policy(team), policy(app, ['list'])]);
    expect(known.flatMap(told)).toEqual(['loses readMetadata by app', 'may lose getSecret by team']);
  });
  test('EA-32: a principal that the directory does not answer for may lose all of its entry, and no more', () => {
    const principals = [{ kind: 'unresolved', objectId: anna, why: { kind: 'directoryUnread', because: '404' } } as const];
    const [person] = people({ principals }, [policy(anna)]).people;
    expect(told(person ?? { losses: [], gains: [] })).toEqual(['may lose getSecret by anna']);
    expect(person?.losses[0]?.because).toBe('the directory does not say who this is: the directory could not be read: 404');
  });
  test('EA-28, EA-32: nobody speaks for deleted principals, app registrations and nested groups', () => {
    const gone = { kind: 'deleted', objectId: anna, displayName: 'gone' } as const;
    const registration = { kind: 'application', objectId: ben, displayName: 'app', appId: '' } as const;
    const principals = [gone, registration, t.aGroup(team), t.aGroup(division)];
    expect(rows({ principals, members: { [team]: [division, anna] } }, [policy(team), policy(anna), policy(ben)])).toEqual({});
  });
});

describe('thousands of members', () => {
  test('are judged as one where nothing tells them apart, with the same answer as one by one', () => {
    const crowd = Array.from({ length: 3000 }, (_, n) => t.id(10_000 + n));
    const members = { [team]: crowd, [division]: crowd.slice(0, 10) };
    const one = { members, assignments: [t.assign(team, 'Secrets Officer'), t.assign(division, 'Administrator')] };
    const asked = { minimumAgeMinutes: 15 };
    const together = people(one, [policy(team, ['all'])], asked).people;
    const far = t.instance(t.assign(anna, 'Reader', '/subscriptions/5b000000-0000-0000-0000-000000000099'), {});
    const eligible = crowd.slice(0, 40).map((principalId) => ({ ...far, principalId }));
    const apart = people({ ...one, eligible }, [policy(team, ['all'])], asked).people;
    expect(together).toHaveLength(3000);
    expect(apart).toEqual(together);
  });
});
