import { describe, expect, test } from 'vitest';
import { heldByPolicy } from '../../src/access/decide-legacy.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { unreadable } from '../../src/base/reading.ts';
import * as t from '../builders/a-tenant.ts';
import { decideLegacy } from './in-words.ts';

const { anna, ben, team, getSecret } = t;
const get = { permissions: { secrets: ['Get'] } };
const applicationId = t.id(901);

function decide(policies: readonly JsonObject[], more: Partial<Parameters<typeof decideLegacy>[0]> = {}, tenant: t.Tenant = {}) {
  return decideLegacy({ principalId: anna, dataAction: getSecret, ...more }, t.vault(policies), t.facts(tenant));
}

describe('an access policy', () => {
  test('LP-1, LP-2: gives its permissions to its object id, in any spelling, and names the entry', () => {
    const objectId = anna.replaceAll('-', '').toUpperCase();
    expect(decide([{ objectId, ...get }])).toEqual({ state: 'granted', by: [], entries: [`${t.tenantId}/${anna}`] });
    expect(decide([{ objectId, ...get }], { dataAction: getSecret.toUpperCase() }).state).toBe('granted');
    expect(decide([{ objectId, ...get }], { principalId: ben })).toEqual({ state: 'notGranted', because: 'no access policy gives it' });
    expect(decide([{ objectId, ...get }], { dataAction: t.readMetadata }).state).toBe('notGranted');
  });
  test('LP-2: of another tenant is inert', () => {
    expect(decide([{ objectId: anna, ...get, tenantId: t.id(99) }]).state).toBe('notGranted');
    expect(decide([{ objectId: anna, ...get, tenantId: t.tenantId.replaceAll('-', '') }]).state).toBe('granted');
  });
  test('LP-3, P17: with an application id gives nothing to the plain principal, and adds to it through that application', () => {
    const policies = [
      { objectId: anna, ...get },
      { objectId: anna, applicationId, permissions: { secrets: ['purge'] } },
    ];
    const purge = { dataAction: t.secret('purge/action') };
    expect(decide(policies, purge).state).toBe('notGranted');
    expect(decide(policies, { ...purge, applicationId })).toMatchObject({
      state: 'granted',
      entries: [`${t.tenantId}/${anna}/${applicationId}`],
    });
    expect(decide(policies, { ...purge, applicationId: t.id(902) }).state).toBe('notGranted');
    expect(decide(policies, { applicationId }).state).toBe('granted');
    expect([...heldByPolicy(anna, t.vault(policies), t.facts()).surely]).toEqual([getSecret]);
  });
  test('LP-4: of a group gives to its transitive members, and is open when those are not known', () => {
    const policies = [{ objectId: team, ...get }];
    expect(decide(policies, {}, { members: { [team]: [anna] } }).state).toBe('granted');
    expect(decide(policies, {}, { members: { [team]: [ben] } }).state).toBe('notGranted');
    expect(decide(policies, {}, { members: { [team]: unreadable('403') } })).toEqual({
      state: 'unknown',
      because: ['the members of `group 11` are not known: 403'],
    });
    expect([...heldByPolicy(anna, t.vault(policies), t.facts()).perhaps.keys()]).toEqual([getSecret]);
  });
  test('LP-2: of an odd tenant counts only where the vault is of the same, in any spelling', () => {
    const decideIn = (ofEntry: string, ofVault: string) => {
      const vault = t.vault([{ objectId: anna, ...get, tenantId: ofEntry }], { tenantId: ofVault });
      return decideLegacy({ principalId: anna, dataAction: getSecret }, vault, t.facts()).state;
    };
    expect([decideIn(' Contoso ', 'contoso'), decideIn('contoso', 'fabrikam')]).toEqual(['granted', 'notGranted']);
    expect(decideIn(t.tenantId.replaceAll('-', '').toUpperCase(), ` ${t.tenantId} `)).toBe('granted');
  });
  test('LP-3: is named with every other that gives the same, sorted, and the action is known in any spelling', () => {
    const policies = [team, anna].map((objectId) => ({ objectId, ...get }));
    expect(decide(policies, { dataAction: ` ${getSecret} ` }, { members: { [team]: [anna] } })).toEqual({
      state: 'granted',
      by: [],
      entries: [`${t.tenantId}/${anna}`, `${t.tenantId}/${team}`],
    });
  });
  test('LP-4: of an id that nobody knows may be one of a group, and all that is open is told, in one order', () => {
    const policies = [t.id(500), team].map((objectId) => ({ objectId, ...get }));
    expect(decide(policies)).toEqual({
      state: 'unknown',
      because: ['group 11', t.id(500)].map((shown) => `the members of \`${shown}\` are not known: they were not asked for`),
    });
    expect(decide([...policies].reverse())).toEqual(decide(policies));
    expect(decide([policies[0] ?? {}]).state).toBe('unknown');
  });
  test('LP-8: that stands twice gives both lists, and one with an odd object id gives nothing', () => {
    const policies = [
      { objectId: anna, permissions: { secrets: ['list'] } },
      { objectId: anna, ...get },
      { objectId: 'someone', ...get },
    ];
    const { surely, perhaps } = heldByPolicy(anna, t.vault(policies), t.facts());
    expect([...surely].sort()).toEqual([getSecret, t.readMetadata]);
    expect([...perhaps.keys()]).toEqual([]);
  });
  test('LP-5: with `all` does not give purge', () => {
    const policies = [{ objectId: anna, permissions: { secrets: ['all'] } }];
    expect(decide(policies).state).toBe('granted');
    expect(decide(policies, { dataAction: t.secret('purge/action') }).state).toBe('notGranted');
  });
});
