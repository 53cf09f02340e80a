import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

// MicrosoftDocs/azure-docs#117515
test('LP-8: Cosmos DB with a customer-managed key needs Crypto Service Encryption User, and no Administrator as a page once said', async () => {
  const { runner } = caseEstate().principals;
  const cosmos = { kind: 'servicePrincipal', displayName: 'Azure Cosmos DB', appId: 'a232010e-820c-4083-83bb-3ace5fc29d0b' } as const;
  opened = await openCase(
    caseEstate({
      principals: { runner, cosmos } as ReturnType<typeof caseEstate>['principals'],
      vaults: {
        'kv-case': {
          resourceGroup: 'rg-app',
          accessPolicies: [{ principal: 'cosmos', keys: ['get', 'wrapKey', 'unwrapKey'] }],
          objects: { keys: { cmk: 'RSA' } },
        },
      },
      workloads: { cosmos: { principal: 'cosmos', calls: ['wrapKey kv-case/cmk'] } },
    }),
  );
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code, planned.stderr).toBe(0);
  expect(planned.stdout).toMatch(/^ {2}\+ +role Key Vault Crypto Service Encryption User$/m);
  expect(planned.stdout).not.toContain('Administrator');
  const applied = await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes');
  expect(applied).toMatchObject({ code: 0, tally: { refused: 0 } });
});
