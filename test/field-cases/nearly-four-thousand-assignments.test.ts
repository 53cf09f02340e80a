import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const there = 3998;

// MicrosoftDocs/azure-docs#22468, #83640
test('EA-51: a subscription with room for one assignment takes no plan that needs three: blocked, with both numbers', {
  timeout: 120_000,
}, async () => {
  const people = Object.fromEntries([0, 1, 2].map((at) => [`p${at}`, { kind: 'managedIdentity' as const, displayName: `id-${at}` }]));
  const crowd = Array.from({ length: there }, (_, at) => `f0000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`);
  const { principals, assignments = [] } = caseEstate();
  opened = await openCase(
    caseEstate({
      principals: { ...principals, ...people },
      assignments: [...assignments, ...crowd.map((principal) => ({ role: 'Reader', principal, scope: 'resourceGroups/rg-app' }))],
      vaults: {
        'kv-case': {
          resourceGroup: 'rg-app',
          accessPolicies: Object.keys(people).map((principal) => ({ principal, secrets: ['get', 'list'] })),
          objects: { secrets: { one: 'value' } },
        },
      },
      workloads: {},
    }),
  );
  const { code, stdout } = await opened.keyturn('plan', 'kv-case');
  expect(code).toBe(3);
  expect(stdout).toContain('blocker PLN-LIMIT: the subscription holds 3999 role assignments and the plan adds 3; it may hold 4000');
  expect((await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).code).toBe(3);
});
