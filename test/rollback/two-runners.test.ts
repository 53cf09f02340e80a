import { expect, test } from 'vitest';
import type { MigrationPorts } from '../../src/migrate/ports.ts';
import { applyOne, aSimpleWorld, back, isFlipped, planOf } from '../builders/a-migration.ts';
import { type Run, startRun, type World } from '../builders/a-world.ts';

/** A runner with a state folder of its own: what it holds and notes, nobody else sees. */
function runnerOf(world: World, journal: string, ports: (run: Run) => Partial<MigrationPorts> = () => ({})): Run {
  const run = startRun({ ...world, journal, held: new Set(), bundles: new Map(world.bundles) });
  return { ...run, ports: { ...run.ports, ...ports(run) } };
}

async function staged() {
  const world = aSimpleWorld();
  const plan = planOf(world);
  expect(await applyOne(world, plan, { through: 'verify' })).toMatchObject({ outcome: 'done' });
  const [vaultPlan] = plan.vaults;
  if (vaultPlan === undefined) throw new Error('no vault');
  const way = { kind: 'staged', plan, vaultPlan } as const;
  return { world, plan, way, journal: world.journal };
}

/** On access policies everybody has what the policies give; on Azure RBAC it takes the planned assignments. */
function nobodyIsRefused(world: World): boolean {
  return !isFlipped(world) || world.assignments.size === 3;
}

test('P25: one flips while the other rolls back with its own state folder: the flip is taken back at once, and not both end well', async () => {
  const { world, plan, way, journal } = await staged();
  const outcomes: string[] = [];
  const first = runnerOf(world, journal, ({ ports: { writer } }) => ({
    writer: {
      ...writer,
      setPermissionModel: async (...asked) => {
        if (asked[1] === 'azureRbac') outcomes.push((await back(world, way, true, runnerOf(world, journal))).outcome);
        return writer.setPermissionModel(...asked);
      },
    },
  }));
  outcomes.push((await applyOne(world, plan, {}, first)).outcome);
  expect(nobodyIsRefused(world)).toBe(true);
  expect(isFlipped(world)).toBe(false);
  expect(outcomes).toEqual(['done', 'blocked']);
});

test('P25: one rolls back while the other flips: nothing is deleted under a vault on Azure RBAC', async () => {
  const { world, plan, way, journal } = await staged();
  const other = runnerOf(world, journal);
  let flipped = '';
  const first = runnerOf(world, journal, ({ ports: { facts } }) => ({
    facts: {
      ...facts,
      read: async (ids) => {
        const estate = await facts.read(ids);
        if (flipped === '') flipped = (await applyOne(world, plan, {}, other)).outcome;
        return estate;
      },
    },
  }));
  expect(await back(world, way, true, first)).toMatchObject({ outcome: 'blocked', code: 'FLIPPED_AGAIN' });
  expect(flipped).toBe('done');
  expect(isFlipped(world)).toBe(true);
  expect(nobodyIsRefused(world)).toBe(true);
});

test('P25: flipped between the first deletion and the last, the vault goes back at once', async () => {
  const { world, way, journal } = await staged();
  const first = runnerOf(world, journal, ({ ports: { writer } }) => ({
    writer: {
      ...writer,
      deleteRoleAssignment: async (assignmentId) => {
        const deleted = await writer.deleteRoleAssignment(assignmentId);
        // The other runner's PATCH was under way already.
        const [key = '', raw = {}] = [...world.vaults][0] ?? [];
        if (!isFlipped(world))
          world.vaults.set(key, { ...raw, properties: { ...(raw.properties as object), enableRbacAuthorization: true } });
        return deleted;
      },
    },
  }));
  expect(await back(world, way, true, first)).toMatchObject({ outcome: 'blocked', code: 'FLIPPED_AGAIN' });
  expect(isFlipped(world)).toBe(false);
});
