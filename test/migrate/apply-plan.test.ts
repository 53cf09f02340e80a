import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { parseJournal } from '../../src/formats/journal.ts';
import { sealPlan } from '../../src/formats/plan-file.ts';
import { apply, applyOne, aSimpleWorld, back, events, isFlipped, person, planOf, setPolicies, wayBack } from '../builders/a-migration.ts';
import { bodyOf } from '../builders/a-plan.ts';
import { startRun } from '../builders/a-world.ts';
import { aVault, rawVault } from '../builders/an-estate.ts';

const minute = 60_000;

describe('applying a plan', () => {
  test('stages, waits, verifies, keeps a bundle, flips by one write, and says so', async () => {
    const world = aSimpleWorld();
    const result = await applyOne(world, planOf(world));
    expect(result).toMatchObject({ outcome: 'done', phase: 'watch', because: 'the vault is on Azure RBAC' });
    expect(world.writes).toEqual(['assign Key Vault Crypto User', 'assign Key Vault Secrets User', 'flip azureRbac']);
    expect(events(world)).toEqual([
      'opened',
      ...['began', 'done', 'began', 'done'],
      'settled',
      'verified',
      'bundleWritten',
      'verified',
      ...['began', 'done'],
      'verified',
    ]);
    expect(world.bundles.size).toBe(1);
  });

  test('touches nothing of the vault but the flag', async () => {
    const world = aSimpleWorld();
    const [before] = world.vaults.values();
    await applyOne(world, planOf(world));
    const [after] = world.vaults.values();
    expect(after).toEqual({ ...before, properties: { ...(before?.properties as object), enableRbacAuthorization: true } });
  });

  test('a second time does nothing and says so', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan);
    const writes = [...world.writes];
    const journal = world.journal;
    const result = await applyOne(world, plan);
    expect(result).toMatchObject({ outcome: 'done' });
    expect(result.because).toContain('nothing to do');
    expect(world.writes).toEqual(writes);
    expect(world.journal).toBe(journal);
  });

  test('with its journal lost knows its own flip by the bundle, and makes nothing twice', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan);
    const writes = [...world.writes];
    world.journal = '';
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes).toEqual(writes);
  });

  test('stops where it is told to, and goes on from there later without waiting again', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    expect(await applyOne(world, plan, { through: 'stage' })).toMatchObject({ outcome: 'done', phase: 'stage' });
    expect(isFlipped(world)).toBe(false);
    world.now += 60 * minute;
    const later = world.now;
    expect(await applyOne(world, plan, { through: 'verify' })).toMatchObject({ outcome: 'done', phase: 'verify' });
    expect(isFlipped(world)).toBe(false);
    expect(await applyOne(world, plan, { through: 'flip' })).toMatchObject({ outcome: 'done', phase: 'flip' });
    expect(world.now).toBe(later);
    expect(isFlipped(world)).toBe(true);
  });

  test('makes an assignment again that somebody removed after staging, and lets it grow old', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    await applyOne(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    const later = world.now;
    world.assignments.delete([...world.assignments.keys()].at(-1) ?? '');
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.now - later).toBeGreaterThanOrEqual(15 * minute);
  });

  test('does not ask again for what a decision gave up', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world, [{ vault: 'kv-app', principal: person, choice: 'drop', reason: 'left' }]);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes).toEqual(['assign Key Vault Secrets User', 'flip azureRbac']);
  });
});

describe('several vaults', () => {
  test('wait together: all are staged before the first one settles', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b', 'kv-c']);
    const started = world.now;
    const results = await apply(world, planOf(world), { concurrency: 1 });
    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['kv-a', 'done'],
      ['kv-b', 'done'],
      ['kv-c', 'done'],
    ]);
    expect(world.now - started).toBe(15 * minute);
    expect(world.writes.slice(0, 6).every((write) => write.startsWith('assign'))).toBe(true);
  });

  test('are each other’s strangers: one that fails stops no other', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b', 'kv-c']);
    const plan = planOf(world);
    setPolicies(world, [], 'kv-b');
    const results = await apply(world, plan);
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['done', undefined],
      ['blocked', 'PLAN_STALE'],
      ['done', undefined],
    ]);
    expect([isFlipped(world, 'kv-a'), isFlipped(world, 'kv-b'), isFlipped(world, 'kv-c')]).toEqual([true, false, true]);
  });

  test('can be chosen by name, and a name that the plan has not is refused before anything is written', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b']);
    const plan = planOf(world);
    await expect(apply(world, plan, { vaults: ['kv-a', 'kv-z'] })).rejects.toMatchObject({ code: 'VAULT_NOT_PLANNED' });
    expect(world.writes).toEqual([]);
    await apply(world, plan, { vaults: ['KV-A'] });
    expect([isFlipped(world, 'kv-a'), isFlipped(world, 'kv-b')]).toEqual([true, false]);
  });

  test('a vault that another run holds is left alone', async () => {
    const world = aSimpleWorld();
    const run = startRun(world);
    world.held.add(aVault(rawVault('kv-app', [])).scope);
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'blocked', code: 'VAULT_BUSY' });
    expect(world.writes).toEqual([]);
  });
});

describe('a service error', () => {
  test('at the second assignment leaves a line in the journal, and the next run goes on from there', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.refuse.set('flip', new KnownError('failed', 'AZURE_CONFLICT', 'two changes\nat once', 'run it again'));
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'failed', code: 'AZURE_CONFLICT', phase: 'flip', remedy: 'run it again' });
    expect(parseJournal(world.journal).entries.at(-1)).toMatchObject({ event: 'failed', detail: 'AZURE_CONFLICT: two changes at once' });
    world.refuse.clear();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(world.writes.filter((write) => write.startsWith('assign'))).toHaveLength(2);
  });
});

test('a vault whose rollback has not ended is not applied to', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  await applyOne(world, plan);
  const writes = world.writes.length;
  // Two moments an append: the line is on disk, and the flag is not yet back.
  await back(world, wayBack(world), true, startRun(world, 2));
  expect(isFlipped(world)).toBe(true);
  const remedy = 'finish it with `keyturn rollback kv-app`, then apply again';
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'ROLLBACK_OPEN', remedy });
  expect(world.writes).toHaveLength(writes);
});

test('a plan that names a vault twice is refused, since the vault would be worked on twice at once', async () => {
  const world = aSimpleWorld();
  const body = bodyOf(planOf(world));
  const twice = sealPlan({
    ...body,
    vaults: [...body.vaults, ...body.vaults.map((vault) => ({ ...vault, vaultId: vault.vaultId.toUpperCase() }))],
  });
  await expect(apply(world, twice)).rejects.toMatchObject({ code: 'PLAN_UNREADABLE' });
  expect(world.writes).toEqual([]);
});
