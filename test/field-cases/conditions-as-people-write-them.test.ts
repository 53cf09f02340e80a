import { expect, test } from 'vitest';
import { openAccess } from '../../src/cli/open-access.ts';
import { anna, assign, getSecret, now, subscription, vaultId } from '../builders/a-tenant.ts';

// public blueprint files with `secrets:Name] LIKE`; Terraform heredocs: as people write conditions into their code

/** Whether Anna may read the value of a secret, by a role at the vault under the condition. */
async function onSecret(name: string, condition: string) {
  const row = { ...assign(anna, 'Secrets User').raw };
  const access = await openAccess({
    subscriptionId: subscription.slice(15),
    roleAssignments: [{ ...row, properties: { ...(row.properties as object), condition, conditionVersion: '2.0' } }],
    roleDefinitions: [],
    denyAssignments: [],
    roleAssignmentScheduleInstances: [],
    principals: [{ '@odata.type': '#microsoft.graph.user', id: anna, displayName: 'Anna' }],
    members: {},
  });
  return access.askRbac({ principalId: anna, action: getSecret, resource: `${vaultId}/secrets/${name}`, at: now });
}

test('EA-40: an operator that does not exist makes the answer unknown, on any secret', async () => {
  const like = "@Resource[Microsoft.KeyVault/vaults/secrets:Name] LIKE 'app-*'";
  for (const name of ['app-db', 'other']) expect(await onSecret(name, like), name).toMatchObject({ decision: 'unknown' });
});

const written: readonly (readonly [how: string, condition: string])[] = [
  ['with the attribute in other letters', "@Resource[Microsoft.KeyVault/vaults/secrets:Name] StringEquals 'app-db'"],
  ['with the provider in other letters', "@resource[MICROSOFT.KEYVAULT/vaults/SECRETS:name] StringEquals 'app-db'"],
  [
    'without outer parentheses',
    "!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/action'}) OR @Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'app-db'",
  ],
  [
    'over several lines',
    "(\n  (\n    !(ActionMatches{'Microsoft.KeyVault/vaults/secrets/*'})\n  )\n  OR\n  (\n    @Resource[Microsoft.KeyVault/vaults/secrets:name]\n      StringEquals 'app-db'\n  )\n)\n",
  ],
  ['with carriage returns and tabs', "((@Resource[Microsoft.KeyVault/vaults/secrets:name]\r\n\tStringLike 'app-*'))\r\n"],
];

test.each(written)('EA-39: a condition %s holds for the name that it names, and for no other', async (_how, condition) => {
  expect(await onSecret('app-db', condition)).toMatchObject({ decision: 'granted' });
  expect(await onSecret('other', condition)).toMatchObject({ decision: 'notGranted' });
});
