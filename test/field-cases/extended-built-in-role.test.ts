import { afterEach, expect, test } from 'vitest';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

const values = ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'];
const given = (...more: readonly string[]) => ({ builtInRoles: { 'Key Vault Secrets User': [{ dataActions: [...values, ...more] }] } });

// Azure extends built-in roles from time to time: MicrosoftDocs/azure-docs, articles/role-based-access-control/built-in-roles.md.
test('EA-18: a role that reads public keys as well since yesterday: the vault migrates, and the plan says what came', async () => {
  opened = await openCase(caseEstate(given('Microsoft.KeyVault/vaults/keys/read')));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.code).toBe(0);
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toMatch(/warning MAP-ROLE-DRIFT.*`Key Vault Secrets User`.*it now gives keys\/read too/);
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});

test('EA-18: a role that backs secrets up since yesterday blocks the vaults that use it, until a person accepts it by name', async () => {
  const acceptances = [{ finding: 'MAP-ROLE-DRIFT', vault: 'kv-case', reason: 'agreed with the owner of the vault' }];
  opened = await openCase(caseEstate(given('Microsoft.KeyVault/vaults/secrets/backup/action')), {
    'decisions.json': { formatVersion: 1, acceptances },
  });
  const blocked = await opened.keyturn('plan', 'kv-case');
  expect(blocked).toMatchObject({ code: 3, stdout: expect.stringContaining('MAP-ROLE-DRIFT') as string });
  const planned = await opened.keyturn('plan', 'kv-case', '--decisions', 'decisions.json');
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('accepted: agreed with the owner of the vault') as string });
  expect(await opened.keyturnUnderLoad('apply', 'keyturn-plan.json', '--yes')).toMatchObject({ code: 0, tally: { refused: 0 } });
});
