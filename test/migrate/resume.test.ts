import { describe, expect, test } from 'vitest';
import { apply, applyOne, aSimpleWorld, back, isFlipped, planOf, setPolicies, snapshot, wayBack } from '../builders/a-migration.ts';
import { startRun, type World } from '../builders/a-world.ts';
import { anAssignment, id, rawPolicy, vaultResourceId } from '../builders/an-estate.ts';

/** How often the process can die in one whole run. */
async function momentsOf(act: (run: ReturnType<typeof startRun>) => Promise<unknown>, world: World): Promise<number> {
  const run = startRun(world);
  await act(run);
  return run.moments();
}

/** Whenever the vault is on Azure RBAC, what its plan assigns has to be there and old enough: else somebody was locked out. */
function expectNobodyLockedOut(world: World, at: string): void {
  if (!isFlipped(world)) return;
  const made = [...world.assignments.values()].map((raw) => (raw.properties as { createdOn: string }).createdOn);
  expect(made.length, at).toBe(3);
  for (const since of made) expect(world.now - Date.parse(since), at).toBeGreaterThanOrEqual(15 * 60_000);
}

function comparable(world: World): unknown {
  const shorn = snapshot(world) as { assignments: [string, { properties: object }][] };
  // When an assignment was made depends on how long the waiting took; which ones there are does not.
  const assignments = shorn.assignments.map(([key, raw]) => [
    key,
    { ...raw, properties: { ...raw.properties, createdOn: '', updatedOn: '' } },
  ]);
  return { ...shorn, assignments };
}

describe('a run that lost its hold on the vault', () => {
  test('writes nothing more, wherever it is', async () => {
    const whole = aSimpleWorld();
    const plan = planOf(whole);
    await apply(whole, plan);
    expect(whole.writes).toHaveLength(3);
    for (const count of [1, 2]) {
      const world = aSimpleWorld();
      const push = world.writes.push.bind(world.writes);
      world.writes.push = (...lines) => {
        const written = push(...lines);
        if (written === count) world.held.clear();
        return written;
      };
      expect(await applyOne(world, plan), `after write ${count}`).toMatchObject({ code: 'VAULT_LOST', outcome: 'blocked' });
      expect([...world.writes], `after write ${count}`).toEqual(whole.writes.slice(0, count));
    }
  });
});

describe('a run that dies', () => {
  test('at any moment can be run again, and ends where one that never died ends', async () => {
    const whole = aSimpleWorld();
    const plan = planOf(whole);
    const moments = await momentsOf((run) => apply(whole, plan, {}, run), whole);
    expect(moments).toBeGreaterThan(20);
    for (let at = 1; at <= moments; at++) {
      const world = aSimpleWorld();
      await apply(world, plan, {}, startRun(world, at)).catch(() => undefined);
      expectNobodyLockedOut(world, `after dying at moment ${at}`);
      expect(await applyOne(world, plan), `resumed from moment ${at}`).toMatchObject({ outcome: 'done' });
      expect(comparable(world), `resumed from moment ${at}`).toEqual(comparable(whole));
      expect(world.writes.filter((write) => write.startsWith('flip'))).toEqual(['flip azureRbac']);
    }
  });

  test('at any moment, and in a torn line of its journal, can be rolled back to exactly the start', async () => {
    const whole = aSimpleWorld();
    const plan = planOf(whole);
    const start = snapshot(whole);
    const moments = await momentsOf((run) => apply(whole, plan, {}, run), whole);
    for (let at = 1; at <= moments; at++) {
      const world = aSimpleWorld();
      await apply(world, plan, {}, startRun(world, at)).catch(() => undefined);
      world.journal += '{"v":1,"at":"2026-11-2';
      const [vaultPlan] = plan.vaults;
      const staged = vaultPlan === undefined ? undefined : ({ kind: 'staged', plan, vaultPlan } as const);
      const way = world.bundles.size > 0 ? wayBack(world) : staged;
      if (way === undefined) throw new Error('no way back');
      expect(await back(world, way), `rolled back from moment ${at}`).toMatchObject({ outcome: 'done' });
      expect(snapshot(world), `rolled back from moment ${at}`).toEqual(start);
      expect(await applyOne(world, plan), `applied again after moment ${at}`).toMatchObject({ outcome: 'done' });
    }
  });

  test('in the middle of a rollback can roll back again, and applies again after it', async () => {
    const applied = async () => {
      const world = aSimpleWorld();
      const plan = planOf(world);
      const start = snapshot(world);
      await apply(world, plan);
      setPolicies(world, [rawPolicy(id('e'), { secrets: ['get'] })]);
      return { world, plan, start };
    };
    const first = await applied();
    const moments = await momentsOf((run) => back(first.world, wayBack(first.world), true, run), first.world);
    expect(snapshot(first.world)).toEqual(first.start);
    for (let at = 1; at <= moments; at++) {
      const { world, plan, start } = await applied();
      await back(world, wayBack(world), true, startRun(world, at));
      expect(await back(world, wayBack(world)), `again after moment ${at}`).toMatchObject({ outcome: 'done' });
      expect(snapshot(world), `again after moment ${at}`).toEqual(start);
      expect(await applyOne(world, plan), `applied after moment ${at}`).toMatchObject({ outcome: 'done' });
    }
  });
});

test('a run that is asked to stop leaves a state that the next one goes on from', async () => {
  const plan = planOf(aSimpleWorld());
  for (let stops = 1; stops <= 12; stops++) {
    const world = aSimpleWorld();
    const controller = new AbortController();
    const run = startRun(world);
    let steps = 0;
    const ports = {
      ...run.ports,
      onEvent: () => {
        steps++;
        if (steps === stops) controller.abort();
      },
    };
    const result = await applyOne(world, plan, { signal: controller.signal }, { ...run, ports });
    expect(['skipped', 'interrupted', 'done']).toContain(result.outcome);
    expect(result.bug).toBeUndefined();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(isFlipped(world)).toBe(true);
  }
});

test('what was there before us under another name survives apply and rollback', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  const step = plan.vaults[0]?.steps[0];
  if (step?.kind !== 'ensureRoleAssignment') throw new Error('no step');
  const theirs = anAssignment(vaultResourceId('kv-app'), id('d', 2), step.roleName);
  const run = startRun(world);
  const writer: typeof run.ports.writer = {
    ...run.ports.writer,
    ensureRoleAssignment: (one) => {
      if (one.name === step.name) world.assignments.set(theirs.id.toLowerCase(), theirs.raw);
      return run.ports.writer.ensureRoleAssignment(one);
    },
  };
  await apply(world, plan, { through: 'stage' }, { ...run, ports: { ...run.ports, writer } });
  const [vaultPlan] = plan.vaults;
  if (vaultPlan === undefined) throw new Error('no vault');
  expect(await back(world, { kind: 'staged', plan, vaultPlan })).toMatchObject({ outcome: 'done' });
  expect([...world.assignments.keys()]).toContain(theirs.id.toLowerCase());
});
