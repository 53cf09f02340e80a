import { expect, test } from 'vitest';
import { read } from '../../../src/base/reading.ts';
import type { RoleAssignment } from '../../../src/model/role.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { findingShown } from '../../../src/words/finding-words.ts';
import {
  anAssignment,
  anEstate,
  application,
  aSubscription,
  aVault,
  id,
  rawPolicy,
  rawVault,
  vaultResourceId,
} from '../../builders/an-estate.ts';
import { catalogue } from '../../builders/the-catalogue.ts';

const app = id('d', 1);
const kv = vaultResourceId('kv-app');
const condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'one'";

function plan(permissions: Record<string, readonly string[]>, assignments: readonly RoleAssignment[]) {
  const estate = anEstate(
    [aVault(rawVault('kv-app', [rawPolicy(app, permissions)]))],
    [application(app)],
    aSubscription({ roleAssignments: read(assignments) }),
  );
  const { vaults } = buildPlan(estate, { catalogue, decisions: [], settings: { minimumAgeMinutes: 15 }, toolVersion: '0' });
  if (vaults[0] === undefined) throw new Error('no vault planned');
  return vaults[0];
}

test('EA-55: a role that stands under a condition is avoided where others cover the entry', () => {
  const there = anAssignment(kv, app, 'Key Vault Certificate User', { condition });
  const vault = plan({ certificates: ['get'], secrets: ['get'] }, [there]);
  expect(vault.state).toBe('ready');
  expect(vault.entries[0]?.choice?.roles.map(({ name }) => name)).not.toContain('Key Vault Certificate User');
  const [told] = vault.findings.filter(({ code }) => code === 'PLN-CONFLICT-AVOIDED').map((one) => findingShown(one));
  expect(told).toMatchObject({ severity: 'warning', subject: expect.stringContaining(app) as string });
  expect(told?.message).toContain(`under the condition \`${condition}\` (assignment ${there.name})`);
});

test('EA-55: where no other role covers it the vault is blocked, the assignment and its limit are named, and the choices', () => {
  const roles = catalogue.roles.filter(({ candidate }) => candidate).map(({ name }) => name);
  const there = roles.map((name, at) => anAssignment(kv, app, name, { condition }, id('9', 100 + at)));
  const vault = plan({ secrets: ['get', 'list'] }, there);
  expect(vault.state).toBe('blocked');
  const [told] = vault.findings.filter(({ code }) => code === 'PLN-CONFLICT').map((one) => findingShown(one));
  expect(told?.message).toMatch(
    /^`Key Vault Secrets User` at `kv-app` is assigned already under the condition .*: the one planned without a condition cannot be made$/,
  );
  expect(told?.remedy).toContain('keepExisting');
});

test('EA-55: the same role under a condition at another scope is no conflict', () => {
  const vault = plan({ secrets: ['get'] }, [anAssignment(`${kv}/secrets/one`, app, 'Key Vault Secrets User', { condition })]);
  expect(vault.findings.filter(({ code }) => code.startsWith('PLN-CONFLICT'))).toEqual([]);
  expect(vault.steps).toMatchObject([{ roleName: 'Key Vault Secrets User', scope: kv }, { kind: 'flip' }]);
});
