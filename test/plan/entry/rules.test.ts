import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { readDecisions } from '../../../src/formats/decisions.ts';
import type { VaultPlan } from '../../../src/formats/plan.ts';
import type { Principal } from '../../../src/model/principal.ts';
import { recordedDecisions } from '../../../src/plan/bind-decisions.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { anEstate, application, aVault, id, rawPolicy, rawVault } from '../../builders/an-estate.ts';
import { catalogue } from '../../builders/the-catalogue.ts';

const app = id('d');
const gone = id('e');
const all = { keys: ['all'], secrets: ['all'], certificates: ['all'], storage: ['all'] };
const deleted: Principal = { kind: 'deleted', objectId: gone, displayName: 'sp-old' };
const absent: Principal = { kind: 'unresolved', objectId: gone, why: { kind: 'absent' } };

function planOf(
  policies: readonly JsonObject[],
  rules: readonly object[],
  who: readonly Principal[] = [],
  decisions: readonly object[] = [],
) {
  const estate = anEstate(
    ['kv-app', 'kv-two'].map((name) => aVault(rawVault(name, policies))),
    [application(app), ...who],
  );
  const given = readDecisions(JSON.stringify({ formatVersion: 1, decisions, rules }));
  return buildPlan(estate, { catalogue, ...given, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' }).vaults;
}

const entryOf = (vault: VaultPlan | undefined, objectId = app) => vault?.entries.find((entry) => entry.objectId === objectId);

describe('a rule on storage permissions', () => {
  const giveUp = { when: { storage: true }, choice: 'dropStorage', reason: 'nobody keeps storage keys in vaults any more' };

  test('P23: gives them up in every vault, carries everything else over, and is recorded like any other decision', () => {
    const vaults = planOf([rawPolicy(app, all)], [giveUp]);
    expect(vaults.map((vault) => vault.state)).toEqual(['ready', 'ready']);
    const without = planOf([rawPolicy(app, { ...all, storage: [] })], []);
    expect(entryOf(vaults[0])).toMatchObject({ outcome: 'reproduce', decision: { choice: 'dropStorage', reason: giveUp.reason } });
    expect(entryOf(vaults[0])?.choice).toEqual(entryOf(without[0])?.choice);
    expect(vaults[0]?.steps).toEqual(without[0]?.steps);
    expect(entryOf(vaults[0])?.dropped).toContain('Microsoft.KeyVault/vaults/storageaccounts/read');
    expect(entryOf(vaults[0])?.dropped.filter((name) => !name.includes('/storageaccounts/'))).toEqual([]);
  });

  test('P23: keeps them where it says so, with the widest role', () => {
    const [vault] = planOf([rawPolicy(app, all)], [{ ...giveUp, choice: 'reproduce' }]);
    expect(entryOf(vault)).toMatchObject({ outcome: 'reproduce', dropped: [], choice: { roles: [{ name: 'Key Vault Administrator' }] } });
  });

  test('gives up an entry that has nothing else', () => {
    const [vault] = planOf([rawPolicy(app, { storage: ['get', 'regeneratekey'] })], [giveUp]);
    expect(entryOf(vault)).toMatchObject({ outcome: 'drop', choice: { roles: [] } });
    expect(vault?.steps.map((step) => step.kind)).toEqual(['flip']);
  });

  test('does not speak of an entry without them, and does not settle what needs a decision for another reason too', () => {
    const policies = [rawPolicy(app, { secrets: ['get'] }), rawPolicy(gone, all), rawPolicy(app, all, { applicationId: id('f', 9) })];
    const [vault] = planOf(policies, [giveUp], [absent]);
    expect(vault?.entries.map(({ outcome, decision }) => [outcome, decision])).toEqual([
      ['reproduce', undefined],
      ['undecided', undefined],
      ['undecided', undefined],
    ]);
  });

  test('yields to a decision that names the entry', () => {
    const one = { vault: 'kv-app', principal: app, choice: 'drop', reason: 'left the team' };
    const [first, second] = planOf([rawPolicy(app, all)], [giveUp], [], [one]);
    expect(entryOf(first)?.decision).toEqual({ choice: 'drop', reason: 'left the team' });
    expect(entryOf(second)?.decision?.choice).toBe('dropStorage');
  });
});

describe('a rule on who is gone', () => {
  const drop = (principal: string) => ({ when: { principal }, choice: 'drop', reason: 'cleaned up' });

  test('EA-32: drops entries of deleted principals, storage permissions included, and of nobody else', () => {
    const rules = [{ when: { storage: true }, choice: 'reproduce', reason: 'kept' }, drop('deleted')];
    for (const vault of planOf([rawPolicy(gone, all), rawPolicy(app, { secrets: ['get'] })], rules, [deleted])) {
      expect(vault.state).toBe('ready');
      expect(entryOf(vault, gone)).toMatchObject({ outcome: 'drop', decision: { choice: 'drop', reason: 'cleaned up' } });
      expect(entryOf(vault)).not.toHaveProperty('decision');
    }
  });

  test('P22: deleted and unresolved are two things: a rule on one does not speak of the other', () => {
    const policies = [rawPolicy(gone, { secrets: ['get'] })];
    expect(planOf(policies, [drop('deleted')], [absent])[0]?.state).toBe('blocked');
    expect(planOf(policies, [drop('unresolved')], [deleted])[0]?.state).toBe('blocked');
    expect(planOf(policies, [drop('unresolved')], [absent])[0]?.state).toBe('ready');
  });

  test.each<[string, Principal[]]>([
    ['could not be read', [{ kind: 'unresolved', objectId: gone, why: { kind: 'directoryUnread', because: 'Graph refused' } }]],
    [
      'did not say whether it was deleted',
      [{ kind: 'unresolved', objectId: gone, why: { kind: 'deletedUnread', because: 'deleted items refused' } }],
    ],
    ['was never asked', []],
  ])('EA-32: drops nobody when the directory %s', (_, who) => {
    expect(planOf([rawPolicy(gone, { secrets: ['get'] })], [drop('unresolved')], who)[0]?.state).toBe('blocked');
  });

  test('leaves an entry that grants nothing today as it is', () => {
    const foreign = { ...rawPolicy(gone, { secrets: ['get'] }), tenantId: id('b', 2) };
    expect(entryOf(planOf([foreign], [drop('deleted')], [deleted])[0], gone)).toMatchObject({ outcome: 'inert' });
  });
});

test('what rules decided is enough to make the plan again without them', () => {
  const rules = [{ when: { storage: true }, choice: 'dropStorage', reason: 'deprecated' }];
  const [vault] = planOf([rawPolicy(app, all)], rules) as [VaultPlan];
  const scope = aVault(rawVault('kv-app', [])).scope;
  expect([...recordedDecisions(scope, vault.entries).values()]).toEqual([{ choice: 'dropStorage', reason: 'deprecated' }]);
});

test.each([
  ['both', { principal: 'deleted', storage: true }, 'drop', /rules\[0\].when.*either `principal` or `storage`/],
  ['nothing', {}, 'drop', /rules\[0\].when.*holds no condition/],
  ['storage, and the whole entry', { storage: true }, 'drop', /rules\[0\].choice/],
  ['deleted principals, and roles for them', { principal: 'deleted' }, 'reproduce', /rules\[0\].choice/],
])('a rule that speaks of %s is refused', (_, when, choice, why) => {
  const text = JSON.stringify({ formatVersion: 1, rules: [{ when, choice, reason: 'x' }] });
  expect(() => readDecisions(text)).toThrow(why);
});

test('two rules on the same entries are refused', () => {
  const rule = { when: { storage: true }, choice: 'reproduce', reason: 'x' };
  const text = JSON.stringify({ formatVersion: 1, rules: [rule, { ...rule, choice: 'dropStorage' }] });
  expect(() => readDecisions(text)).toThrow(expect.objectContaining({ code: 'DECISION_TWICE' }));
});
