import { describe, expect, test } from 'vitest';
import { app, applyOne, aSimpleWorld, isFlipped, planOf, setPolicies } from '../../builders/a-migration.ts';
import { startRun } from '../../builders/a-world.ts';
import { anAssignment, rawPolicy, vaultResourceId } from '../../builders/an-estate.ts';

const minute = 60_000;

describe('before a vault is verified', () => {
  test('flips only when every new assignment is as old as the plan demands, by Azure’s word and by our own', async () => {
    const world = aSimpleWorld();
    const started = world.now;
    const run = startRun(world);
    await applyOne(world, planOf(world), {}, run);
    expect(world.now - started).toBeGreaterThanOrEqual(15 * minute);
    expect(run.events.filter((event) => event.kind === 'waiting').map((event) => event.until)).toEqual(['2026-11-24T09:15:00.000Z']);
  });

  test('does not believe that an assignment is old because Azure’s clock is behind', async () => {
    const world = aSimpleWorld({ azureBehind: 60 * minute });
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBeGreaterThanOrEqual(15 * minute);
  });

  test('waits for a list that lags behind', async () => {
    const world = aSimpleWorld({ listingLag: 16 * minute });
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBeGreaterThanOrEqual(16 * minute);
  });

  test('does not flip on assignments that Azure never lists', async () => {
    const world = aSimpleWorld({ listingLag: 600 * minute });
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP', phase: 'verify' });
    expect(isFlipped(world)).toBe(false);
  });

  test('waits for an assignment that somebody else made a moment ago, since it counts as cover too', async () => {
    const world = aSimpleWorld();
    const young = { createdOn: new Date(world.now - minute).toISOString(), updatedOn: new Date(world.now - minute).toISOString() };
    const theirs = anAssignment(vaultResourceId('kv-app'), app, 'Key Vault Secrets User', young);
    world.assignments.set(theirs.id.toLowerCase(), theirs.raw);
    setPolicies(world, [rawPolicy(app, { secrets: ['get', 'list'] })]);
    const started = world.now;
    expect(await applyOne(world, planOf(world))).toMatchObject({ outcome: 'done' });
    expect(world.now - started).toBe(14 * minute);
    expect(world.writes).toEqual(['flip azureRbac']);
  });
});
