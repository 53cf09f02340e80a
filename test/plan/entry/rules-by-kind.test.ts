import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/base/json.ts';
import { readDecisions } from '../../../src/formats/decisions.ts';
import type { Principal } from '../../../src/model/principal.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { anEstate, application, aVault, id, rawPolicy, rawVault, user } from '../../builders/an-estate.ts';
import { catalogue } from '../../builders/the-catalogue.ts';

const [app, person, site] = [id('d', 1), id('d', 2), id('d', 3)];
const [service] = catalogue.services.values();
const websites: Principal = {
  kind: 'servicePrincipal',
  objectId: site,
  displayName: 'Websites',
  appId: service?.appId ?? '',
  managedIdentity: false,
};
const reads = { secrets: ['get', 'list'] };
/** The narrowest role that may write secrets may do more besides. */
const writes = { secrets: ['get', 'list', 'set'] };

/** What is decided, by vault and by the last digit of the principal. */
function decided(
  rules: readonly object[],
  more: { readonly policies?: readonly JsonObject[]; readonly decisions?: readonly object[] } = {},
) {
  const policies = more.policies ?? [rawPolicy(app, reads), rawPolicy(person, writes), rawPolicy(site, reads)];
  const vaults = ['kv-one', 'kv-two'].map((name, at) =>
    aVault({ ...rawVault(name, policies), tags: { Env: at === 0 ? 'dev' : 'prod', wave: String(at + 1) } }),
  );
  const estate = anEstate(vaults, [application(app), user(person), websites]);
  const given = readDecisions(JSON.stringify({ formatVersion: 1, rules, decisions: more.decisions ?? [] }));
  const plan = buildPlan(estate, { catalogue, ...given, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0', waveBy: 'wave' });
  return plan.vaults.flatMap(({ name, entries }) =>
    entries.flatMap(({ objectId, decision }) => (decision === undefined ? [] : [`${name} ${objectId.slice(-1)} ${decision.choice}`])),
  );
}

const rule = (when: object, choice = 'customRole') => ({ when, choice, reason: 'agreed' });

describe('a rule for entries that need no decision', () => {
  test('fits by what the principal is', () => {
    expect(decided([rule({ kind: 'user' })])).toEqual(['kv-one 2 customRole', 'kv-two 2 customRole']);
    expect(decided([rule({ kind: 'managedIdentity' }), rule({ kind: 'guest' })])).toEqual([]);
  });

  test("fits by a service of Microsoft's, in any case of letters", () => {
    expect(decided([rule({ service: (service?.service ?? '').toUpperCase() }, 'reproduce')])).toEqual([
      'kv-one 3 reproduce',
      'kv-two 3 reproduce',
    ]);
    expect(decided([rule({ service: 'nobody knows it' })])).toEqual([]);
  });

  test('fits by a tag of the vault and by its wave, and all conditions have to hold', () => {
    expect(decided([rule({ kind: 'user', tag: 'env=dev' })])).toEqual(['kv-one 2 customRole']);
    expect(decided([rule({ kind: 'user', wave: '2' })])).toEqual(['kv-two 2 customRole']);
    expect(decided([rule({ kind: 'user', wave: '2', tag: 'env=dev' })])).toEqual([]);
  });

  test('fits by the tier of what the roles would give beyond what was asked for', () => {
    expect(decided([rule({ extra: 'A' })])).toEqual(['kv-one 2 customRole', 'kv-two 2 customRole']);
    expect(decided([rule({ extra: 'A', tag: 'env=prod' })])).toEqual(['kv-two 2 customRole']);
    expect(decided([rule({ extra: 'A' })], { policies: [rawPolicy(app, reads)] })).toEqual([]);
  });

  test('gives way to a single decision, and of two the first decides', () => {
    const decisions = [{ vault: 'kv-one', principal: person, choice: 'preferFewer', reason: 'by hand' }];
    expect(decided([rule({ kind: 'user' }), rule({ extra: 'A' })], { decisions })).toEqual(['kv-one 2 preferFewer', 'kv-two 2 customRole']);
    expect(decided([rule({ kind: 'user' }, 'keepExisting'), rule({ tag: 'env=dev', kind: 'user' })])).toEqual([
      'kv-one 2 keepExisting',
      'kv-two 2 keepExisting',
    ]);
  });

  test('decides nothing for an entry that grants nothing today, or that needs a decision for a reason of its own', () => {
    const storage = rawPolicy(person, { secrets: ['get'], storage: ['get'] });
    expect(decided([rule({ kind: 'user' })], { policies: [storage] })).toEqual([]);
  });
});

describe('a rule that cannot be meant', () => {
  test.each([
    ['without a condition', rule({}), 'holds no condition'],
    ['on extra access of somebody who is gone', rule({ principal: 'deleted', extra: 'A' }, 'drop'), 'where no roles are chosen'],
    ['that gives storage up where there is none', rule({ kind: 'user' }, 'dropStorage'), 'goes with another `when`'],
    ['on a tag without a value', rule({ tag: 'env' }), 'is not written like `name=value`'],
    ['with a word misspelt', rule({ knid: 'user' }), 'did you mean `kind`?'],
  ])('%s is refused with its place', (_, row, words) => {
    expect(() => decided([row])).toThrow(
      expect.objectContaining({ code: 'DECISIONS_UNREADABLE', message: expect.stringContaining(words) as string }) as Error,
    );
  });

  test('twice is refused', () => {
    expect(() => decided([rule({ kind: 'user', tag: 'a=b' }), rule({ tag: 'a=b', kind: 'user' }, 'drop')])).toThrow(
      expect.objectContaining({ code: 'DECISION_TWICE' }) as Error,
    );
  });
});
