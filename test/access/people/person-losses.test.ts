import { describe, expect, test } from 'vitest';
import type { PeopleQuestion } from '../../../src/access/judge-people.ts';
import type { NamedObject } from '../../../src/access/judgement.ts';
import type { Guid } from '../../../src/base/guid.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { unreadable } from '../../../src/base/reading.ts';
import * as t from '../../builders/a-tenant.ts';
import { judgePeople } from '../in-words.ts';

const { anna, app, ben, team, division, getSecret, readMetadata } = t;
const policy = (objectId: Guid, secrets: readonly string[] = ['get'], more: JsonObject = {}): JsonObject => {
  return { objectId, permissions: { secrets: [...secrets] }, ...more };
};
const key = (objectId: Guid) => `${t.tenantId}/${objectId}`;
const people = (tenant: t.Tenant, policies: readonly JsonObject[], more: Partial<PeopleQuestion> = {}) =>
  judgePeople({
    ...t.question(tenant, { vault: t.vault(policies), minimumAgeMinutes: 15 }),
    givenUp: new Map(),
    keptOnObjects: new Map(),
    byGroups: new Set(),
    ...more,
  });
const lossesOf = (who: Guid, ...rest: Parameters<typeof people>) =>
  people(...rest).people.find(({ principalId }) => principalId === who)?.losses ?? [];
const nothing = 'no role assignment gives it';
const reading = [{ name: getSecret, tier: 'A' }];
const listing = [{ name: readMetadata, tier: 'D' }];

describe('a loss', () => {
  test('tells what is lost by which entries, the own one first, once for each reason', () => {
    const members = { [team]: [anna], [division]: [anna] };
    const policies = [policy(division, ['list', 'get']), policy(team), policy(anna)];
    const entries = [
      { objectId: anna, throughGroup: false },
      { objectId: team, throughGroup: true },
      { objectId: division, throughGroup: true },
    ];
    expect(lossesOf(anna, { members }, policies)).toStrictEqual([
      { certain: true, decided: false, dataActions: reading, entries, because: nothing },
      { certain: true, decided: false, dataActions: listing, entries: entries.slice(2), because: nothing },
    ]);
    expect(lossesOf(anna, {}, [policy(anna, ['list', 'get'])])).toStrictEqual([
      { certain: true, decided: false, dataActions: [...reading, ...listing], entries: entries.slice(0, 1), because: nothing },
    ]);
  });
  test('EA-14: counts the worst place where the action may be checked', () => {
    const collection = `${t.vaultId}/secrets`;
    const onCollection = (denied: string) => [t.deny(collection, [denied], [readMetadata])];
    const lost = (at: string, denied: string) =>
      lossesOf(anna, { assignments: [t.assign(anna, 'Secrets User', at)], denies: onCollection(denied) }, [policy(anna, ['list'])]).map(
        ({ certain, because }) => ({ certain, because }),
      );
    const open = 'the deny assignment `managed by another` names a principal by an id that is not a GUID';
    expect(lost(t.vaultId, 'S-1-5-21')).toEqual([{ certain: false, because: open }]);
    expect(lost(collection, 'S-1-5-21')).toEqual([{ certain: true, because: expect.stringContaining(nothing) as string }]);
    expect(lost(t.vaultId, anna)).toMatchObject([{ certain: true }]);
  });
  test('EA-29: that may be none today says both why and what is missing afterwards, and comes after what is sure', () => {
    const tenant = { members: { [team]: unreadable('403') } };
    expect(lossesOf(anna, tenant, [policy(team), policy(anna, ['list'])])).toEqual([
      expect.objectContaining({ certain: true, dataActions: listing }) as object,
      {
        certain: false,
        decided: false,
        dataActions: reading,
        entries: [{ objectId: team, throughGroup: true }],
        because: `the members of \`group 11\` are not known: 403; ${nothing}`,
      },
    ]);
  });
});

describe('a loss by a compound entry', () => {
  const [first, second] = [t.id(50), t.id(51)];
  const because = 'Azure RBAC has no grant for calls through one application only';
  test('LP-3: is told for each application with the entries that give it, sorted', () => {
    const policies = [
      policy(anna, ['get'], { applicationId: second }),
      policy(anna, ['list'], { applicationId: first }),
      policy(anna, ['purge'], { applicationId: first.toUpperCase() }),
      policy(anna, ['delete']),
    ];
    const through = (applicationId: string) => [{ objectId: anna, throughGroup: false, applicationId }];
    expect(lossesOf(anna, { assignments: [t.assign(anna, 'Secrets Officer')] }, policies)).toEqual([
      {
        certain: true,
        decided: false,
        dataActions: [{ name: t.secret('purge/action'), tier: 'A' }, ...listing],
        entries: through(first),
        because,
      },
      { certain: true, decided: false, dataActions: reading, entries: through(second), because },
    ]);
  });
  test('LP-3: is none of what he has by himself too, and is decided where a decision gives that entry up', () => {
    const compound = policy(anna, ['get'], { applicationId: first });
    expect(lossesOf(anna, { assignments: [t.assign(anna, 'Secrets User')] }, [compound, policy(anna)])).toEqual([]);
    const givenUp = new Map([[`${key(anna)}/${first}`, new Set([getSecret])]]);
    expect(lossesOf(anna, {}, [compound, policy(anna, ['list'])], { givenUp })).toMatchObject([
      { decided: false, dataActions: listing },
      { decided: true, dataActions: reading },
    ]);
  });
  test('LP-3: names the entries that give it through the application, not others of his and not those that may give it by themselves', () => {
    const through = (objectId: Guid, secrets: readonly string[]) => policy(objectId, secrets, { applicationId: first });
    const tenant = { members: { [team]: [anna], [division]: unreadable('403') }, assignments: [t.assign(anna, 'Secrets Officer')] };
    const losses = lossesOf(anna, tenant, [through(anna, ['get']), through(team, ['list']), policy(division)]);
    expect(losses.filter((loss) => loss.because === because).map((loss) => [loss.dataActions, loss.entries])).toEqual([
      [reading, [{ objectId: anna, throughGroup: false, applicationId: first }]],
      [listing, [{ objectId: team, throughGroup: true, applicationId: first }]],
    ]);
  });
  test('LP-4: of a group that nobody knows may be one, and says why', () => {
    const tenant = { members: { [team]: unreadable('403') }, assignments: [t.assign(anna, 'Secrets User')] };
    expect(lossesOf(anna, tenant, [policy(team, ['get'], { applicationId: first }), policy(anna, ['list'])])).toEqual([
      {
        certain: false,
        decided: false,
        dataActions: reading,
        entries: [{ objectId: team, throughGroup: true, applicationId: first }],
        because: `the members of \`group 11\` are not known: 403; ${because}`,
      },
    ]);
  });
});

describe('what a decision keeps on an object', () => {
  const object: NamedObject = { kind: 'object', collection: 'secrets', name: 's1' };
  const keeping = (objectId: Guid, dataActions = [getSecret]): Partial<PeopleQuestion> => ({
    givenUp: new Map([[key(objectId), new Set([getSecret])]]),
    keptOnObjects: new Map([[key(objectId), [{ object, dataActions }]]]),
  });
  const demanded = (...rest: Parameters<typeof lossesOf>) =>
    lossesOf(...rest)
      .filter((loss) => !loss.decided)
      .map(({ certain, because }) => ({ certain, because }));
  const onS1 = (who: Guid) => t.assign(who, 'Secrets User', `${t.vaultId}/secrets/s1`);
  const openToApp = { principals: [t.service(app, true), t.aGroup(team), t.aGroup(division)] };

  test('EA-13: is demanded there and covered there, and nothing that the entry never gave', () => {
    expect(demanded(anna, {}, [policy(anna)], keeping(anna))).toEqual([{ certain: true, because: `on \`secrets/s1\`: ${nothing}` }]);
    expect(demanded(anna, { assignments: [onS1(anna)] }, [policy(anna)], keeping(anna))).toEqual([]);
    expect(demanded(anna, {}, [policy(anna)], keeping(anna, [t.secret('delete')]))).toEqual([]);
  });
  test('EA-31: is kept by a managed identity where its group keeps it there, and not where it is told by itself', () => {
    const members = { [team]: [app] };
    expect(demanded(app, { ...openToApp, members, assignments: [onS1(team)] }, [policy(team)], keeping(team))).toEqual([]);
    expect(demanded(app, { ...openToApp, members }, [policy(team)], keeping(team))).toHaveLength(1);
    const own = demanded(app, { ...openToApp, members, assignments: [onS1(team)] }, [policy(app)], keeping(app));
    expect(own).toEqual([{ certain: false, because: expect.stringContaining('on `secrets/s1`: covered by') as string }]);
  });
  test('EA-29: may be lost where nobody knows whether the entry is meant for him, with both reasons', () => {
    const tenant = { members: { [team]: unreadable('403') } };
    const words = `the members of \`group 11\` are not known: 403; ${nothing}`;
    expect(demanded(anna, tenant, [policy(team), policy(anna, ['list'])], keeping(team))).toContainEqual({
      certain: false,
      because: `on \`secrets/s1\`: ${words}`,
    });
  });
});

describe('who is near a vault', () => {
  const near = (tenant: t.Tenant, policies: readonly JsonObject[]) => {
    const { people: known, unread } = people(tenant, policies);
    return { people: known.map((one) => one.principalId), unread: unread.map(({ principalId, because }) => [principalId, because]) };
  };
  test('EA-29: are the members of its groups, sorted and each once, whether the directory calls those groups or not', () => {
    const members = { [team]: [ben, anna], [division]: [anna, app] };
    const all = { people: [anna, ben, app], unread: [] };
    expect(near({ members }, [policy(team), policy(division), policy(ben)])).toEqual(all);
    expect(near({ members, principals: [] }, [policy(division), policy(team)])).toEqual(all);
  });
  test('EA-29: are groups themselves where nobody knows their members, each with the reason, sorted', () => {
    expect(near({ members: { [division]: unreadable('403') } }, [policy(division), policy(team)])).toEqual({
      people: [],
      unread: [
        [team, 'they were not asked for'],
        [division, '403'],
      ],
    });
    expect(near({ principals: [], members: { [team]: unreadable('403') } }, [policy(team)])).toEqual({
      people: [],
      unread: [[team, '403']],
    });
  });
  test('EA-32: is anybody of whom the directory was not asked', () => {
    expect(near({}, [policy(t.id(500))])).toEqual({ people: [t.id(500)], unread: [] });
  });
});
