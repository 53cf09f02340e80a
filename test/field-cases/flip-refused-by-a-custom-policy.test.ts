import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

// Azure/azure-policy#416; woivre.com, June 2026: a deny on other properties of a vault refuses every write of one that does not comply

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const refusal = {
  error: {
    code: 'RequestDisallowedByPolicy',
    target: 'kv-case',
    message: "Resource 'kv-case' was disallowed by policy.",
    additionalInfo: [{ type: 'PolicyViolation', info: { policyAssignmentDisplayName: 'Deny selected permissions' } }],
  },
};

test('a policy that came after the plan and refuses the flip is named; the vault stays staged, and goes on when it is lifted', async () => {
  opened = await openCase(caseEstate());
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  opened.sandbox.faults.add({ operation: 'Vaults_Update', times: 50, action: { kind: 'answer', status: 403, body: refusal } });
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  const text = (applied.stdout + applied.stderr).replaceAll(/\s+/g, ' ');
  expect(applied).toMatchObject({ code: 3, tally: { refused: 0 } });
  expect(text).toMatch(/AZURE_POLICY_DENIED.*Deny selected permissions/);
  expect(text).toMatch(/exempt this vault, or its effect changed/);
  const status = await opened.keyturn('status', 'keyturn-plan.json');
  expect(status.stdout).toMatch(/kv-case.*staged/);
  opened.sandbox.faults.clear();
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});

test('AP-4: the same policy read before is a blocker of the plan, and nothing is staged', async () => {
  const rule = {
    if: {
      allOf: [
        { field: 'type', equals: 'Microsoft.KeyVault/vaults' },
        { not: { field: 'Microsoft.KeyVault/vaults/accessPolicies[*].permissions.secrets[*]', notEquals: 'list' } },
      ],
    },
    // biome-ignore lint/suspicious/noThenProperty: Azure Policy calls it so.
    then: { effect: 'deny' },
  };
  opened = await openCase(
    caseEstate({
      policyDefinitions: [{ name: 'selected', scope: 'subscriptions/prod', displayName: 'Deny selected permissions', policyRule: rule }],
      policyAssignments: [
        {
          name: 'selected',
          scope: 'subscriptions/prod',
          displayName: 'Deny selected permissions',
          definition: '/subscriptions/5b000000-0000-4000-8000-000000000001/providers/Microsoft.Authorization/policyDefinitions/selected',
        },
      ],
    }),
  );
  const before = opened.state();
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(3);
  expect(planned.stdout).toMatch(/INV-POLICY-DENIES-FLIP[\s\S]*Deny selected permissions/);
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 3 });
  expect(opened.state()).toBe(before);
});
