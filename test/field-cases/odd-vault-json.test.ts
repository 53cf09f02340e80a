import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

// hashicorp/terraform-provider-azurerm#10593; pulumi/pulumi-azure-native#3964; Azure/azure-libraries-for-net#361

const tenantId = '11111111-2222-4333-8444-000000000001';
const objectId = 'aaaaaaaa-0000-4000-8000-000000000001';
const get = { secrets: ['get'] };
const entry = (changes: JsonObject): JsonObject => ({ tenantId, objectId, permissions: get, ...changes });

/** What vaults store as their policies, and what keeps them from a plan that can be carried out. */
const shapes: Readonly<Record<string, readonly [stored: readonly JsonObject[], blocker?: string]>> = {
  'kv-plain': [[entry({})]],
  'kv-no-list': [[entry({ permissions: { ...get, keys: null } })]],
  'kv-app-null': [[entry({ applicationId: null })]],
  'kv-app-empty': [[entry({ applicationId: '' })]],
  'kv-app-zero': [[entry({ applicationId: '00000000-0000-0000-0000-000000000000' })]],
  'kv-dashless': [[entry({ objectId: objectId.replaceAll('-', '') })]],
  'kv-upper': [[entry({ objectId: objectId.toUpperCase(), permissions: { secrets: ['GET'] } })]],
  'kv-blank': [[entry({ permissions: { secrets: ['get', ' list'] } })]],
  'kv-no-policies': [[]],
  'kv-no-permissions': [[entry({ permissions: null })], 'INV-ENTRY-ODD'],
  'kv-other-case': [[entry({ permissions: { Secrets: ['Get'] } })], 'INV-ENTRY-ODD'],
  'kv-braces': [[entry({ objectId: `{${objectId}}` })], 'INV-ENTRY-ODD'],
  'kv-no-tenant': [[{ objectId, permissions: get }], 'INV-ENTRY-ODD'],
  'kv-empty-word': [[entry({ permissions: { secrets: ['get', ''] } })], 'MAP-UNKNOWN-PERMISSION'],
};

let opened: OpenScenario;
afterEach(() => opened.close());

test('LP-2: ids compare without case and dashes, what is null or empty means nothing, and what nobody understands blocks its vault', async () => {
  const vaults = Object.entries(shapes).map(
    ([name, [stored]]) => [name, { resourceGroup: 'rg-app', accessPolicies: stored.map((raw) => ({ raw })) }] as const,
  );
  opened = await openCase(caseEstate({ vaults: Object.fromEntries(vaults) as NonNullable<CaseChanges['vaults']>, workloads: {} }));
  expect(await opened.keyturn('plan')).toMatchObject({ code: 3 });
  const plan = await planIn(opened.folder);
  const blockers = plan.vaults.map(({ name, findings }) => {
    const codes = findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code);
    return [name, codes] as const;
  });
  const expected = Object.entries(shapes).map(([name, [, blocker]]) => [name, blocker === undefined ? [] : [blocker]]);
  expect(Object.fromEntries(blockers)).toEqual(Object.fromEntries(expected));
});

test('EA-59: a vault whose list of policies is null is not taken for one without policies: it is not planned, and said', async () => {
  opened = await openCase(
    caseEstate({ vaults: { 'kv-case': { resourceGroup: 'rg-app', properties: { accessPolicies: null } } }, workloads: {} }),
  );
  const { code, stdout, stderr } = await opened.keyturn('plan');
  expect(code).toBe(4);
  expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain('Azure did not say what its access policies are; that is not taken for none');
});
