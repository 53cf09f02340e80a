import { expect, test } from 'vitest';
import { askDecisions } from '../../src/cli/ask-decisions.ts';
import { noDecisions, readDecisions } from '../../src/formats/decisions.ts';
import type { Principal } from '../../src/model/principal.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { possibleChoices } from '../../src/plan/possible-choices.ts';
import { anEstate, application, aVault, id, rawPolicy, rawVault, vaultResourceId } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import { testIo } from './test-io.ts';

const principal = id('d');

type Permissions = Parameters<typeof rawPolicy>[1];

/** Permissions on storage accounts make the entry one that a person has to decide on. */
function planOf(
  permissions: Permissions,
  policies = [rawPolicy(principal, { ...permissions, storage: ['all'] })],
  who = [application(principal)],
) {
  const estate = anEstate([aVault(rawVault('kv-app', policies))], who);
  return buildPlan(estate, { catalogue, ...noDecisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
}

async function asked(
  answers: readonly string[],
  permissions: Permissions = { secrets: ['all'] },
  objections: readonly string[] = [],
  plan = planOf(permissions),
) {
  const io = testIo({ terminal: true, answers });
  const left = [...objections];
  const decided = await askDecisions(plan, noDecisions, { catalogue, objectionTo: () => left.shift(), io });
  return { decided, rows: decided.decisions, err: io.stderr() };
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
  expect(err).toMatch(/\? On which objects, spelled as in the vault\?.*\n\? Which permissions should still apply to the whole vault/);
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

const all = { keys: ['all'], secrets: ['all'], certificates: ['all'], storage: ['all'] };
const [second, gone, lost] = [id('d', 2), id('e', 1), id('e', 2)];
const deleted = (objectId: typeof gone): Principal => ({ kind: 'deleted', objectId, displayName: '' });

test('P23: storage permissions are asked about once for all entries of the vault, the recommended answer first, and the answer is a rule', async () => {
  const plan = planOf({}, [rawPolicy(principal, all), rawPolicy(second, all)], [application(principal), application(second)]);
  const { decided, err } = await asked(['give them up', 'nobody uses them'], {}, [], plan);
  expect(err).toMatch(/^\? 2 entries hold permissions on storage accounts, .*\n\? Why\? Reviewers will read this\.\n$/);
  expect(decided).toEqual({ ...noDecisions, rules: [{ when: { storage: true }, choice: 'dropStorage', reason: 'nobody uses them' }] });
  expect(readDecisions(JSON.stringify({ formatVersion: 1, ...decided }))).toEqual(decided);
});

test('P23: who would rather go one by one is asked about each entry, with what gives storage up first', async () => {
  const plan = planOf({}, [rawPolicy(principal, all), rawPolicy(second, all)], [application(principal), application(second)]);
  const { rows } = await asked(['one by one', 'without storage', 'unused', 'reproduce', 'used'], {}, [], plan);
  expect(rows.map(({ principal: who, choice }) => [who, choice])).toEqual([
    [principal, 'dropStorage'],
    [second, 'reproduce'],
  ]);
  expect(possibleChoices(['MAP-STORAGE'])[0]).toBe('dropStorage');
});

test('EA-32: entries of several deleted principals are asked about once, and what the rules leave open one by one', async () => {
  const policies = [gone, lost].map((one) => rawPolicy(one, { secrets: ['get'] }));
  const plan = planOf(
    {},
    [...policies, rawPolicy(principal, { secrets: ['get'] }, { applicationId: id('f', 3) })],
    [deleted(gone), deleted(lost), application(principal)],
  );
  const { decided } = await asked(['drop them', 'cleaned up', 'drop', 'never worked'], {}, [], plan);
  expect(decided.rules).toEqual([{ when: { principal: 'deleted' }, choice: 'drop', reason: 'cleaned up' }]);
  expect(decided.decisions).toMatchObject([{ principal, applicationId: id('f', 3), choice: 'drop' }]);
});

test.each<[string, Parameters<typeof rawPolicy>[2], Principal[], Permissions]>([
  ['a compound identity', { applicationId: id('f', 3) }, [application(principal)], { secrets: ['get'] }],
  ['a deleted principal', {}, [deleted(principal)], all],
  ['nobody whom the directory knows', {}, [], { secrets: ['get'] }],
])('an entry of %s is offered what can settle it, and nothing else', async (_, more, who, permissions) => {
  const plan = planOf({}, [rawPolicy(principal, permissions, more)], who);
  await expect(asked(['reproduce'], {}, [], plan)).rejects.toThrow(/offers no `reproduce`: drop$/);
  expect((await asked(['drop', 'gone'], {}, [], plan)).rows).toMatchObject([{ choice: 'drop' }]);
});

test('P19: an entry with a permission that nobody knows may keep those that are known, or be dropped', async () => {
  const plan = planOf({}, [rawPolicy(principal, { secrets: ['get', 'frobnicate'] })]);
  await expect(asked(['reproduce'], {}, [], plan)).rejects.toThrow(/offers no `reproduce`: narrow \/ drop$/);
});
