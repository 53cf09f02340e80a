import { afterEach, expect, test } from 'vitest';
import type { ScenarioFile } from '../../src/sandbox/scenario/scenario-schema.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

/** The application has its role at the management group alone, made so many minutes ago. */
function madeBefore(minutes: number): ScenarioFile {
  const { assignments = [] } = caseEstate();
  return caseEstate({
    subscriptions: { prod: { displayName: 'Production', id: '5b000000-0000-4000-8000-000000000001', managementGroup: 'corp' } },
    managementGroups: { corp: null },
    assignments: [
      ...assignments,
      { role: 'Key Vault Secrets User', principal: 'app', scope: 'managementGroups/corp', ageDays: minutes / (24 * 60) },
    ],
  });
}

// MicrosoftDocs/azure-docs#89150: hours without effect, and at the vault it worked within minutes
test.each([28, 70, 23 * 60])(
  'EA-54: a role that was assigned at a management group %d minutes ago carries no flip: it is assigned at the vault',
  async (minutes) => {
    opened = await openCase(madeBefore(minutes));
    const planned = await opened.keyturn('plan', 'kv-case');
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('1 role assignment to make') as string });
    const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
    expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
  },
);

test('EA-54: verify tells why it does not count yet, and what to do', async () => {
  opened = await openCase(madeBefore(70));
  const verified = await opened.keyturn('verify', 'kv-case');
  expect(verified.code).toBe(3);
  expect(verified.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'at the management group `corp` is only 70 minutes old, and counts there after a day',
  );
});

test('EA-54: after a day it is held, and the plan names where', async () => {
  opened = await openCase(madeBefore(25 * 60));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.stdout).toContain('0 role assignments to make');
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'held already: `Key Vault Secrets User` at the management group `corp` (assignment ',
  );
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});
