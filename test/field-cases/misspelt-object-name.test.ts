import { afterEach, expect, test } from 'vitest';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const app = 'aaaaaaaa-0000-4000-8000-000000000001';
const only = (choice: string, objects: readonly string[], more: object = {}) => ({
  'decisions.json': {
    formatVersion: 1,
    decisions: [{ vault: 'kv-case', principal: app, choice, objects, reason: 'one secret is all it uses' }],
    ...more,
  },
});
const plan = (scenario: OpenScenario) => scenario.keyturn('plan', 'kv-case', '--decisions', 'decisions.json');

// A decision that limits access to an object which is not there leaves nobody able to read anything after the flip
test.each(['objectScope', 'nameCondition'])(
  'EA-56: %s on a name that the vault does not hold is an error with the near name',
  async (choice) => {
    opened = await openCase(caseEstate(), only(choice, ['secrets/onne']));
    const planned = await plan(opened);
    expect(planned.code).toBe(2);
    expect(planned.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'DECISION_WRONG: a decision cannot be carried out: the vault has no `secrets/onne`; near it: `secrets/one`',
    );
  },
);

test('EA-41, EA-56: a condition compares with case, so another spelling is an error too; on a scope it is none', async () => {
  opened = await openCase(caseEstate(), only('nameCondition', ['secrets/ONE']));
  expect((await plan(opened)).stderr.replaceAll(/\s+/g, ' ')).toContain('`secrets/ONE` is spelled `secrets/one` in the vault');
  await opened.close();
  opened = await openCase(caseEstate(), only('objectScope', ['secrets/ONE']));
  expect((await plan(opened)).code).toBe(0);
});

test('EA-56: an object that went after the plan stops apply before anything is made', async () => {
  opened = await openCase(caseEstate(), only('objectScope', ['secrets/one']));
  expect((await plan(opened)).code).toBe(0);
  for (const vault of opened.sandbox.tenant.vaults.values()) vault.secrets.delete('one');
  const before = opened.state();
  const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 3, stdout: expect.stringContaining('OBJECT_GONE') as string });
  expect(opened.state()).toBe(before);
});

/** The operator may do all it takes, and may not list names. */
function withoutNames(): ScenarioFile {
  const estate = caseEstate();
  const actions = [
    'Microsoft.KeyVault/vaults/read',
    'Microsoft.KeyVault/vaults/write',
    'Microsoft.Authorization/*',
    'Microsoft.Resources/*',
  ];
  return caseEstate({
    roles: { 'No names': { assignableScopes: ['subscriptions/prod'], permissions: [{ actions }] } },
    assignments: [{ role: 'No names', principal: 'runner', scope: 'subscriptions/prod' }, ...(estate.assignments ?? []).slice(1)],
  });
}

test('EA-56: names that cannot be read block, until a person vouches for them by a named acceptance', async () => {
  opened = await openCase(withoutNames(), only('objectScope', ['secrets/one']));
  const planned = await plan(opened);
  expect(planned.code).toBe(3);
  expect(planned.stdout).toContain('PLN-OBJECTS-UNREAD');
  await opened.close();
  const acceptances = [{ finding: 'PLN-OBJECTS-UNREAD', vault: '*', reason: 'the owner read the names to us' }];
  opened = await openCase(withoutNames(), only('objectScope', ['secrets/one'], { acceptances }));
  const accepted = await plan(opened);
  expect(accepted.stdout.replaceAll(/\s+/g, ' ')).toContain('accepted: the owner read the names to us');
  expect(accepted.code).toBe(0);
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});
