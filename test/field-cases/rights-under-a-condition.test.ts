import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

/** The operator writes vaults, and assigns roles within a condition on the request and on what is deleted. */
function limited(by: (source: '@Request' | '@Resource') => string, changes: CaseChanges = {}) {
  const part = (action: string, source: '@Request' | '@Resource') =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (${by(source)}))`;
  const condition = `${part('write', '@Request')} AND ${part('delete', '@Resource')}`;
  return caseEstate({
    assignments: [
      { role: 'Contributor', principal: 'runner', scope: 'subscriptions/prod' },
      { role: 'Role Based Access Control Administrator', principal: 'runner', scope: 'subscriptions/prod', condition },
    ],
    ...changes,
  });
}

// glitchwerks/mom-bot#173: one of two role ids in the pipeline's condition was mistyped
test('EA-41: a condition that names a role id with a typo is told at plan time, with the ids that it allows, and handed over', async () => {
  const [typo, officer] = ['4633458b-17de-41a5-8b4b-ea0e69bca6cb', 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'];
  opened = await openCase(
    limited(
      (source) => `${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${typo}, ${officer}}`,
      {
        vaults: {
          'kv-case': { resourceGroup: 'rg-app', accessPolicies: [{ principal: 'app', keys: ['get'] }], objects: { keys: { k: 'RSA' } } },
        },
        workloads: { app: { principal: 'app', calls: ['getKey kv-case/k'] } },
      },
    ),
  );
  const before = opened.state();
  const planned = await opened.keyturn('plan', 'kv-case');
  const text = planned.stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain(`it names \`${typo}\`, an id of no role that Azure lists here and \`Key Vault Secrets Officer\``);
  expect(text).toContain('az role assignment create');
  const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
  expect(applied.code).toBe(3);
  expect(opened.state()).toBe(before);
});

// hashicorp/terraform-provider-azurerm#23364; Azure/enterprise-azure-policy-as-code#965
test('EA-41: an operator who may assign to service principals only makes the application’s role, and hands the group’s over', async () => {
  const estate = caseEstate();
  opened = await openCase(
    limited(
      (source) =>
        `${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`,
      {
        principals: {
          ...estate.principals,
          team: { kind: 'group', displayName: 'sec-shop', members: ['ann'] },
          ann: { kind: 'user', displayName: 'Ann' },
        },
        vaults: {
          'kv-case': {
            resourceGroup: 'rg-app',
            accessPolicies: [
              { principal: 'app', secrets: ['get', 'list'] },
              { principal: 'team', secrets: ['list'] },
            ],
            objects: { secrets: { one: 'value' } },
          },
        },
      },
    ),
  );
  await opened.keyturn('plan', 'kv-case', '--json');
  const planned = await opened.keyturn('plan', 'kv-case');
  const handed = planned.stdout.split('\n').filter((line) => line.includes('az role assignment create'));
  expect(handed).toHaveLength(1);
  expect(handed[0]).toContain('--assignee-principal-type Group');
});
