import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

// dotnetpower.github.io, change note of 2026-05-12: a policy of the subscription sets the permission model with every write

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

/** An assignment whose definition nobody can read: it may do anything. */
const unread: CaseChanges = {
  policyAssignments: [
    {
      name: 'vault-model',
      scope: 'subscriptions/prod',
      displayName: 'Vaults keep their model',
      definition: '/providers/Microsoft.Management/managementGroups/elsewhere/providers/Microsoft.Authorization/policyDefinitions/keep',
    },
  ],
};
const accepted = {
  'decisions.json': {
    formatVersion: 1,
    acceptances: [{ finding: 'INV-POLICY-DENIES-ROLLBACK', vault: 'kv-case', reason: 'the platform team stands by' }],
  },
};

/** Every PATCH of the vault answers 200 with the vault as it is, and changes nothing. */
function nothingIsKept({ sandbox }: OpenScenario): () => void {
  const [vault] = sandbox.tenant.vaults.values();
  const body = vault?.body as JsonObject;
  sandbox.faults.add({ operation: 'Vaults_Update', times: 50, action: { kind: 'answer', status: 200, body } });
  return () => {
    sandbox.faults.clear();
  };
}

test('a flip that Azure accepts and does not keep is not done, names what may put it back, and can be run again', async () => {
  opened = await openCase(caseEstate(unread), accepted);
  expect(await opened.keyturn('plan', 'kv-case', '--decisions', 'decisions.json')).toMatchObject({ code: 0 });
  const lift = nothingIsKept(opened);
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  const text = (applied.stdout + applied.stderr).replaceAll(/\s+/g, ' ');
  expect(applied).toMatchObject({ code: 4, tally: { refused: 0 } });
  expect(text).toContain('AZURE_NOT_KEPT');
  expect(text).toContain('Azure accepted it, and the vault still reads as before');
  expect(text).toContain('the policy assignment `Vaults keep their model` may put it back');
  expect(text).toMatch(/an Azure Policy assignment with the effect modify or append, or a pipeline; then run the same command again/);
  lift();
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});

test('a rollback that Azure accepts and does not keep says the same, and claims nothing', async () => {
  opened = await openCase(caseEstate());
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
  const lift = nothingIsKept(opened);
  const back = await opened.keyturn('rollback', 'keyturn-plan.json', '--yes');
  expect(back.code).toBe(4);
  expect(back.stdout).toContain('AZURE_NOT_KEPT');
  expect(back.stdout).not.toContain('is back on its access policies');
  lift();
  expect(await opened.keyturn('rollback', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
});
