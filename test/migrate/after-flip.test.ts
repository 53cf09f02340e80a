import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { parseJournal } from '../../src/formats/journal.ts';
import type { Plan } from '../../src/formats/plan.ts';
import type { MigrationPorts } from '../../src/migrate/ports.ts';
import { app, applyOne, aSimpleWorld, back, isFlipped, planOf, policies, setPolicies, wayBack } from '../builders/a-migration.ts';
import { Crash, operatorsOwn, type Run, startRun, type World } from '../builders/a-world.ts';
import { anAssignment, id, rawPolicy, vaultResourceId } from '../builders/an-estate.ts';

const stranger = rawPolicy(id('e'), { secrets: ['get'] });

/** Somebody else acts while the flag is on its way: before Azure is asked how the vault stands, or as the PATCH arrives. */
function meanwhile(world: World, when: 'beforeItsOwnReading' | 'atThePatch', act: () => void): Run {
  const run = startRun(world);
  const { writer } = run.ports;
  const setPermissionModel: typeof writer.setPermissionModel = (vault, model, mayChange) => {
    if (model === 'accessPolicy') return writer.setPermissionModel(vault, model, mayChange);
    if (when === 'beforeItsOwnReading') act();
    return writer.setPermissionModel(vault, model, (raw) => {
      mayChange?.(raw);
      if (when === 'atThePatch') act();
    });
  };
  return withPorts(run, { writer: { ...writer, setPermissionModel } });
}

function withPorts(run: Run, ports: Partial<MigrationPorts>): Run {
  return { ...run, ports: { ...run.ports, ...ports } };
}

/** Everything that the plan assigned, gone. */
function unassignAll(world: World): void {
  // The operator's own stays.
  for (const key of world.assignments.keys()) if (key !== operatorsOwn[0]) world.assignments.delete(key);
}

function unassignOne(world: World): void {
  world.assignments.delete([...world.assignments.keys()].at(-1) ?? '');
}

function eventsOf(world: World): readonly string[] {
  return parseJournal(world.journal).entries.map(({ event }) => event);
}

describe('what moves between the last reading and the flip', () => {
  test('P21: a policy that the reading before the PATCH shows stops it: no flag is written', async () => {
    const world = aSimpleWorld();
    const run = meanwhile(world, 'beforeItsOwnReading', () => {
      setPolicies(world, [...policies, stranger]);
    });
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(world.writes.filter((write) => write.startsWith('flip'))).toEqual([]);
    expect(eventsOf(world).slice(-2)).toEqual(['began', 'failed']);
  });

  test.each([
    ['all assignments', unassignAll],
    ['one assignment', unassignOne],
  ])('P25: %s deleted as the PATCH arrives: the flip is taken back at once, and the journal says so', async (_, act) => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const result = await applyOne(
      world,
      plan,
      {},
      meanwhile(world, 'atThePatch', () => {
        act(world);
      }),
    );
    expect(result).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP', because: expect.stringContaining('taken back') as string });
    expect(result.lines.join('\n')).toMatch(/lacks/);
    expect(world.writes.filter((write) => write.startsWith('flip'))).toEqual(['flip azureRbac', 'flip accessPolicy']);
    expect(isFlipped(world)).toBe(false);
    expect(eventsOf(world).slice(-3)).toEqual(['undoBegan', 'undone', 'undone']);
    expect(await applyOne(world, plan), 'and the next run makes them again').toMatchObject({ outcome: 'done' });
  });

  test('a role assigned to somebody as the PATCH arrives is a gain that nobody was shown: taken back', async () => {
    const world = aSimpleWorld();
    const run = meanwhile(world, 'atThePatch', () => {
      const made = anAssignment(vaultResourceId('kv-app'), id('e'), 'Key Vault Secrets User').raw;
      world.assignments.set('the new one', made);
    });
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
    expect(isFlipped(world)).toBe(false);
  });

  test('and when Azure does not let the flip be taken back, that is said, with what to run', async () => {
    const world = aSimpleWorld();
    const run = meanwhile(world, 'atThePatch', () => {
      unassignAll(world);
    });
    const flip: typeof run.ports.writer.setPermissionModel = (...asked) => run.ports.writer.setPermissionModel(...asked);
    const refusing: typeof flip = (vault, model, mayChange) =>
      model === 'azureRbac'
        ? flip(vault, model, mayChange)
        : Promise.reject(new KnownError('failed', 'AZURE_POLICY_DENIED', 'a policy forbids it', 'ask'));
    const writer = { ...run.ports.writer, setPermissionModel: refusing };
    const result = await applyOne(world, planOf(world), {}, withPorts(run, { writer }));
    expect(result).toMatchObject({
      outcome: 'failed',
      code: 'FLIP_STANDS',
      remedy: expect.stringContaining('keyturn rollback kv-app') as string,
    });
    expect(result.because).toContain('a policy forbids it');
    expect(eventsOf(world).at(-1)).toBe('undoBegan');
  });
});

test('a vault that somebody puts back on access policies right after its flip is said to be so, and applying the plan again flips it', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  const run = startRun(world);
  const { writer } = run.ports;
  const setPermissionModel: typeof writer.setPermissionModel = async (vault, model, mayChange) => {
    const flipped = await writer.setPermissionModel(vault, model, mayChange);
    if (model === 'azureRbac') await writer.setPermissionModel(vault, 'accessPolicy');
    return flipped;
  };
  const result = await applyOne(world, plan, {}, withPorts(run, { writer: { ...writer, setPermissionModel } }));
  expect(result).toMatchObject({
    outcome: 'failed',
    code: 'FLIP_UNDONE',
    remedy: expect.stringContaining('before the next try') as string,
  });
  expect(isFlipped(world)).toBe(false);
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  expect(isFlipped(world)).toBe(true);
});

describe('facts that cannot be read after the flip', () => {
  /** Fails the readings after the flip, of the numbers given. */
  const unreadableAfter = (world: World, failing: (reading: number) => boolean): Run => {
    const run = startRun(world);
    const { facts } = run.ports;
    let after = 0;
    const read: typeof facts.read = (ids) => {
      if (isFlipped(world) && failing(++after))
        return Promise.reject(new KnownError('failed', 'AZURE_NO_ANSWER', 'no answer', 'try again'));
      return facts.read(ids);
    };
    return withPorts(run, { facts: { ...facts, read } });
  };

  test('once: they are asked for again, and the proof is made', async () => {
    const world = aSimpleWorld();
    expect(
      await applyOne(
        world,
        planOf(world),
        { through: 'flip' },
        unreadableAfter(world, (n) => n === 1),
      ),
    ).toMatchObject({ outcome: 'done' });
    expect(eventsOf(world).slice(-2)).toEqual(['done', 'verified']);
  });

  test('P26: for good: the vault stays flipped, since all was proved a moment before, and that it is not proved now is said', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const result = await applyOne(
      world,
      plan,
      { through: 'flip' },
      unreadableAfter(world, () => true),
    );
    expect(result).toMatchObject({ outcome: 'undetermined', code: 'FLIP_UNPROVED' });
    expect(isFlipped(world)).toBe(true);
    expect(await applyOne(world, plan), 'the next run proves it').toMatchObject({ outcome: 'done' });
    expect(eventsOf(world).at(-1)).toBe('verified');
  });
});

describe('a run that died between the flip’s end and the look for what slipped in', () => {
  /** Dies as soon as the journal says that the flip is done. */
  const diedAfterDone = async (): Promise<{ readonly world: World; readonly plan: Plan }> => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = startRun(world);
    const { journal } = run.ports;
    let dead = false;
    const append: typeof journal.append = async (entry) => {
      if (dead) throw new Crash();
      await journal.append(entry);
      dead = entry.event === 'done' && entry.step?.startsWith('flip-') === true;
      if (dead) throw new Crash();
    };
    await applyOne(world, plan, {}, withPorts(run, { journal: { ...journal, append } }));
    expect(isFlipped(world)).toBe(true);
    expect(eventsOf(world).at(-1)).toBe('done');
    return { world, plan };
  };

  test('is looked into by the next run, which ends it', async () => {
    const { world, plan } = await diedAfterDone();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(eventsOf(world).at(-1)).toBe('verified');
  });

  test('P25: a policy that slipped in takes the flip back', async () => {
    const { world, plan } = await diedAfterDone();
    setPolicies(world, [...policies, stranger]);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(isFlipped(world)).toBe(false);
    await back(world, wayBack(world));
    expect(JSON.stringify([...world.vaults.values()]), 'and no rollback wipes it out').toContain(id('e'));
  });

  test('assignments that went take the flip back', async () => {
    const { world, plan } = await diedAfterDone();
    unassignAll(world);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
    expect(isFlipped(world)).toBe(false);
  });

  test('stored policies that somebody has removed since do not: going back would cut off whom they named', async () => {
    const { world, plan } = await diedAfterDone();
    setPolicies(
      world,
      policies.filter((policy) => policy.objectId !== app),
    );
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(isFlipped(world)).toBe(true);
  });
});

test('P25: a policy that slipped in after the look is told by the next run, whatever the journal says, and takes nothing back', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
  setPolicies(world, [...policies, stranger]);
  const result = await applyOne(world, plan);
  expect(result.outcome).not.toBe('done');
  expect(result.lines.join('\n')).toContain(id('e'));
  expect(isFlipped(world)).toBe(true);
});
