import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

// Azure/Azure-Landing-Zones#605; hashicorp/terraform-provider-azurerm#13378: a library dropped the data actions of a custom role

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const estate = () =>
  caseEstate({
    vaults: {
      'kv-case': {
        resourceGroup: 'rg-app',
        accessPolicies: [{ principal: 'app', keys: ['get', 'list', 'delete', 'update', 'create'] }],
        objects: { keys: { k: 'RSA' } },
      },
    },
    roles: {
      'Vault key operator': {
        assignableScopes: ['subscriptions/prod'],
        permissions: [
          { actions: ['Microsoft.KeyVault/vaults/*'], notActions: ['Microsoft.KeyVault/locations/deletedVaults/purge/action'] },
        ],
      },
    },
    assignments: [
      { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
      { role: 'Vault key operator', principal: 'app', scope: 'subscriptions/prod', ageDays: 20 },
    ],
    workloads: { app: { principal: 'app', calls: ['getKey kv-case/k'] } },
  });

test('EA-3: actions on the control plane cover no key: the entry gets a role of its own, and nothing is refused', async () => {
  opened = await openCase(estate());
  const verified = await opened.keyturn('verify', 'kv-case');
  expect(verified.code).toBe(3);
  expect(verified.stdout.replaceAll(/\s+/g, ' ')).toMatch(/`Vault key operator`.* for the control plane only/);
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});
