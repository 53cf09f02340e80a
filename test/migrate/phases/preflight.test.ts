import { describe, expect, test } from 'vitest';
import { unreadable } from '../../../src/base/reading.ts';
import type { AssignStep } from '../../../src/formats/plan.ts';
import { sealPlan } from '../../../src/formats/plan-file.ts';
import { app, apply, applyOne, aSimpleWorld, expectNothingWritten, planOf, policies, setPolicies } from '../../builders/a-migration.ts';
import { bodyOf } from '../../builders/a-plan.ts';
import { operatorsOwn, type World } from '../../builders/a-world.ts';
import { anAssignment, aVault, id, operatorId, rawPolicy, rawVault, subscriptionId, vaultResourceId } from '../../builders/an-estate.ts';

describe('nothing is written', () => {
  test('when the plan blocks the vault, and every blocker is told', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { secrets: ['frobnicate'] })]);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, planOf(world));
      expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_BLOCKED', lines: [expect.stringContaining('frobnicate')] });
    });
    expect(world.journal).toBe('');
  });

  test.each<[string, string, (world: World) => void]>([
    [
      'a policy was added',
      'accessPolicies',
      (world) => {
        setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
      },
    ],
    [
      'the policies stand in another order',
      'accessPolicies',
      (world) => {
        setPolicies(world, policies.toReversed());
      },
    ],
    [
      'the vault was made again',
      'vault',
      (world) => {
        remake(world);
      },
    ],
    [
      'somebody else got a role',
      'roleAssignments',
      (world) => {
        const row = anAssignment(`/subscriptions/${subscriptionId}`, id('e'), 'Key Vault Administrator');
        world.assignments.set(row.id.toLowerCase(), row.raw);
      },
    ],
  ])('when the plan is stale because %s, and the diff is shown', async (_, field, change) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    change(world);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan);
      expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
      expect(result.because).toContain(`\`${field}\``);
      expect(result.lines[0]).toContain(`@@ kv-app: ${field}`);
    });
  });

  test('when a list that the plan stands on cannot be read now: nobody can say whether it moved', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.subscription = { denyAssignments: unreadable('Azure answered 500') };
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan);
      expect(result).toMatchObject({ outcome: 'undetermined', code: 'FACTS_UNREADABLE', lines: ['denyAssignments: Azure answered 500'] });
      expect(result.because).toContain('`denyAssignments`');
    });
  });

  test('when the plan is of another tenant', async () => {
    const world = aSimpleWorld();
    const body = bodyOf(planOf(world));
    const plan = sealPlan({ ...body, tenantId: id('6') });
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_TENANT' });
    });
  });

  test('when the journal belongs to another plan, or the catalogue is another', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const body = bodyOf(plan);
    await apply(world, sealPlan({ ...body, toolVersion: '0.0.9' }), { through: 'stage' });
    world.writes = [];
    await expect(apply(world, plan)).rejects.toMatchObject({ code: 'JOURNAL_FOREIGN' });
    const other = sealPlan({ ...body, catalogue: { asOf: '2020-01-01', digest: 'sha256:0' } });
    await expect(apply(aSimpleWorld(), other)).rejects.toMatchObject({ code: 'CATALOGUE_OTHER', outcome: 'blocked' });
    expect(world.writes).toEqual([]);
  });

  test('when the vault is gone or cannot be read, and these are told apart', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.vaults.clear();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VAULT_GONE' });
    world.estate = { unreadable: [{ subject: 'kv-app', because: 'forbidden' }] };
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'undetermined', code: 'VAULT_UNREADABLE' });
    expect(world.writes).toEqual([]);
  });

  test('EA-43: when the operator may not change the permission model, or nobody can say', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.operator = [
      { actions: ['Microsoft.KeyVault/*', 'Microsoft.Authorization/*/read'], notActions: [], dataActions: [], notDataActions: [] },
    ];
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS' });
    });
    world.operator = undefined;
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'undetermined', code: 'OPERATOR_UNKNOWN' });
    });
  });

  test('P20: when the operator’s own right to assign does not reach a planned role', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { certificates: ['get', 'list'], secrets: ['get'] })]);
    const plan = planOf(world);
    expect(plan.vaults[0]?.steps[0]).toMatchObject({ roleName: 'Key Vault Certificate User' });
    world.assignments.delete(operatorsOwn[0]);
    const row = anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Key Vault Data Access Administrator');
    world.assignments.set(row.id.toLowerCase(), row.raw);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan, { through: 'stage' });
      expect(result).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS' });
      expect(result.because).toContain('Key Vault Certificate User');
    });
  });

  test('P20: when the plan hands a role over and nobody has assigned it yet; then it goes on', async () => {
    const world = aSimpleWorld();
    setPolicies(world, [rawPolicy(app, { certificates: ['get', 'list'], secrets: ['get'] })]);
    const owner = world.assignments.get(operatorsOwn[0]);
    if (owner === undefined) throw new Error('the operator is an owner');
    world.assignments.delete(operatorsOwn[0]);
    const row = anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Key Vault Data Access Administrator');
    world.assignments.set(row.id.toLowerCase(), row.raw);
    const plan = planOf(world);
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, plan, { through: 'stage' });
      expect(result).toMatchObject({ outcome: 'blocked', code: 'HAND_OFF_OPEN' });
      expect(result.lines).toEqual([expect.stringContaining('az role assignment create')]);
    });
    // Somebody else assigns the role, under a name of Azure's own.
    const made = anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Certificate User', { principalType: 'ServicePrincipal' });
    world.assignments.set(made.id.toLowerCase(), made.raw);
    expect(await applyOne(world, plan, { through: 'verify' })).toMatchObject({ outcome: 'done' });
  });

  test('EA-32: when a principal was deleted since, or turned out to be something else', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.principals = world.principals.map((one) => (one.objectId === app ? { kind: 'deleted', objectId: app, displayName: '' } : one));
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PRINCIPAL_MOVED' });
    });
  });

  test.each<[string, Partial<AssignStep>]>([
    ['at another scope', { scope: `/subscriptions/${subscriptionId}` }],
    ['of a role that is not a vault role', { roleDefinitionId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', roleName: 'Key Vault Reader' }],
    ['of another name', { name: id('6') }],
    ['whose undo names another assignment', { undo: { kind: 'deleteRoleAssignment', assignmentId: '/subscriptions/x' } }],
    ['for another principal', { principalId: id('e') }],
  ])('for a plan of a hostile hand, with a step %s, though its digest is right', async (_, change) => {
    const world = aSimpleWorld();
    const body = bodyOf(planOf(world));
    const vaults = body.vaults.map((vault) => ({
      ...vault,
      steps: vault.steps.map((step) => (step.kind === 'ensureRoleAssignment' ? { ...step, ...change } : step)),
    }));
    await expectNothingWritten(world, async () => {
      const result = await applyOne(world, sealPlan({ ...body, vaults }));
      expect(result).toMatchObject({
        outcome: expect.stringMatching(/failed|blocked/) as string,
        code: expect.stringMatching(/^PLAN_/) as string,
      });
    });
  });

  test('when it was asked to stop before it began', async () => {
    const world = aSimpleWorld();
    await expectNothingWritten(world, async () => {
      expect(await applyOne(world, planOf(world), { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'skipped' });
    });
  });
});

function remake(world: World): void {
  const raw = { ...rawVault('kv-app', policies, { enableRbacAuthorization: false }), systemData: { createdAt: '2026-11-20T00:00:00Z' } };
  world.vaults.set(aVault(raw).scope, raw);
}
