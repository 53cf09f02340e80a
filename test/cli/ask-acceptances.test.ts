import { expect, test } from 'vitest';
import { read } from '../../src/base/reading.ts';
import { askAcceptances } from '../../src/cli/ask-acceptances.ts';
import { type Decisions, noDecisions } from '../../src/formats/decisions.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import {
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  roleDefinitions,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';
import { testIo } from './test-io.ts';

const app = id('d');
/** Azure has given the role that the plan would choose one more data action, of the second tier. */
const roles = roleDefinitions.map((role) => ({
  ...role,
  permissions: role.permissions.map((block) =>
    role.name === 'Key Vault Secrets User'
      ? { ...block, dataActions: [...block.dataActions, 'Microsoft.KeyVault/vaults/secrets/backup/action'] }
      : block,
  ),
}));
const estate = anEstate(
  [aVault(rawVault('kv-app', [rawPolicy(app, { secrets: ['get', 'list'] })]))],
  [application(app)],
  aSubscription({ roleDefinitions: read(roles) }),
);
const planWith = (decisions: Decisions) =>
  buildPlan(estate, { catalogue, ...decisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' });

test('EA-18: a blocker that a person may accept is asked about with what it says, and the yes and its reason are a row of decisions', async () => {
  const io = testIo({ terminal: true, answers: [true, 'seen with the owner'] });
  const decided = await askAcceptances(planWith(noDecisions), noDecisions, new Set(), () => io.prompts());
  expect(io.stderr()).toMatch(/^\? MAP-ROLE-DRIFT: .*secrets\/backup too.*\. Accept this, and go on\?/);
  expect(decided.acceptances).toEqual([{ finding: 'MAP-ROLE-DRIFT', vault: vaultResourceId('kv-app'), reason: 'seen with the owner' }]);
  expect(planWith(decided).vaults[0]?.state).toBe('ready');
});

test('a no is taken once, and changes nothing', async () => {
  const declined = new Set<string>();
  const io = testIo({ terminal: true, answers: [false] });
  for (const round of [1, 2]) {
    expect(await askAcceptances(planWith(noDecisions), noDecisions, declined, () => io.prompts()), `round ${round}`).toBe(noDecisions);
  }
  expect(declined).toEqual(new Set(['MAP-ROLE-DRIFT']));
});

test('where there is nothing to accept, nobody is asked', async () => {
  const plain = buildPlan(
    { ...estate, subscriptions: [aSubscription()] },
    { catalogue, ...noDecisions, settings: { minimumAgeMinutes: 15 }, toolVersion: '0.1.0' },
  );
  const never = () => Promise.reject(new Error('nobody is to be asked'));
  expect(await askAcceptances(plain, noDecisions, new Set(), never)).toBe(noDecisions);
});
