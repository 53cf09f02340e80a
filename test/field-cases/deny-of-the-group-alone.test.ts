import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

// Azure/deployment-stacks#165
test('EA-23: a deny assignment on a resource group that spares its children leaves the vault in it alone: it migrates', async () => {
  const denyAssignments = [
    {
      name: 'Deny assignment of a stack on its group',
      scope: 'resourceGroups/rg-app',
      principals: ['everyone'],
      actions: ['*/delete', '*/write'],
      doNotApplyToChildScopes: true,
    },
  ];
  opened = await openCase(caseEstate({ denyAssignments }));
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
});
