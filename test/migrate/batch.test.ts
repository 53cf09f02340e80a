import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import { parseJournal } from '../../src/formats/journal.ts';
import type { AzureWriter, MigrationPorts } from '../../src/migrate/ports.ts';
import { rollBackAll } from '../../src/migrate/roll-back.ts';
import { apply, applyOne, aSimpleWorld, isFlipped, planOf, policies, setPolicies, wayBack } from '../builders/a-migration.ts';
import { operatorsOwn, type Run, startRun, type World } from '../builders/a-world.ts';
import { id, rawPolicy } from '../builders/an-estate.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const minute = 60_000;
const names = Array.from({ length: 12 }, (_, at) => `kv-${String(at).padStart(2, '0')}`);

interface Counted extends Run {
  readonly calls: { read: number; permissions: number; assign: number };
}

/** A run that counts what it asks of Azure. */
function counted(world: World): Counted {
  const run = startRun(world);
  const { facts, writer } = run.ports;
  const calls = { read: 0, permissions: 0, assign: 0 };
  const ports: MigrationPorts = {
    ...run.ports,
    facts: {
      ...facts,
      read: (...asked) => {
        calls.read += 1;
        return facts.read(...asked);
      },
      operatorPermissions: (vault) => {
        calls.permissions += 1;
        return facts.operatorPermissions(vault);
      },
    },
    writer: {
      ...writer,
      ensureRoleAssignment: (...asked) => {
        calls.assign += 1;
        return writer.ensureRoleAssignment(...asked);
      },
    },
  };
  return { ...run, ports, calls };
}

function withFlip(run: Run, flip: (set: AzureWriter['setPermissionModel']) => AzureWriter['setPermissionModel']): Run {
  const { writer } = run.ports;
  return { ...run, ports: { ...run.ports, writer: { ...writer, setPermissionModel: flip(writer.setPermissionModel.bind(writer)) } } };
}

const flips = (world: World) => world.writes.filter((write) => write.startsWith('flip'));

describe('RF-1: readings grow with batches, and not with vaults', () => {
  test('a whole run over twelve vaults of a subscription reads it four times, and asks for the operator’s permissions once a reading', async () => {
    const world = aSimpleWorld({}, names);
    const run = counted(world);
    const results = await apply(world, planOf(world), { concurrency: 100 }, run);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    // Staged; taken up again; settled, verified and flipped; looked at after the flip.
    expect(run.calls).toEqual({ read: 4, permissions: 3, assign: 2 * names.length });
  });

  test('RF-9: a rollback of twelve vaults reads their subscription once, and three times where it also removes assignments', async () => {
    const world = aSimpleWorld({}, names);
    await apply(world, planOf(world), { concurrency: 100 });
    const ways = names.map((name) => wayBack(world, name));
    const run = counted(world);
    const flagsOnly = await rollBackAll(ways, { removeAssignments: false }, { ports: run.ports, catalogue });
    expect(flagsOnly.map(({ name, outcome }) => [name, outcome])).toEqual(names.map((name) => [name, 'done']));
    expect(names.some((name) => isFlipped(world, name))).toBe(false);
    expect(run.calls).toEqual({ read: 1, permissions: 1, assign: 0 });
    const again = counted(world);
    const removed = await rollBackAll(ways, { removeAssignments: true }, { ports: again.ports, catalogue });
    expect(new Set(removed.map(({ because }) => because))).toEqual(
      new Set(['the vault is on its access policies; 2 role assignments deleted']),
    );
    // As it stands; before the first is deleted; when all are, in case somebody flipped a vault meanwhile.
    expect(again.calls).toEqual({ read: 3, permissions: 0, assign: 0 });
  });

  test('a flip of what was staged long ago takes one reading before and one after', async () => {
    const world = aSimpleWorld({}, names);
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    const run = counted(world);
    await apply(world, plan, { concurrency: 100 }, run);
    expect(flips(world)).toHaveLength(names.length);
    expect(run.calls).toEqual({ read: 2, permissions: 1, assign: 0 });
  });

  test('and a run that finds all done takes two', async () => {
    const world = aSimpleWorld({}, names);
    const plan = planOf(world);
    await apply(world, plan);
    const run = counted(world);
    await apply(world, plan, { concurrency: 100 }, run);
    expect(run.calls).toEqual({ read: 2, permissions: 0, assign: 0 });
  });
});

describe('RF-3: settling', () => {
  test('reads nothing as long as what was made is too young, and then once a minute for all', async () => {
    const world = aSimpleWorld({ listingLag: 20 * minute }, names);
    const run = counted(world);
    const started = world.now;
    expect((await apply(world, planOf(world), { through: 'settle' }, run)).map(({ outcome }) => outcome)).toEqual(names.map(() => 'done'));
    expect(world.now - started).toBe(20 * minute);
    // Two passes, and one a minute from the 15th on.
    expect(run.calls.read).toBe(2 + 6);
  });
});

describe('RF-5: what a flip stands on', () => {
  test('facts that grew old while the flip waited for its turn are read and judged again: what moved by then stops it', async () => {
    const world = aSimpleWorld({}, ['kv-a', 'kv-b']);
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    const run = withFlip(startRun(world), (set) => async (vault, ...how) => {
      const done = await set(vault, ...how);
      // The first one took long; somebody takes the second one's assignments away meanwhile.
      if (vault.name === 'kv-a' && how[0] === 'azureRbac') {
        world.now += 3 * minute;
        for (const key of world.assignments.keys()) if (key.includes('/vaults/kv-b/')) world.assignments.delete(key);
      }
      return done;
    });
    const results = await apply(world, plan, { concurrency: 1 }, run);
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['done', undefined],
      ['blocked', 'VERIFY_GAP'],
    ]);
    expect([isFlipped(world, 'kv-a'), isFlipped(world, 'kv-b')]).toEqual([true, false]);
    expect(flips(world), 'kv-b was never flipped, and so not taken back').toEqual(['flip azureRbac']);
  });

  test('a PATCH that is kept waiting until they are too old does not leave: they are read again first', async () => {
    const world = aSimpleWorld();
    let waits = 1;
    const run = withFlip(counted(world), (set) => (vault, model, mayChange, options) => {
      return set(
        vault,
        model,
        (raw) => {
          mayChange?.(raw);
          // Throttled: the request waits for its turn.
          if (waits-- > 0) world.now += 2 * minute + 1;
          options?.mayLeave?.();
        },
        options,
      );
    });
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'done' });
    expect(flips(world)).toEqual(['flip azureRbac']);
    const events = parseJournal(world.journal).entries.filter(({ step }) => step?.startsWith('flip-') === true);
    expect(events.map(({ event }) => event)).toEqual(['began', 'failed', 'began', 'done']);
    expect(events[1]?.detail).toContain('FACTS_TOO_OLD');
  });

  test('one that never gets its turn in time ends without a flip, and says so', async () => {
    const world = aSimpleWorld();
    const run = withFlip(startRun(world), (set) => (vault, model, mayChange, options) => {
      return set(
        vault,
        model,
        (raw) => {
          mayChange?.(raw);
          world.now += 5 * minute;
          options?.mayLeave?.();
        },
        options,
      );
    });
    expect(await applyOne(world, planOf(world), {}, run)).toMatchObject({ outcome: 'undetermined', code: 'FACTS_TOO_OLD', phase: 'flip' });
    expect(isFlipped(world)).toBe(false);
  });

  test('how old they may be can be set', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const reads: number[] = [];
    for (const factsAge of [10 * minute, 30_000]) {
      const other = aSimpleWorld();
      const run = counted(other);
      const onEvent: Run['ports']['onEvent'] = (event) => {
        if (event.kind === 'phase' && event.phase === 'flip') other.now += minute;
      };
      await applyOne(other, plan, { factsAge }, { ...run, ports: { ...run.ports, onEvent } });
      reads.push(run.calls.read);
    }
    expect(reads).toEqual([3, 4]);
  });
});

describe('RF-6, P25: after the flips of a batch', () => {
  test('one reading finds who lost access at any of its vaults, and takes back those and no others', async () => {
    const world = aSimpleWorld({}, names);
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    let slipped = 0;
    const run = withFlip(counted(world), (set) => (vault, model, mayChange, options) => {
      return set(
        vault,
        model,
        (raw) => {
          mayChange?.(raw);
          if (model !== 'azureRbac') return;
          if (vault.name === 'kv-03') {
            slipped += 1;
            for (const key of world.assignments.keys()) if (key.includes('/vaults/kv-03/')) world.assignments.delete(key);
          }
          if (vault.name === 'kv-07') setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })], 'kv-07');
        },
        options,
      );
    }) as Counted;
    const results = await apply(world, plan, { concurrency: 4 }, run);
    expect(slipped).toBe(1);
    const ends = new Map(results.map(({ name, outcome, code }) => [name, [outcome, code]]));
    expect(ends.get('kv-03')).toEqual(['blocked', 'VERIFY_GAP']);
    expect(ends.get('kv-07')).toEqual(['blocked', 'PLAN_STALE']);
    expect(names.filter((name) => !isFlipped(world, name))).toEqual(['kv-03', 'kv-07']);
    expect(run.calls.read).toBe(2);
  });

  test('a reading that fails is asked for again, and those whose flip was proved are none the worse for the others', async () => {
    const world = aSimpleWorld({}, names);
    const plan = planOf(world);
    await apply(world, plan, { through: 'stage' });
    world.now += 60 * minute;
    const run = startRun(world);
    let after = 0;
    const read: typeof run.ports.facts.read = (...asked) => {
      if (flips(world).length > 0 && after++ < 2) return Promise.reject(new KnownError('failed', 'AZURE_NO_ANSWER', 'no answer', 'again'));
      return run.ports.facts.read(...asked);
    };
    const results = await apply(world, plan, {}, { ...run, ports: { ...run.ports, facts: { ...run.ports.facts, read } } });
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    expect(after).toBe(3);
  });
});

test('RF-2: what Azure does not list is sent without a question; what it lists and the journal does not know is asked for', async () => {
  const world = aSimpleWorld();
  const plan = planOf(world);
  const asked: (boolean | undefined)[] = [];
  const spy = (): Run => {
    const run = startRun(world);
    const { writer } = run.ports;
    const ensureRoleAssignment: AzureWriter['ensureRoleAssignment'] = (step, listed) => {
      asked.push(listed);
      return writer.ensureRoleAssignment(step, listed);
    };
    return { ...run, ports: { ...run.ports, writer: { ...writer, ensureRoleAssignment } } };
  };
  await apply(world, plan, { through: 'stage' }, spy());
  expect(asked).toEqual([false, false]);
  await apply(world, plan, { through: 'stage' }, spy());
  expect(asked).toHaveLength(2);
  world.journal = '';
  await apply(world, plan, { through: 'stage' }, spy());
  expect(asked.slice(2)).toEqual([true, true]);
  expect([...world.assignments.keys()].filter((key) => key !== operatorsOwn[0])).toHaveLength(2);
});

test('what a run has staged is not sent again when it is taken up, though lists do not show it yet', async () => {
  const world = aSimpleWorld({ listingLag: 10 * minute }, names);
  const run = counted(world);
  const results = await apply(world, planOf(world), { concurrency: 100 }, run);
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
  expect(run.calls.assign).toBe(2 * names.length);
});

test('results are told as they come, and one slow vault holds up no other one', async () => {
  const world = aSimpleWorld({}, ['kv-a', 'kv-b']);
  const plan = planOf(world);
  await apply(world, plan, { through: 'stage' });
  world.now += 60 * minute;
  const young = [...world.assignments].find(([key]) => key.includes('/vaults/kv-a/'));
  if (young === undefined) throw new Error('kv-a is staged');
  const [key, raw] = young;
  const now = new Date(world.now).toISOString();
  world.assignments.set(key, { ...raw, properties: { ...(raw.properties as object), createdOn: now, updatedOn: now } });
  const run = startRun(world);
  await apply(world, plan, { concurrency: 1 }, run);
  const done = run.events.flatMap((event) => (event.kind === 'vaultDone' ? [event.vaultId.slice(-4)] : []));
  expect(done).toEqual(['kv-b', 'kv-a']);
});
