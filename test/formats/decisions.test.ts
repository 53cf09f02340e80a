import { describe, expect, test } from 'vitest';
import { readDecisions } from '../../src/formats/decisions.ts';
import { bindDecisions, decisionKey } from '../../src/plan/bind-decisions.ts';
import { anEstate, aVault, id, rawPolicy, rawVault, user } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

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

  test.each([
    ['a slip of the pen in the id', { ...row, principal: developer.replace(/1$/, '2') }, new RegExp(`did you mean \`${developer}\``)],
    [
      'another application',
      { ...row, applicationId: id('f') },
      /its policies for that principal are without `applicationId` and with `applicationId` `e/,
    ],
    [
      'an id like no other',
      { ...row, principal: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' },
      /^correct the decisions file, or take the row out/,
    ],
  ])('with %s names who may have been meant', (_, wrong, remedy) => {
    expect(() => bindDecisions(readDecisions(file(wrong)), estate, catalogue)).toThrow(
      expect.objectContaining({ code: 'DECISION_UNMATCHED', remedy: expect.stringMatching(remedy) as string }),
    );
  });

  test('that speaks of a vault which is on Azure RBAC and has lost its policies since is no error', () => {
    const flipped = anEstate([aVault(rawVault('kv-app', [], { enableRbacAuthorization: true }))], [user(developer)]);
    expect(bindDecisions(readDecisions(file(row)), flipped, catalogue).size).toBe(0);
  });

  test('that speaks twice of one entry is refused', () => {
    const twice = readDecisions(file(row, { ...row, vault: vault.id, choice: 'reproduce' }));
    expect(() => bindDecisions(twice, estate, catalogue)).toThrow(expect.objectContaining({ code: 'DECISION_TWICE' }));
  });

  test.each([
    ['no reason', { ...row, reason: '  ' }, 'line 8, column 17: `decisions[0].reason` needs a sentence: reviewers read it'],
    [
      'an unknown choice',
      { ...row, choice: 'dorp' },
      /line 7, column 17: `decisions\[0\]\.choice` is `dorp` \(did you mean `drop`\?\); it has to be one of reproduce, /,
    ],
    ['narrow without keep', { ...row, choice: 'narrow' }, '`decisions[0].keep` is missing, and `narrow` needs it'],
    [
      'keep without narrow',
      { ...row, keep: ['secrets/get'] },
      '`decisions[0].keep` goes with `narrow`, `objectScope` and `nameCondition` alone',
    ],
    ['nothing to keep', { ...row, choice: 'narrow', keep: [] }, '`decisions[0].keep` has to name at least one'],
    [
      'objects without need',
      { ...row, objects: ['secrets/a'] },
      '`decisions[0].objects` goes with `objectScope` and `nameCondition` alone',
    ],
    ['objectScope without objects', { ...row, choice: 'objectScope' }, '`decisions[0].objects` is missing, and'],
    ['a permission of no kind', { ...row, choice: 'narrow', keep: ['get'] }, '`decisions[0].keep[0]` is not written like `secrets/get`'],
    ['a principal by name', { ...row, principal: 'jane' }, '`decisions[0].principal` is not an id such as'],
    ['a vault that is a number', { ...row, vault: 7 }, 'line 5, column 16: `decisions[0].vault` has to be a text'],
    ['no vault', { principal: developer, choice: 'drop', reason: 'x' }, 'line 4, column 5: `decisions[0].vault` is missing'],
    [
      'a name misspelt',
      { vault: 'kv-app', principal: developer, choise: 'drop', reason: 'x' },
      '`decisions[0]` has `choise` (did you mean `choice`?), which are unknown there',
    ],
    ['a field nobody knows', { ...row, force: true }, '`decisions[0]` has `force`, which are unknown there'],
  ])('with %s is refused by place, in words', (_, wrong, said) => {
    const text = JSON.stringify({ formatVersion: 1, decisions: [wrong] }, undefined, 2);
    const refused = expect.objectContaining({ code: 'DECISIONS_UNREADABLE', outcome: 'usage' }) as Error;
    expect(() => readDecisions(text, 'mine.json')).toThrow(refused);
    expect(() => readDecisions(text, 'mine.json')).toThrow(said);
    expect(() => readDecisions(text, 'mine.json')).toThrow(/^the decisions file `mine\.json` cannot be read: line \d+, column \d+: /);
  });

  test.each([
    ['{\n  "formatVersion": 1,\n  "decisions": [],\n}', 'line 3, column 18: a comma stands before `}`, and nothing after it'],
    ['{ "formatVersion": 1 "rules": [] }', 'line 1, column 22: a comma or `}` is missing before this'],
    ['formatVersion: 1', 'line 1, column 1: `formatVersion` is not a JSON value'],
  ])('that is no JSON is refused with its place: %j', (text, said) => {
    expect(() => readDecisions(text, 'mine.json')).toThrow(
      `the decisions file \`mine.json\` cannot be read: it is not valid JSON (${said}`,
    );
  });

  test.each([
    ['{ "formatVersion": 2 }', '`formatVersion` is `2` and has to be `1`'],
    ['{ "formatVersion": 1, "decision": [] }', 'the file has `decision` (did you mean `decisions`?), which are unknown there'],
    ['{ "formatVersion": 1, "acceptances": [{ "vault": "*", "reason": "x" }] }', '`acceptances[0].finding` is missing'],
  ])('as a whole has to be one: %s', (text, said) => {
    expect(() => readDecisions(text)).toThrow(said);
  });
});
