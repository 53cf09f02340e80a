import { describe, expect, test } from 'vitest';
import { accessFacts, unreadLists } from '../../src/access/access-facts.ts';
import { everyone } from '../../src/base/guid.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import * as t from '../builders/a-tenant.ts';
import { decideRbac, judgeVault } from './in-words.ts';

const { anna, ben, team, division, getSecret } = t;
const aGroup = (id: string) => ({ id, type: 'Group' });

describe('facts that are indexed once', () => {
  const tenant = { assignments: [t.assign(team, 'Secrets User')], members: { [team]: [anna] } };
  const sources = t.sources(tenant);
  const state = (more: object = {}) => decideRbac(t.ask(anna, getSecret), accessFacts({ ...sources, ...more })).state;

  test('EA-45: are the same for every vault of a subscription', () => {
    expect(accessFacts(sources)).toBe(accessFacts({ ...sources }));
  });
  test('are made anew when the members, the directory or the catalogue is another', () => {
    expect(state()).toBe('granted');
    expect(state({ members: new Map([[team, read(new Set([ben]))]]) })).toBe('notGranted');
    expect(state({ principals: new Map([[anna, { kind: 'deleted', objectId: anna, displayName: '' }]]) })).toBe('notGranted');
    const catalogue = { ...t.catalogue, dataActions: [] };
    expect(accessFacts({ ...sources, catalogue }).dataAction(getSecret)).toBeUndefined();
    expect(accessFacts(sources).dataAction(` ${getSecret.toUpperCase()} `)?.name).toBe(getSecret);
  });
});

describe('what could not be read', () => {
  test('is told list by list', () => {
    const unread = (list: string) => unreadLists(t.facts({ facts: { [list]: unreadable('403') } }));
    for (const list of ['denyAssignments', 'activeInstances', 'roleAssignments', 'roleDefinitions'])
      expect(unread(list)).toEqual([{ kind: 'listUnread', list, text: '403' }]);
    expect(unread('locks')).toEqual([]);
  });
  test('EA-29: names the groups of deny assignments and of access policies too, and each once', () => {
    const excludePrincipals = [aGroup(division)];
    const third = t.id(13);
    const doubts = judgeVault(
      t.question(
        {
          denies: [t.deny(t.vaultId, [everyone, aGroup(team)], [getSecret], { excludePrincipals })],
          members: Object.fromEntries([third, division, team, everyone].map((id) => [id, unreadable('403')])),
        },
        { vault: t.vault([third, team, 'someone'].map((objectId) => ({ objectId, permissions: { secrets: ['get'] } }))) },
      ),
    ).doubts;
    expect(doubts).toEqual([third, 'group 11', 'group 12'].map((name) => `members of \`${name}\` could not be read: 403`));
  });
  test('EA-29: is nothing where the members of a group are known', () => {
    const members = { [team]: [anna], [division]: unreadable('403') };
    expect(judgeVault(t.question({ assignments: [t.assign(team, 'Secrets User')], members })).doubts).toEqual([]);
    const onSecret = [t.assign(division, 'Secrets User', `${t.vaultId}/secrets/one`)];
    expect(judgeVault(t.question({ assignments: onSecret, members })).doubts).toEqual(['members of `group 12` could not be read: 403']);
  });
});
