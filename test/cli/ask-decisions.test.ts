import { expect, test } from 'vitest';
import { askDecisions } from '../../src/cli/ask-decisions.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { catalogue } from '../plan/a-plan.ts';
import { anEstate, aVault, id, rawPolicy, rawVault } from '../plan/an-estate.ts';
import { testIo } from './test-io.ts';

test('LP-5: a person may keep what the word `all` of a policy stands for, and no more', async () => {
  const estate = anEstate([aVault(rawVault('kv-app', [rawPolicy(id('d'), { secrets: ['all'] })]))], []);
  const plan = buildPlan(estate, { catalogue, decisions: [], settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });
  const io = testIo({ terminal: true, answers: ['narrow', 'secrets/purge', 'Secrets/Get', 'nothing else was used'] });
  const rows = await askDecisions(plan, [], catalogue, io);
  expect(io.stderr()).toMatch(/! the policy has no `secrets\/purge`; it has secrets\/all, secrets\/get, /);
  expect(rows).toMatchObject([{ choice: 'narrow', keep: ['Secrets/Get'], reason: 'nothing else was used' }]);
});
