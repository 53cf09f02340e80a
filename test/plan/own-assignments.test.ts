import { describe, expect, test } from 'vitest';
import { type JsonObject, stringAt } from '../../src/base/json.ts';
import { read, unreadable } from '../../src/base/reading.ts';
import type { DecisionRow } from '../../src/formats/decisions.ts';
import type { Plan, PlanBody, VaultPlan } from '../../src/formats/plan.ts';
import { encodePlan, readPlan } from '../../src/formats/plan-file.ts';
import type { Estate } from '../../src/model/estate.ts';
import type { Principal } from '../../src/model/principal.ts';
import { parseRoleAssignment } from '../../src/model/role.ts';
import { bearsOurName, isOurRole } from '../../src/plan/bears-our-name.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { madeAlready } from '../../src/plan/made-already.ts';
import { findingShown } from '../../src/words/finding-words.ts';
import { aDecidedWorld, assignStepOf, decidedPlan, edit, planOfVault, signer } from '../builders/a-decided-world.ts';
import { app, apply, applyOne, aSimpleWorld, person, planOf, setPolicies } from '../builders/a-migration.ts';
import { estateOf, startRun, type World } from '../builders/a-world.ts';
import { anAssignment, id, rawPolicy, rawVault, roleDefinitions, user, vaultResourceId } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

/** The world as it is after so many writes of a staging that dies there. */
async function stagedTo(moment: number, world: World, plan: Plan): Promise<World> {
  await apply(world, plan, { through: 'stage' }, startRun(world, moment)).catch(() => undefined);
  world.journal = '';
  return world;
}

const text = (of: JsonObject, name: string): string => stringAt(of, name) ?? '';
const group: Principal = { kind: 'group', objectId: id('e', 1), displayName: 'A team', securityEnabled: true, dynamic: false };

describe('EA-52: the plan of a vault is the same text, with no journal,', () => {
  test('before it is staged, after every step of a staging, and after a whole one', async () => {
    const before = decidedPlan(aDecidedWorld());
    const whole = startRun(aDecidedWorld());
    await apply(aDecidedWorld(), before, { through: 'stage' }, whole);
    const made = new Set<number>();
    for (let moment = 0; moment <= whole.moments(); moment++) {
      const world = await stagedTo(moment, aDecidedWorld(), before);
      expect(encodePlan(decidedPlan(world)), `moment ${moment}`).toBe(encodePlan(before));
      made.add(madeAlready(before, estateOf(world)).size);
    }
    expect([...made]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test.each<[string, Partial<PlanBody['settings']>]>([
    ['when it chooses among the roles of the tenant', { tenantRoles: true }],
    ['when it replaces what the operator may not assign', { operatorLimits: 'replace' }],
  ])('%s', async (_, settings) => {
    const planned = (world: World, decisions: readonly DecisionRow[] = []) =>
      buildPlan(estateOf(world), { catalogue, decisions, settings: { minimumAgeMinutes: 15, ...settings }, toolVersion: '0.1.0' });
    const before = encodePlan(planned(aDecidedWorld()));
    const world = aDecidedWorld();
    await apply(world, decidedPlan(world), { through: 'stage' });
    // Nothing of it is asked for by the plan without decisions: as much of it as is left over is all that differs.
    const { vaults, ...rest } = planned(world);
    const without = vaults.map((vault) => ({
      ...vault,
      findings: vault.findings.filter(({ code }) => code !== 'PLN-LEFT-OVER' && code !== 'PLN-CONFLICT').map(({ code }) => code),
    }));
    const first = readPlan(before);
    expect(without.map((vault) => [vault.name, vault.entries, vault.steps, vault.findings])).toEqual(
      first.vaults.map((vault) => [vault.name, vault.entries, vault.steps, vault.findings.map(({ code }) => code)]),
    );
    expect(rest.settings).toEqual(first.settings);
  });

  test('when staging makes the directory be asked who is in a group, and whatever it answers', async () => {
    const policies = [rawPolicy(group.objectId, { secrets: ['get', 'list'] })];
    const world = aSimpleWorld({}, []);
    world.vaults.set('v', rawVault('kv-app', policies));
    world.principals = [group, user(person)];
    const theirs = anAssignment(vaultResourceId('kv-app'), person, 'Key Vault Secrets User');
    world.assignments.set(theirs.id.toLowerCase(), theirs.raw);
    const before = encodePlan(planOf(world));
    await apply(world, planOf(world), { through: 'stage' });
    for (const members of [read(new Set([person])), unreadable('403 Forbidden')]) {
      const estate: Partial<Estate> = { members: new Map([[id('e', 1), members]]) };
      expect(encodePlan(planOf({ ...world, estate }))).toBe(before);
    }
  });

  test('and the subscription’s limit counts no assignment twice', async () => {
    const decisions: readonly DecisionRow[] = [];
    const world = aSimpleWorld();
    for (let n = 0; n < 3596; n++) {
      const one = anAssignment(vaultResourceId('kv-other'), person, 'Reader', {}, id('7', n));
      world.assignments.set(one.id.toLowerCase(), one.raw);
    }
    const before = planOf(world, decisions);
    expect(before.vaults[0]?.state).toBe('ready');
    await apply(world, before, { through: 'stage' });
    expect(encodePlan(planOf(world, decisions))).toBe(encodePlan(before));
  });
});

describe('EA-52: what bears our name', () => {
  const ours = async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    const raw = [...world.assignments.values()].find((one) => one.name === assignStepOf(plan, person).name);
    if (raw === undefined) throw new Error('it was staged');
    return raw as JsonObject & { properties: JsonObject };
  };
  const isOurs = (raw: JsonObject) => {
    const parsed = parseRoleAssignment(raw);
    return parsed !== undefined && bearsOurName(parsed);
  };

  test('is known in whatever case Azure writes it', async () => {
    const raw = await ours();
    expect(isOurs(raw)).toBe(true);
    const id = text(raw, 'id').toUpperCase();
    const scope = text(raw.properties, 'scope').toUpperCase();
    expect(isOurs({ ...raw, id, name: text(raw, 'name').toUpperCase(), properties: { ...raw.properties, scope } })).toBe(true);
  });

  test.each<[string, (raw: JsonObject & { properties: JsonObject }) => JsonObject]>([
    ['somebody put a condition on it', (raw) => ({ ...raw, properties: { ...raw.properties, condition: '(true)' } })],
    ['it is for somebody else', (raw) => ({ ...raw, properties: { ...raw.properties, principalId: id('d', 77) } })],
    ['its id lies elsewhere', (raw) => ({ ...raw, id: text(raw, 'id').replace('kv-app', 'kv-other') })],
    [
      'it stands at the resource group',
      (raw) => {
        const scope = text(raw.properties, 'scope').split('/providers/')[0] ?? '';
        return {
          ...raw,
          id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${text(raw, 'name')}`,
          properties: { ...raw.properties, scope },
        };
      },
    ],
  ])('no longer does when %s', async (_, change) => {
    expect(isOurs(change(await ours()))).toBe(false);
  });

  test('a custom role does as long as it gives what its id was made of', async () => {
    const world = aDecidedWorld();
    await apply(world, decidedPlan(world), { through: 'stage' });
    const roles = () => estateOf(world).subscriptions[0]?.roleDefinitions;
    const custom = () => {
      const reading = roles();
      return reading?.state === 'read' ? reading.value.filter((role) => role.kind === 'custom') : [];
    };
    expect(custom().map(isOurRole)).toEqual([true]);
    expect(roleDefinitions.some(isOurRole)).toBe(false);
    edit(world.roles, [...world.roles.keys()][0] ?? '', (properties) => ({ ...properties, assignableScopes: ['/subscriptions/other'] }));
    expect(custom().map(isOurRole)).toEqual([false]);
  });
});

describe('EA-52: what an earlier plan left over', () => {
  const leftOver = ({ findings }: VaultPlan) => findings.filter(({ code }) => code === 'PLN-LEFT-OVER').map((one) => findingShown(one));

  test('is said with its id and the command that removes it', async () => {
    const world = aDecidedWorld();
    const first = decidedPlan(world);
    await apply(world, first, { through: 'stage' });
    const narrowed: DecisionRow = { vault: 'kv-one', principal: signer, choice: 'narrow', keep: ['keys/get'], reason: 'it never signs' };
    const vault = planOfVault(planOf(world, [narrowed]));
    const signing = assignStepOf(first, signer);
    const [told] = leftOver(vault).filter(({ subject }) => subject.endsWith(signer));
    expect(told).toMatchObject({
      severity: 'warning',
      remedy: expect.stringContaining('`keyturn rollback kv-one --remove-assignments`') as string,
    });
    expect(told?.message).toContain(signing.name);
  });

  test('counts as what the flip wakes up, like any other assignment', async () => {
    const world = aSimpleWorld();
    const first = planOf(world);
    await apply(world, first, { through: 'stage' });
    setPolicies(world, [rawPolicy(app, { secrets: ['get', 'list'] })]);
    const [vault] = planOf(world).vaults;
    expect(vault?.state).toBe('ready');
    const [gain] = vault?.gains ?? [];
    expect(gain).toMatchObject({
      assignmentId: assignStepOf(first, person).undo.assignmentId,
      principalId: person,
      cause: 'flip',
      certain: true,
    });
    world.journal = '';
    // Nobody has seen that it comes into force.
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'blocked', code: 'GAIN_NOT_ACCEPTED' });
    world.journal = '';
    const accepted = planOf(world, [], [{ vault: '*', assignment: gain?.assignmentId ?? '', reason: 'an earlier plan made it' }]);
    expect(await applyOne(world, accepted)).toMatchObject({ outcome: 'done' });
  });

  test('blocks where it stands in the way of what is planned, since Azure keeps one of them only', async () => {
    const world = aDecidedWorld();
    await apply(world, decidedPlan(world), { through: 'stage' });
    const vault = planOfVault(planOf(world));
    expect(vault.state).toBe('blocked');
    const [conflict] = vault.findings.filter(({ code }) => code === 'PLN-CONFLICT').map((one) => findingShown(one));
    expect(conflict).toMatchObject({
      severity: 'blocker',
      remedy: expect.stringContaining('`keyturn rollback kv-one --remove-assignments`') as string,
    });
  });

  test('is no cover that a new plan relies on', async () => {
    const world = aSimpleWorld();
    await apply(world, planOf(world), { through: 'stage' });
    const kept: DecisionRow = { vault: 'kv-app', principal: person, choice: 'keepExisting', reason: 'only what is there' };
    const [vault] = planOf(world, [kept]).vaults;
    expect(vault?.entries.find(({ objectId }) => objectId.toLowerCase() === person)).toMatchObject({ outcome: 'drop' });
  });

  test('a vault that nobody staged has none', () => {
    expect(planOf(aSimpleWorld()).vaults.flatMap(leftOver)).toEqual([]);
  });
});
