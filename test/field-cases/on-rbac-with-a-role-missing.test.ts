import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { assignmentId, assignmentName } from '../../src/formats/assignment-name.ts';
import type { PlanBody, VaultPlan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan, sealPlan } from '../../src/formats/plan-file.ts';
import { bodyOf } from '../builders/a-plan.ts';
import type { OpenScenario } from '../scenarios/open-scenario.ts';
import { planIn } from '../scenarios/plan-in.ts';
import { flipElsewhere } from './drift.ts';
import { type CaseChanges, caseEstate, openCase } from './open-case.ts';

let opened: OpenScenario | undefined;
afterEach(() => opened?.close());

/** Two identities have access by policy and one of them a role; somebody has switched the vault to Azure RBAC. */
const halfMoved: CaseChanges = {
  principals: {
    runner: { kind: 'managedIdentity', displayName: 'id-keyturn-runner' },
    app: { kind: 'managedIdentity', displayName: 'id-shop', id: 'aaaaaaaa-0000-4000-8000-000000000001' },
    des: { kind: 'managedIdentity', displayName: 'des-disks', id: 'aaaaaaaa-0000-4000-8000-000000000002' },
  },
  vaults: {
    'kv-case': {
      resourceGroup: 'rg-app',
      accessPolicies: [
        { principal: 'app', secrets: ['get', 'list'] },
        { principal: 'des', keys: ['get', 'wrapKey', 'unwrapKey'] },
      ],
      objects: { secrets: { one: 'value' }, keys: { cmk: 'RSA' } },
      model: 'azureRbac',
    },
  },
  assignments: [
    { role: 'Owner', principal: 'runner', scope: 'subscriptions/prod' },
    { role: 'Key Vault Secrets User', principal: 'app', scope: 'vaults/kv-case', ageDays: 3 },
  ],
};

async function vaultPlan({ folder }: OpenScenario, file = 'keyturn-plan.json'): Promise<VaultPlan> {
  const { vaults } = await planIn(folder, file);
  const [vault] = vaults;
  if (vault === undefined) throw new Error('one vault was planned');
  return vault;
}

// Azure/ARO-RP#4755
describe('a vault that somebody switched to Azure RBAC before its last role was assigned', { timeout: 120_000 }, () => {
  test('gets a plan that makes exactly what is missing; apply makes it at once, and after it all is covered', async () => {
    opened = await openCase(caseEstate(halfMoved));
    const verified = await opened.keyturn('verify', 'kv-case');
    expect(verified.code).toBe(3);
    expect(verified.stdout).toContain('`keyturn plan kv-case`');
    const planned = await opened.keyturn('plan', 'kv-case');
    expect(planned.code, planned.stderr).toBe(0);
    expect(planned.stdout).toContain('on Azure RBAC, to repair');
    expect(planned.stdout).toContain('PLN-REPAIR');
    expect(planned.stderr).toContain('`keyturn apply keyturn-plan.json`');
    const { state, steps, entries, gains } = await vaultPlan(opened);
    expect(state).toBe('repair');
    expect(steps).toEqual([
      expect.objectContaining({ kind: 'ensureRoleAssignment', roleName: 'Key Vault Crypto Service Encryption User' }),
    ]);
    expect(entries.map(({ objectId }) => objectId)).toEqual(['aaaaaaaa-0000-4000-8000-000000000002']);
    expect(gains.every(({ cause }) => cause === 'plan')).toBe(true);

    const before = opened.sandbox.clock.now();
    const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(opened.sandbox.clock.now() - before, 'nothing was waited for').toBeLessThan(60_000);
    expect(applied.stdout).toMatch(/one role assignment that was missing was made a\s+moment ago and takes effect within minutes/);
    expect((await opened.keyturn('status', 'keyturn-plan.json')).code).toBe(0);
    expect((await opened.keyturn('apply', 'keyturn-plan.json', '--yes')).stdout).toContain('nothing to do');
    const again = await opened.keyturn('plan', 'kv-case');
    expect(again.stdout).toContain('on Azure RBAC already');
    expect(await vaultPlan(opened)).toMatchObject({ state: 'alreadyOnRbac', steps: [] });
  });

  test('is not cut off by a rollback of its repair, and what the rollback advises works', async () => {
    opened = await openCase(caseEstate(halfMoved));
    await opened.keyturn('plan', 'kv-case');
    await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
    const state = opened.state();
    const back = await opened.keyturn('rollback', 'keyturn-plan.json', '--remove-assignments', '--yes');
    expect(back.code).toBe(3);
    expect(back.stdout).toContain('NOT_FLIPPED_BY_US');
    expect(opened.state()).toBe(state);
  });

  test('is not given what a decision gave up', async () => {
    opened = await openCase(caseEstate(halfMoved), {
      'decisions.json': {
        formatVersion: 1,
        decisions: [{ vault: 'kv-case', principal: 'aaaaaaaa-0000-4000-8000-000000000002', choice: 'drop', reason: 'no disks any more' }],
      },
    });
    const planned = await opened.keyturn('plan', 'kv-case', '--decisions', 'decisions.json');
    expect(planned.code, planned.stderr).toBe(0);
    expect(await vaultPlan(opened)).toMatchObject({ state: 'alreadyOnRbac', steps: [] });
  });

  test('an entry that needs a decision holds nobody else up', async () => {
    const { vaults = {} } = halfMoved;
    const [one] = Object.values(vaults);
    if (one === undefined) throw new Error('the case has a vault');
    const storage = { principal: 'app', secrets: ['get', 'list'], storage: ['get'] };
    opened = await openCase(
      caseEstate({
        ...halfMoved,
        vaults: { 'kv-case': { ...one, accessPolicies: [storage, { principal: 'des', keys: ['get', 'wrapKey', 'unwrapKey'] }] } },
      }),
    );
    await opened.keyturn('plan', 'kv-case');
    const { state, steps } = await vaultPlan(opened);
    expect({ state, steps: steps.length }).toEqual({ state: 'repair', steps: 1 });
    const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toContain('VERIFY_GAP');
    expect(opened.state()).toContain('e147488a-f6f5-4113-8e2d-b22465e65bf6');
  });

  test('a repair that somebody changed and sealed again writes nothing', async () => {
    opened = await openCase(caseEstate(halfMoved));
    await opened.keyturn('plan', 'kv-case');
    const file = path.join(opened.folder, 'keyturn-plan.json');
    const plan = readPlan(await readFile(file, 'utf8'));
    const wider = officerInstead(bodyOf(plan));
    await writeFile(file, encodePlan(sealPlan(wider)));
    const state = opened.state();
    const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toContain('PLAN_DIFFERS');
    expect(opened.state()).toBe(state);
  });

  test('a repair that came too late, since the vault is on access policies again, is refused with a command that works', async () => {
    opened = await openCase(caseEstate(halfMoved));
    await opened.keyturn('plan', 'kv-case');
    flipElsewhere(opened.sandbox, false);
    const applied = await opened.keyturn('apply', 'keyturn-plan.json', '--yes');
    expect(applied.code).toBe(3);
    expect(applied.stdout).toContain('PLAN_STALE');
    expect((await opened.keyturn('plan', 'kv-case')).code).toBe(0);
    expect(await vaultPlan(opened)).toMatchObject({ state: 'ready' });
  });
});

test('EA-16: a vault on Azure RBAC that is covered is left alone, and so is one whose stored policies are gone', {
  timeout: 120_000,
}, async () => {
  const { assignments = [] } = halfMoved;
  const covered = [
    ...assignments,
    { role: 'Key Vault Crypto Service Encryption User', principal: 'des', scope: 'vaults/kv-case', ageDays: 3 },
  ];
  opened = await openCase(caseEstate({ ...halfMoved, assignments: covered }));
  const planned = await opened.keyturn('plan', 'kv-case');
  expect(planned.stdout).toContain('PLN-ALREADY-RBAC');
  expect(await vaultPlan(opened)).toMatchObject({ state: 'alreadyOnRbac', findings: [{ code: 'PLN-ALREADY-RBAC' }] });
});

/** The same plan with a wider role in its only step, under the name that follows from it. */
function officerInstead(body: PlanBody): PlanBody {
  const role = '14b46e9e-c2b7-41b4-b07b-48a6ebf60603';
  const vaults = body.vaults.map((vault) => ({
    ...vault,
    steps: vault.steps.map((step) => {
      if (step.kind !== 'ensureRoleAssignment') return step;
      const name = assignmentName(step.scope, step.principalId, role);
      const undo = { kind: 'deleteRoleAssignment', assignmentId: assignmentId(step.scope, name) } as const;
      return { ...step, id: `assign-${name}`, name, roleDefinitionId: role, roleName: 'Key Vault Crypto Officer', undo };
    }),
  }));
  return { ...body, vaults };
}
