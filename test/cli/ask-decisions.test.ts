import { expect, test } from 'vitest';
import { askDecisions } from '../../src/cli/ask-decisions.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { type DecisionRow, readDecisions } from '../../src/plan/decisions.ts';
import { catalogue } from '../plan/a-plan.ts';
import { anEstate, aVault, id, rawPolicy, rawVault, vaultResourceId } from '../plan/an-estate.ts';
import { testIo } from './test-io.ts';

const principal = id('d');

function planOf(permissions: Parameters<typeof rawPolicy>[1], decisions: readonly DecisionRow[] = []) {
  // Nobody is there who answers for the principal, so its entry is undecided.
  const estate = anEstate([aVault(rawVault('kv-app', [rawPolicy(principal, permissions)]))], []);
  return buildPlan(estate, { catalogue, decisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
}

async function asked(
  answers: readonly string[],
  permissions: Parameters<typeof rawPolicy>[1] = { secrets: ['all'] },
  objections: readonly string[] = [],
) {
  const io = testIo({ terminal: true, answers });
  const left = [...objections];
  const rows = await askDecisions(planOf(permissions), [], { catalogue, objectionTo: () => left.shift(), io });
  return { rows, err: io.stderr() };
}

test('LP-5: a person may keep what the word `all` of a policy stands for, and no more', async () => {
  const { rows, err } = await asked(['narrow', 'secrets/purge', 'Secrets/Get', 'nothing else was used']);
  expect(err).toMatch(/! the policy has no `secrets\/purge`; it has secrets\/all, secrets\/get, /);
  expect(rows).toMatchObject([{ choice: 'narrow', keep: ['Secrets/Get'], reason: 'nothing else was used' }]);
});

test.each([
  ['single objects', 'objectScope'],
  ['names of secrets', 'nameCondition'],
])('for %s a person names objects and what stays for the whole vault, in any number', async (name, choice) => {
  const { rows, err } = await asked([name, 'secrets/Db, secrets/Api-Key', 'secrets/list', 'one service each']);
  expect(err).toMatch(/\? On which objects, spelled as in the vault\?.*\n\? Which permissions stay for the whole vault/);
  expect(rows).toEqual([
    {
      vault: vaultResourceId('kv-app'),
      principal,
      choice,
      keep: ['secrets/list'],
      objects: ['secrets/Db', 'secrets/Api-Key'],
      reason: 'one service each',
    },
  ]);
  expect(readDecisions(JSON.stringify({ formatVersion: 1, decisions: rows })).decisions).toEqual(rows);
});

test('nothing has to stay for the whole vault, and then no list of nothing is written', async () => {
  const { rows } = await asked(['single objects', 'secrets/db', ' ', 'nobody lists']);
  expect(rows).toMatchObject([{ choice: 'objectScope', objects: ['secrets/db'] }]);
  expect(rows[0]).not.toHaveProperty('keep');
  expect(() => readDecisions(JSON.stringify({ formatVersion: 1, decisions: rows }))).not.toThrow();
});

test.each([
  ['db', '`db` is not written like `secrets/name`'],
  ['secrets/db, storage/a', '`storage/a` is not written like `secrets/name`'],
  ["secrets/a'}) OR", "`secrets/a'})` is not written like `secrets/name`"],
  [' , ', 'name at least one, or choose drop'],
])('what is no object is asked again: %s', async (odd, objection) => {
  const { rows, err } = await asked(['single objects', odd, 'secrets/db', '', 'one service']);
  expect(err).toContain(`! ${objection}`);
  expect(rows).toMatchObject([{ objects: ['secrets/db'] }]);
});

test('what stays for the whole vault has to be in the policy', async () => {
  const { rows, err } = await asked(['names of secrets', 'secrets/db', 'keys/list', 'secrets/list', 'lists at its start']);
  expect(err).toContain('! the policy has no `keys/list`');
  expect(rows).toMatchObject([{ keep: ['secrets/list'] }]);
});

test.each([
  ['prefer fewer', 'preferFewer'],
  ['custom role', 'customRole'],
])('%s needs no more than a reason', async (name, choice) => {
  expect((await asked([name, 'near the limit'])).rows).toEqual([
    { vault: vaultResourceId('kv-app'), principal, choice, reason: 'near the limit' },
  ]);
});

test('an answer that cannot be carried out is told and asked for again, and takes no other with it', async () => {
  const why = 'a decision cannot be carried out: it names `keys/k`, on which it gives nothing';
  const { rows, err } = await asked(['single objects', 'keys/k', '', 'a slip', 'drop', 'gone'], { secrets: ['get'] }, [why]);
  expect(err.replaceAll(/\s+/g, ' ')).toContain(why);
  expect(rows).toMatchObject([{ choice: 'drop', reason: 'gone' }]);
  expect(rows).toHaveLength(1);
});
