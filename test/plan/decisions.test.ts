import { describe, expect, test } from 'vitest';
import { bindDecisions, decisionKey } from '../../src/plan/bind-decisions.ts';
import { readDecisions } from '../../src/plan/decisions.ts';
import { catalogue } from './a-plan.ts';
import { anEstate, aVault, id, rawPolicy, rawVault, user } from './an-estate.ts';

const developer = id('d');
const app = id('e');
const compound = rawPolicy(developer, { secrets: ['list'] }, { applicationId: app });
const vault = aVault(rawVault('kv-app', [rawPolicy(developer, { secrets: ['get'] }), compound]));
const estate = anEstate([vault], [user(developer)]);
const row = { vault: 'kv-app', principal: developer, choice: 'drop', reason: 'left the team' };
const file = (...decisions: object[]) => JSON.stringify({ formatVersion: 1, decisions });

describe('the decisions file', () => {
  test('binds a decision to its entry by the vault’s name or id, in any case', () => {
    for (const name of ['KV-App', vault.id.toUpperCase()]) {
      const bound = bindDecisions(readDecisions(file({ ...row, vault: name, principal: developer.toUpperCase() })), estate, catalogue);
      expect(bound.get(decisionKey(vault, { objectId: developer }))).toEqual({ choice: 'drop', reason: 'left the team' });
      expect(bound.size).toBe(1);
    }
  });

  test('P17: a decision on the plain entry does not speak of the compound one', () => {
    const bound = bindDecisions(readDecisions(file(row)), estate, catalogue);
    expect(bound.has(decisionKey(vault, { objectId: developer, applicationId: app }))).toBe(false);
    const other = bindDecisions(readDecisions(file({ ...row, applicationId: app })), estate, catalogue);
    expect([...other.keys()]).toEqual([decisionKey(vault, { objectId: developer, applicationId: app })]);
  });

  test.each([
    ['a principal without a policy', { ...row, principal: app }],
    ['another application', { ...row, applicationId: id('f') }],
  ])('that speaks of %s is an error, not silence', (_, wrong) => {
    expect(() => bindDecisions(readDecisions(file(wrong)), estate, catalogue)).toThrow(
      expect.objectContaining({ code: 'DECISION_UNMATCHED', outcome: 'usage' }),
    );
  });

  test('that speaks of a vault that is not in view, as one for all waves does, binds nothing there and all the rest', () => {
    const bound = bindDecisions(readDecisions(file({ ...row, vault: 'kv-later-wave' }, row)), estate, catalogue);
    expect([...bound.keys()]).toEqual([decisionKey(vault, { objectId: developer })]);
  });

  test('that speaks twice of one entry is refused', () => {
    const twice = readDecisions(file(row, { ...row, vault: vault.id, choice: 'reproduce' }));
    expect(() => bindDecisions(twice, estate, catalogue)).toThrow(expect.objectContaining({ code: 'DECISION_TWICE' }));
  });

  test.each([
    ['no reason', { ...row, reason: '  ' }],
    ['an unknown choice', { ...row, choice: 'widen' }],
    ['narrow without keep', { ...row, choice: 'narrow' }],
    ['keep without narrow', { ...row, keep: ['secrets/get'] }],
    ['a permission of no kind', { ...row, choice: 'narrow', keep: ['get'] }],
    ['a principal by name', { ...row, principal: 'jane' }],
    ['a field nobody knows', { ...row, force: true }],
  ])('with %s is refused with the field named', (_, wrong) => {
    expect(() => readDecisions(file(wrong))).toThrow(expect.objectContaining({ code: 'DECISIONS_UNREADABLE', outcome: 'usage' }));
    expect(() => readDecisions(file(wrong))).toThrow(/decisions\.0/);
  });
});
