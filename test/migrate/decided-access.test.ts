import { describe, expect, test } from 'vitest';
import type { Guid } from '../../src/base/guid.ts';
import { type JsonObject, stringAt } from '../../src/base/json.ts';
import { assignmentId, assignmentName } from '../../src/formats/assignment-name.ts';
import { parseJournal } from '../../src/formats/journal.ts';
import type { AssignStep, Plan, RoleStep, VaultPlan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import { customRole } from '../../src/mapping/custom-role.ts';
import { nameCondition } from '../../src/mapping/name-condition.ts';
import { parseScope } from '../../src/model/scope.ts';
import { roleStep } from '../../src/plan/custom-role-step.ts';
import {
  aDecidedWorld,
  assignStepOf,
  billing,
  decidedPlan,
  edit,
  orders,
  planOfVault,
  resealed,
  roleStepOf,
  signer,
} from '../builders/a-decided-world.ts';
import { apply, back, beforeTheFlip, isFlipped, snapshot } from '../builders/a-migration.ts';
import { operatorsOwn, startRun, type World } from '../builders/a-world.ts';
import { anAssignment, id, operatorId, subscriptionId, vaultResourceId } from '../builders/an-estate.ts';
import { roleId } from '../builders/the-catalogue.ts';

const sign = 'Microsoft.KeyVault/vaults/keys/sign/action';
const get = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const one = vaultResourceId('kv-one');
const theirs = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'other'";

describe('access limited by decisions', () => {
  test('EA-20: is staged and flipped, and a custom role is made once for two vaults of a run', async () => {
    const world = aDecidedWorld();
    const plan = decidedPlan(world);
    const results = await apply(world, plan);
    expect(results.map((result) => result.outcome)).toEqual(['done', 'done']);
    const { roleName } = roleStepOf(plan);
    expect(roleStepOf(plan, 'kv-two')).toMatchObject({ id: roleStepOf(plan).id, roleName });
    expect(world.writes.filter((write) => write.startsWith('makeRole'))).toEqual([`makeRole ${roleName}`]);
    expect(world.roles.size).toBe(1);
    const done = parseJournal(world.journal).entries.filter(({ event, step }) => event === 'done' && step === roleStepOf(plan).id);
    const outcomes = done.map(({ vaultId, outcome }) => [vaultId, outcome] as const);
    expect(outcomes.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
      [one, 'created'],
      [vaultResourceId('kv-two'), 'created'],
    ]);
  });

  test('EA-20: waits for a list of roles that lags behind, and does not flip on a role that Azure never lists', async () => {
    const world = aDecidedWorld({ roleLag: 20 * 60_000 });
    const started = world.now;
    expect((await apply(world, decidedPlan(world))).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect(world.now - started).toBeGreaterThanOrEqual(20 * 60_000);
    const never = aDecidedWorld({ roleLag: 6_000 * 60_000 });
    for (const result of await apply(never, decidedPlan(never))) expect(result).toMatchObject({ code: 'VERIFY_GAP', phase: 'verify' });
    expect(never.writes).not.toContain('flip azureRbac');
  });

  test('EA-41: under two conditions that differ in letter case alone bears two names, since they may give different secrets', () => {
    const [upper, lower] = ['Billing-Key', 'billing-key'].map((name) => nameCondition([name], [get]));
    expect(assignmentName(one, billing, id('1'), upper)).not.toBe(assignmentName(one, billing, id('1'), lower));
    expect(assignmentName(one, billing, id('1'), upper)).toBe(assignmentName(one.toUpperCase(), billing.toUpperCase(), id('1'), upper));
  });

  test('that died at any moment, as between role and assignment, goes on, and goes back to exactly the start', {
    timeout: 120_000,
  }, async () => {
    const whole = aDecidedWorld();
    const plan = decidedPlan(whole);
    const start = snapshot(whole);
    const run = startRun(whole);
    await apply(whole, plan, { concurrency: 1 }, run);
    const moments = run.moments();
    expect(moments).toBeGreaterThan(40);
    for (let at = 1; at <= moments; at++) {
      const world = aDecidedWorld();
      await apply(world, plan, { concurrency: 1 }, startRun(world, at)).catch(() => undefined);
      const results = await apply(world, plan, { concurrency: 1 });
      expect(
        results.map(({ outcome }) => outcome),
        `resumed from moment ${at}`,
      ).toEqual(['done', 'done']);
      expect(world.writes.toSorted(), `resumed from moment ${at}`).toEqual(whole.writes.toSorted());
      for (const vaultPlan of plan.vaults) await back(world, { kind: 'staged', plan, vaultPlan });
      expect(snapshot(world), `rolled back after moment ${at}`).toEqual(start);
    }
  });
});

/** The flip of the first vault, with something done before the facts for it are read, when all is staged. */
async function flipWhile(meanwhile: (world: World, plan: Plan) => void) {
  const world = aDecidedWorld();
  const plan = decidedPlan(world);
  await apply(world, plan, { through: 'stage' });
  world.now += 3_600_000;
  const run = beforeTheFlip(world, () => {
    meanwhile(world, plan);
  });
  const [result] = await apply(world, plan, { vaults: ['kv-one'] }, run);
  return { result, flipped: isFlipped(world, 'kv-one') };
}

describe('the flip is refused', () => {
  const conditioned = (plan: Plan) => assignStepOf(plan, billing, (step) => step.condition !== undefined).undo.assignmentId;

  test.each<[string, (properties: JsonObject) => JsonObject]>([
    ['lost its condition', (properties) => ({ ...properties, condition: null, conditionVersion: null })],
    ['got one for other secrets', (properties) => ({ ...properties, condition: nameCondition(['payments'], [get]) })],
    [
      'got one whose names differ in letter case',
      (properties) => ({ ...properties, condition: stringAt(properties, 'condition')?.toLowerCase() ?? null }),
    ],
  ])('EA-39: when a staged assignment %s, and the diff is shown', async (_, change) => {
    const { result, flipped } = await flipWhile((world, plan) => {
      edit(world.assignments, conditioned(plan), change);
    });
    expect(flipped).toBe(false);
    expect(result).toMatchObject({
      outcome: 'blocked',
      code: 'PLAN_STALE',
      because: expect.stringContaining('`roleAssignments`') as string,
    });
    expect(result?.lines.some((line) => line.startsWith('+ {') && line.includes('roleassignments/'))).toBe(true);
  });

  test.each<[string, object]>([
    ['gives more', { dataActions: ['Microsoft.KeyVault/vaults/keys/*'] }],
    ['gives less', { dataActions: [sign] }],
    ['gives what may come one day', { dataActions: ['Microsoft.KeyVault/vaults/keys/read', `${sign}*`] }],
    ['manages resources', { actions: ['*'] }],
    ['leaves something out', { notDataActions: [sign] }],
  ])('EA-18: when a custom role of the plan %s since it was made, and the diff is shown', async (_, change) => {
    const { result, flipped } = await flipWhile((world, plan) => {
      edit(world.roles, roleStepOf(plan).undo.roleDefinitionId, (properties) => {
        const [block] = properties.permissions as readonly JsonObject[];
        return { ...properties, permissions: [{ ...block, ...change }] };
      });
    });
    expect(flipped).toBe(false);
    expect(result).toMatchObject({
      outcome: 'blocked',
      code: 'PLAN_STALE',
      because: expect.stringContaining('`roleDefinitions`') as string,
    });
    expect(result?.lines.join()).toContain('"edited"');
  });

  test('EA-14: when somebody gives the principal at the vault what was limited to an object', async () => {
    const { result, flipped } = await flipWhile((world) => {
      const row = anAssignment(one, orders, 'Key Vault Secrets User');
      world.assignments.set(row.id.toLowerCase(), row.raw);
    });
    expect(flipped).toBe(false);
    expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
  });
});

describe('nothing is written', () => {
  const refused = async (world: World, plan: Plan) => {
    const before = snapshot(world);
    const [result] = await apply(world, plan, { vaults: ['kv-one'] });
    expect(world.writes).toEqual([]);
    expect(snapshot(world)).toEqual(before);
    return result;
  };
  const assign = (change: Partial<AssignStep>, step: AssignStep): AssignStep => {
    const changed = { ...step, ...change };
    const name = assignmentName(changed.scope, changed.principalId, changed.roleDefinitionId, changed.condition);
    return {
      ...changed,
      name,
      id: `assign-${name}`,
      undo: { kind: 'deleteRoleAssignment', assignmentId: assignmentId(changed.scope, name) },
    };
  };
  const roleOf = (dataActions: readonly string[], scope = `/subscriptions/${subscriptionId}`): RoleStep =>
    roleStep(customRole(parseScope(scope) ?? ('' as never), dataActions), one);
  const swap = (kind: 'ensureRoleDefinition' | 'ensureRoleAssignment', change: (step: never) => VaultPlan['steps'][number]) => {
    return (steps: VaultPlan['steps']) => {
      const at = steps.findIndex((step) => step.kind === kind);
      return steps.map((step, index) => (index === at ? change(step as never) : step));
    };
  };
  const officer = { roleDefinitionId: roleId('Key Vault Secrets Officer') };

  test.each<[string, (steps: VaultPlan['steps']) => VaultPlan['steps']]>([
    ['defines a role with a wildcard', swap('ensureRoleDefinition', () => roleOf(['Microsoft.KeyVault/vaults/*']))],
    ['defines a role with actions that manage', swap('ensureRoleDefinition', () => roleOf(['Microsoft.KeyVault/vaults/write']))],
    [
      'defines a role over other resources',
      swap('ensureRoleDefinition', () => roleOf(['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'])),
    ],
    ['defines a role in another subscription', swap('ensureRoleDefinition', () => roleOf([sign], `/subscriptions/${id('6')}`))],
    [
      'defines a role at a management group',
      swap('ensureRoleDefinition', () => roleOf([sign], '/providers/Microsoft.Management/managementGroups/all')),
    ],
    ['defines a role under another id', swap('ensureRoleDefinition', (step: RoleStep) => ({ ...step, name: id('5') }))],
    ['defines a role under another name', swap('ensureRoleDefinition', (step: RoleStep) => ({ ...step, roleName: 'Key Vault Reader' }))],
    [
      'assigns on another vault’s object',
      swap('ensureRoleAssignment', (step: AssignStep) => assign({ scope: `${vaultResourceId('kv-two')}/secrets/x` }, step)),
    ],
    [
      'assigns on a vault whose name begins alike',
      swap('ensureRoleAssignment', (step: AssignStep) => assign({ scope: `${one}x/secrets/x` }, step)),
    ],
    [
      'assigns on what a dotted name leads to',
      swap('ensureRoleAssignment', (step: AssignStep) => assign({ scope: `${one}/secrets/..` }, step)),
    ],
    ['assigns on a version', swap('ensureRoleAssignment', (step: AssignStep) => assign({ scope: `${one}/secrets/x/1` }, step))],
    ['assigns behind a question mark', swap('ensureRoleAssignment', (step: AssignStep) => assign({ scope: `${one}/secrets/x?y` }, step))],
    [
      'assigns a role that it does not define',
      swap('ensureRoleAssignment', (step: AssignStep) => assign({ roleDefinitionId: id('5') }, step)),
    ],
    ['assigns under an empty condition', swap('ensureRoleAssignment', (step: AssignStep) => assign({ ...officer, condition: '' }, step))],
    [
      'assigns under a condition of its own',
      swap('ensureRoleAssignment', (step: AssignStep) =>
        assign({ ...officer, condition: "@Request[Microsoft.KeyVault/vaults/secrets:name] StringLike '*'" }, step),
      ),
    ],
    [
      'assigns under a condition longer than Azure takes',
      swap('ensureRoleAssignment', (step: AssignStep) => {
        const names = Array.from({ length: 90 }, (_, at) => `${'x'.repeat(120)}${at}`);
        return assign({ ...officer, condition: nameCondition(names, [get]) }, step);
      }),
    ],
  ])('by a plan that somebody sealed again and that %s', async (_, change) => {
    const world = aDecidedWorld();
    const plan = resealed(world, decidedPlan(world), change);
    expect(await refused(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_DIFFERS' });
    expect(world.journal.split('\n').filter((line) => line.includes('"began"'))).toEqual([]);
  });

  test.each<[string, (steps: VaultPlan['steps']) => VaultPlan['steps']]>([
    [
      'would delete another role',
      swap('ensureRoleDefinition', (step: RoleStep) => ({ ...step, undo: { ...step.undo, roleDefinitionId: operatorsOwn[0] } })),
    ],
    ['calls a role another step’s', swap('ensureRoleDefinition', (step: RoleStep) => ({ ...step, id: 'assign-x' }))],
    [
      'would delete another assignment',
      swap('ensureRoleAssignment', (step: AssignStep) => ({ ...step, undo: { ...step.undo, assignmentId: `${step.undo.assignmentId}x` } })),
    ],
    ['gives an assignment another name', swap('ensureRoleAssignment', (step: AssignStep) => ({ ...step, name: id('5') }))],
  ])('by a plan that %s, which its file has no place for: what is read is what follows from the rest', (_, change) => {
    const plan = decidedPlan(aDecidedWorld());
    const vaults = plan.vaults.map((vault) => ({ ...vault, steps: [...change(vault.steps)] }));
    expect(vaults).not.toEqual(plan.vaults);
    expect(readPlan(encodePlan({ ...plan, vaults })).vaults).toEqual(plan.vaults);
  });

  test('by a plan that was sealed again without a change: it is the plan', async () => {
    const world = aDecidedWorld();
    const [result] = await apply(
      world,
      resealed(world, decidedPlan(world), (steps) => steps),
      { vaults: ['kv-one'] },
    );
    expect(result).toMatchObject({ outcome: 'done' });
  });

  test('EA-20: when the operator may assign but not define roles in the subscription; what is defined already needs no right', async () => {
    const world = aDecidedWorld();
    const plan = decidedPlan(world);
    world.assignments.delete(operatorsOwn[0]);
    const row = anAssignment(`/subscriptions/${subscriptionId}/resourceGroups/rg-app`, operatorId, 'Owner');
    world.assignments.set(row.id.toLowerCase(), row.raw);
    const result = await refused(world, plan);
    expect(result).toMatchObject({
      outcome: 'blocked',
      code: 'OPERATOR_RIGHTS',
      because: expect.stringContaining('make custom roles') as string,
    });
    const other = aDecidedWorld();
    await apply(other, plan, { through: 'stage', vaults: ['kv-two'] });
    world.roles = other.roles;
    expect((await apply(world, plan, { vaults: ['kv-one'] }))[0]).toMatchObject({ outcome: 'done' });
  });

  test.each<[string, Guid, string, JsonObject]>([
    ['without a condition', billing, 'Key Vault Secrets Officer', {}],
    ['under another condition', billing, 'Key Vault Secrets Officer', { condition: theirs, conditionVersion: '2.0' }],
    ['under a condition where none is planned', orders, 'Key Vault Reader', { condition: theirs, conditionVersion: '2.0' }],
  ])('when the role stands there already %s: Azure keeps one of them only', async (_, who, role, more) => {
    const world = aDecidedWorld();
    const row = anAssignment(one, who, role, more);
    world.assignments.set(row.id.toLowerCase(), row.raw);
    // A plan that is made now would go around it or be blocked; this one was made before it was there.
    const plan = resealed(world, decidedPlan(aDecidedWorld()), (steps) => steps);
    const result = await refused(world, plan);
    expect(result).toMatchObject({ outcome: 'blocked', code: 'ASSIGNMENT_CONFLICT', because: expect.stringContaining(row.name) as string });
    expect(result?.remedy).toContain('`keyturn rollback kv-one --remove-assignments`');
  });
});

test('the entry of the signer is covered through the custom role alone', () => {
  const plan = decidedPlan(aDecidedWorld());
  expect(assignStepOf(plan, signer).roleDefinitionId).toBe(roleStepOf(plan).name);
  expect(planOfVault(plan).gains.filter(({ principalId }) => principalId === signer)).toEqual([]);
});
