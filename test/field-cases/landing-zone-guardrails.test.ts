import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

// Azure/Enterprise-Scale, policySetDefinitions/Enforce-Guardrails-KeyVault_20260203.json

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const landingZones = '/providers/Microsoft.Management/managementGroups/landingzones';
const set = `${landingZones}/providers/Microsoft.Authorization/policySetDefinitions/Enforce-Guardrails-KeyVault`;
const builtIn = (name: string) => `/providers/Microsoft.Authorization/policyDefinitions/${name}`;

/** The initiative denies vaults without Azure RBAC by a default of its own; its assignment names no effect. */
const guardrails = {
  name: 'Enforce-Guardrails-KeyVault',
  scope: 'managementGroups/landingzones',
  displayName: 'Enforce recommended guardrails for Azure Key Vault',
  parameters: { softDelete: { defaultValue: 'Deny' }, keyVaultArmRbac: { defaultValue: 'Deny' } },
  members: [
    {
      definition: builtIn('1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d'),
      reference: 'KvSoftDelete',
      parameters: { effect: "[parameters('softDelete')]" },
    },
    {
      definition: builtIn('12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5'),
      reference: 'Deny-KV-without-ArmRbac',
      parameters: { effect: "[parameters('keyVaultArmRbac')]" },
    },
  ],
};
const assigned = {
  name: 'Enforce-GR-KeyVault',
  scope: 'managementGroups/landingzones',
  displayName: 'Enforce recommended guardrails for Azure Key Vault',
  definition: set,
};
const underLandingZones = {
  managementGroups: { landingzones: null },
  subscriptions: { prod: { displayName: 'Production', id: '5b000000-0000-4000-8000-000000000001', managementGroup: 'landingzones' } },
};
const accepted = {
  'decisions.json': {
    formatVersion: 1,
    acceptances: [{ finding: 'INV-POLICY-DENIES-ROLLBACK', vault: 'kv-case', reason: 'the platform team exempts it within the hour' }],
  },
};

test('Azure Policy: an initiative that denies vaults without Azure RBAC by its own default blocks the plan, by name', async () => {
  opened = await openCase(caseEstate({ ...underLandingZones, policySetDefinitions: [guardrails], policyAssignments: [assigned] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(3);
  expect(planned.stdout).toMatch(/INV-POLICY-DENIES-ROLLBACK[\s\S]*Enforce recommended guardrails/);
  expect(await opened.keyturn('flip', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 3 });
});

test('Azure Policy: an initiative that nobody can read leaves open whether there is a rollback, and blocks too', async () => {
  opened = await openCase(caseEstate({ ...underLandingZones, policyAssignments: [assigned] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(3);
  expect(planned.stdout).toMatch(/INV-POLICY-DENIES-ROLLBACK[\s\S]*could not be read/);
});

test('Azure Policy: with the named decision the vault migrates, the plan says so, and Azure refuses the rollback as was said', async () => {
  opened = await openCase(
    caseEstate({ ...underLandingZones, policySetDefinitions: [guardrails], policyAssignments: [assigned] }),
    accepted,
  );
  const planned = await opened.keyturn('plan', 'kv-case', '--decisions', 'decisions.json');
  expect(planned.code).toBe(0);
  expect(planned.stdout).toContain('accepted: the platform team exempts it within the hour');
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
  const back = await opened.keyturn('rollback', 'keyturn-plan.json', '--yes');
  expect(back.code).toBe(3);
  expect(back.stdout + back.stderr).toMatch(/AZURE_POLICY_DENIED[\s\S]*Enforce recommended guardrails/);
});

test.each<[string, object]>([
  ['an exemption of the one member', { policyExemptions: [exemption({ references: ['Deny-KV-without-ArmRbac'] })] }],
  ['an exemption of the resource group', { policyExemptions: [exemption({ scope: 'resourceGroups/rg-app' })] }],
  ['the effect Audit, which the assignment sets', { policyAssignments: [{ ...assigned, parameters: { keyVaultArmRbac: 'Audit' } }] }],
  ['an assignment that leaves the vault out', { policyAssignments: [{ ...assigned, notScopes: ['vaults/kv-case'] }] }],
])('Azure Policy: the same initiative with %s lets the vault go there and back', async (_what, changes) => {
  opened = await openCase(
    caseEstate({ ...underLandingZones, policySetDefinitions: [guardrails], policyAssignments: [assigned], ...changes }),
  );
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
  expect(await opened.keyturn('rollback', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
});

test.each<[string, object]>([
  ['has expired', { expiresInDays: -1 }],
  ['is for another member', { references: ['KvSoftDelete'] }],
  ['is for another region', { resourceSelectors: [{ selectors: [{ kind: 'resourceLocation', in: ['eastus'] }] }] }],
])('Azure Policy: an exemption that %s lifts nothing', async (_what, changes) => {
  const policyExemptions = [exemption(changes)];
  opened = await openCase(
    caseEstate({ ...underLandingZones, policySetDefinitions: [guardrails], policyAssignments: [assigned], policyExemptions }),
  );
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 3 });
});

test('Azure Policy: an exemption that ends is said with its end', async () => {
  const policyExemptions = [exemption({ expiresInDays: 3 })];
  opened = await openCase(
    caseEstate({ ...underLandingZones, policySetDefinitions: [guardrails], policyAssignments: [assigned], policyExemptions }),
  );
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).toContain('INV-POLICY-EXEMPT-ENDS');
});

function exemption(changes: object) {
  return { name: 'migration', scope: 'vaults/kv-case', assignment: 'Enforce-GR-KeyVault', ...changes };
}
