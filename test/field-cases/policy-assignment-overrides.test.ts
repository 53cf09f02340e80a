import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

// learn.microsoft.com, governance/policy/concepts/assignment-structure; Azure/ResourceModules#2528

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const assignment = {
  name: 'rbac',
  scope: 'subscriptions/prod',
  displayName: 'Vaults use Azure RBAC',
  definition: '/providers/Microsoft.Authorization/policyDefinitions/12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5',
};
const override = (value: string) => [{ kind: 'policyEffect' as const, value }];
const inRegion = (place: string) => [{ name: 'r', selectors: [{ kind: 'resourceLocation' as const, in: [place] }] }];

test.each([
  ['its effect Audit overridden to Deny', { effect: 'Audit', overrides: override('Deny') }],
  ['its effect Deny for the region of the vault', { effect: 'Deny', resourceSelectors: inRegion('westeurope') }],
  [
    'its effect overridden to Deny in the region of the vault',
    { overrides: [{ ...override('Deny')[0], selectors: [{ kind: 'resourceLocation', in: ['West Europe'] }] }] },
  ],
])('Azure Policy: an assignment with %s blocks the plan', async (_what, changes) => {
  opened = await openCase(caseEstate({ policyAssignments: [{ ...assignment, ...changes } as typeof assignment] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(3);
  expect(planned.stdout).toMatch(/INV-POLICY-DENIES-ROLLBACK[\s\S]*Vaults use Azure RBAC/);
});

test.each([
  ['its effect Deny overridden to Audit', { effect: 'Deny', overrides: override('Audit') }],
  ['its effect Deny for another region', { effect: 'Deny', resourceSelectors: inRegion('eastus') }],
  ['its effect Deny in the mode DoNotEnforce', { effect: 'Deny', enforcementMode: 'DoNotEnforce' }],
])('Azure Policy: a vault under an assignment with %s goes there and back', async (_what, changes) => {
  opened = await openCase(caseEstate({ policyAssignments: [{ ...assignment, ...changes } as typeof assignment] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).not.toContain('INV-POLICY');
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
  expect(await opened.keyturn('rollback', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
});
