import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';
import { caseEstate, openCase } from './open-case.ts';

// MicrosoftDocs/azure-docs#52241, #54483, #40733: identities reach the vault through a group; one of them joined an hour ago

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

test('EA-12: a group of managed identities keeps its access as a group, and no identity is refused on the way', async () => {
  const estate = caseEstate();
  opened = await openCase(
    caseEstate({
      principals: {
        ...estate.principals,
        apps: { kind: 'group', displayName: 'sec-app-identities', members: ['app', 'fresh'] },
        fresh: { kind: 'managedIdentity', displayName: 'id-fresh', createdMinutesAgo: 60 },
      },
      vaults: {
        'kv-case': {
          resourceGroup: 'rg-app',
          accessPolicies: [{ principal: 'apps', secrets: ['get', 'list'] }],
          objects: { secrets: { one: 'value' } },
        },
      },
      workloads: {
        app: { principal: 'app', calls: ['getSecret kv-case/one'] },
        fresh: { principal: 'fresh', calls: ['getSecret kv-case/one'] },
      },
    }),
  );
  expect(await opened.keyturn('plan', 'kv-case')).toMatchObject({ code: 0 });
  const { vaults } = await planIn(opened.folder);
  const made = vaults.flatMap(({ steps }) => steps.filter(({ kind }) => kind !== 'flip'));
  expect(made).toMatchObject([{ principalType: 'Group', roleName: 'Key Vault Secrets User' }]);
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});
