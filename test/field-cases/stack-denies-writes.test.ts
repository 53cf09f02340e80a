import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

// Azure/deployment-stacks#234; Azure/bicep#18419

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const stack = {
  name: 'Deny assignment of stack shop',
  scope: 'resourceGroups/rg-app',
  principals: ['everyone'],
  except: ['deployer'],
  actions: ['*/delete', '*/write'],
  notActions: ['Microsoft.Authorization/locks/delete'],
};
const principals = {
  ...caseEstate().principals,
  deployer: { kind: 'servicePrincipal' as const, displayName: 'sp-stack-deployer' },
};
const estate = (changes: CaseChanges) => caseEstate({ principals, denyAssignments: [stack], ...changes });

test('EA-24: a deployment stack that denies writes blocks an Owner too, names what helps, and hands nothing over', async () => {
  opened = await openCase(estate({}));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(3);
  expect(planned.stdout).toMatch(/PLN-DENY-CONTROL[\s\S]*Deny assignment of stack shop/);
  expect(planned.stdout).toMatch(/an Owner as well: you cannot stage, flip and go back or remove assignments at a rollback/);
  expect(planned.stdout).toMatch(/excluded from `Deny assignment of stack shop`, in the deny settings of the deployment stack/);
  expect(planned.stdout).not.toMatch(/az role assignment create|User Access Administrator together/);
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 3 });
});

test('EA-24: whom the stack excludes migrates, and is told that others are refused', async () => {
  opened = await openCase(estate({ denyAssignments: [{ ...stack, except: ['deployer', 'runner'] }] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/PLN-DENY-CONTROL[\s\S]*spares you/);
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});

test('EA-24: a deny that somebody made for the operator alone lets another take the steps', async () => {
  const own = {
    name: 'no roles by pipelines',
    scope: 'subscriptions/prod',
    principals: ['runner'],
    actions: ['Microsoft.Authorization/roleAssignments/write'],
  };
  opened = await openCase(estate({ denyAssignments: [{ ...own, systemProtected: false }] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/`no roles by pipelines` refuses you, whatever roles you have/);
  expect(planned.stdout).toContain('az role assignment create');
});

test('EA-26: a deny assignment of effect audit logs, and denies nothing', async () => {
  opened = await openCase(estate({ denyAssignments: [{ ...stack, effect: 'audit' }] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).not.toContain('DENY');
  expect(await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0 });
});

test('EA-24: a deny on the removal of assignments alone is a warning: they would stay after a rollback', async () => {
  opened = await openCase(estate({ denyAssignments: [{ ...stack, actions: ['Microsoft.Authorization/*/delete'], notActions: [] }] }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/PLN-DENY-CONTROL[\s\S]*you cannot remove assignments at a rollback/);
});
