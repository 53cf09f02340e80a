import { describe, expect, test } from 'vitest';
import { read } from '../../../src/base/reading.ts';
import { type JournalEntry, parseJournal } from '../../../src/formats/journal.ts';
import { sealPlan } from '../../../src/formats/plan-file.ts';
import { parseLock } from '../../../src/model/governance.ts';
import { parseScheduleInstance } from '../../../src/model/schedule-instance.ts';
import {
  applyOne,
  aSimpleWorld,
  back,
  beforeTheFlip,
  isFlipped,
  planOf,
  policies,
  setPolicies,
  wayBack,
} from '../../builders/a-migration.ts';
import { bodyOf } from '../../builders/a-plan.ts';
import { Crash, operatorsOwn, startRun } from '../../builders/a-world.ts';
import { anAssignment, id, operatorId, rawPolicy, subscriptionId, vaultResourceId } from '../../builders/an-estate.ts';
import { roleId } from '../../builders/the-catalogue.ts';

describe('the flip is refused', () => {
  /** The first reading serves staging, the second one settling, verifying and the flip: no time passes in between. */
  const lastReading = 2;

  test('P21: when a policy is added between verify and flip, and the diff is shown', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    for (const when of ['before the last reading', 'between verify and flip']) {
      const other = aSimpleWorld();
      const add = () => {
        setPolicies(other, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
      };
      if (when === 'before the last reading') other.meanwhile.set(lastReading, add);
      const result = await applyOne(other, plan, {}, when === 'between verify and flip' ? beforeTheFlip(other, add) : startRun(other));
      expect(result.outcome, when).toBe('blocked');
      expect(isFlipped(other)).toBe(false);
      expect(result.lines.join('\n')).toContain(id('e'));
    }
  });

  test('when anything else the plan stands on moves at the last moment', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const lock = parseLock({
      id: `${vaultResourceId('kv-app')}/providers/Microsoft.Authorization/locks/l`,
      properties: { level: 'CanNotDelete' },
    });
    const appear = () => (world.subscription = { locks: read(lock === undefined ? [] : [lock]) });
    expect(await applyOne(world, plan, {}, beforeTheFlip(world, appear))).toMatchObject({
      outcome: 'blocked',
      code: 'PLAN_STALE',
      phase: 'flip',
    });
    expect(isFlipped(world)).toBe(false);
  });

  test('when its bundle was taken of policies that were there for a moment only', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = beforeTheFlip(world, () => {
      setPolicies(world, []);
    });
    const { bundles } = run.ports;
    const write: typeof bundles.write = async (...asked) => {
      const place = await bundles.write(...asked);
      setPolicies(world, policies);
      return place;
    };
    const ports = { ...run.ports, bundles: { ...bundles, write } };
    expect(await applyOne(world, plan, {}, { ...run, ports })).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE', phase: 'flip' });
    expect(world.writes).not.toContain('flip azureRbac');
  });

  test('EA-43: when the operator’s right went away while it waited', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = beforeTheFlip(world, () => (world.operator = []));
    expect(await applyOne(world, plan, {}, run)).toMatchObject({ outcome: 'blocked', code: 'OPERATOR_RIGHTS', phase: 'flip' });
    expect(isFlipped(world)).toBe(false);
  });

  test('EA-38: when the operator’s right ends too soon after it for a way back', async () => {
    const ending = (endDateTime: string) =>
      parseScheduleInstance({
        id: '/i/1',
        properties: {
          scope: `/subscriptions/${subscriptionId}`,
          roleDefinitionId: roleId('Owner'),
          principalId: operatorId,
          assignmentType: 'Activated',
          originRoleAssignmentId: operatorsOwn[0],
          endDateTime,
        },
      });
    const outcomes: unknown[] = [];
    for (const end of ['2026-11-24T10:00:00Z', '2026-11-24T17:00:00Z']) {
      const world = aSimpleWorld();
      const instance = ending(end);
      world.subscription = { activeInstances: read(instance === undefined ? [] : [instance]) };
      const { outcome, code } = await applyOne(world, planOf(world));
      outcomes.push([outcome, code, world.writes.length > 0]);
    }
    expect(outcomes).toEqual([
      ['blocked', 'OPERATOR_RIGHTS', false],
      ['done', undefined, true],
    ]);
  });

  test('when a new assignment would give somebody access that the plan does not list', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(lastReading, () => {
      const row = anAssignment(vaultResourceId('kv-app'), id('e'), 'Key Vault Administrator');
      world.assignments.set(row.id.toLowerCase(), row.raw);
    });
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked' });
    expect(isFlipped(world)).toBe(false);
  });

  test('when one of the staged assignments disappears while it waits', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    world.meanwhile.set(lastReading, () => world.assignments.delete([...world.assignments.keys()].at(-1) ?? ''));
    const result = await applyOne(world, plan);
    expect(result).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
    expect(result.lines.join('\n')).toMatch(/would lose/);
    expect(isFlipped(world)).toBe(false);
  });

  test('when the reading before the PATCH shows a policy that slipped in', async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = startRun(world);
    const flip: typeof run.ports.writer.setPermissionModel = (...args) => run.ports.writer.setPermissionModel(...args);
    const sneaky = {
      ...run.ports,
      writer: {
        ...run.ports.writer,
        setPermissionModel: async (...args: Parameters<typeof flip>) => {
          if (args[1] === 'azureRbac') setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
          return flip(...args);
        },
      },
    };
    expect(await applyOne(world, plan, {}, { ...run, ports: sneaky })).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(world.writes.filter((write) => write.startsWith('flip'))).toEqual([]);
    // A later rollback must not wipe out what slipped in.
    await back(world, wayBack(world));
    expect(JSON.stringify([...world.vaults.values()])).toContain(id('e'));
  });

  test('when the bundle does not read back as it was written', async () => {
    const world = aSimpleWorld();
    const run = startRun(world);
    const broken = { ...run.ports, bundles: { ...run.ports.bundles, read: () => Promise.resolve({}) } };
    expect(await applyOne(world, planOf(world), {}, { ...run, ports: broken })).toMatchObject({
      outcome: 'failed',
      code: 'BUNDLE_UNREADABLE',
    });
    expect(isFlipped(world)).toBe(false);
  });
});

describe('a flip whose end did not reach the journal', () => {
  /** Dies as soon as the flip has taken effect. */
  const flippedAndDied = async () => {
    const world = aSimpleWorld();
    const plan = planOf(world);
    const run = startRun(world);
    const writer: typeof run.ports.writer = {
      ...run.ports.writer,
      setPermissionModel: async (...args) => {
        await run.ports.writer.setPermissionModel(...args);
        throw new Crash();
      },
    };
    const journal = {
      ...run.ports.journal,
      append: (entry: JournalEntry) => (entry.event === 'failed' ? Promise.reject(new Crash()) : run.ports.journal.append(entry)),
    };
    const result = await applyOne(world, plan, {}, { ...run, ports: { ...run.ports, writer, journal } });
    expect(result.bug).toBeInstanceOf(Crash);
    expect(isFlipped(world)).toBe(true);
    return { world, plan };
  };

  test('is found by the next run, which verifies it once more', async () => {
    const { world, plan } = await flippedAndDied();
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'done' });
    expect(
      parseJournal(world.journal)
        .entries.slice(-2)
        .map((entry) => entry.event),
    ).toEqual(['done', 'verified']);
  });

  test('and whose cover is gone by then is told as a gap', async () => {
    const { world, plan } = await flippedAndDied();
    world.assignments.delete([...world.assignments.keys()].at(-1) ?? '');
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'VERIFY_GAP' });
  });

  test('and into which a policy slipped is taken back', async () => {
    const { world, plan } = await flippedAndDied();
    setPolicies(world, [...policies, rawPolicy(id('e'), { secrets: ['get'] })]);
    expect(await applyOne(world, plan)).toMatchObject({ outcome: 'blocked', code: 'PLAN_STALE' });
    expect(isFlipped(world)).toBe(false);
  });

  test('is not taken for ours by the bundle of another plan', async () => {
    const { world, plan } = await flippedAndDied();
    world.journal = '';
    const other = sealPlan({ ...bodyOf(plan), toolVersion: '0.2.0' });
    const result = await applyOne(world, other);
    expect(result).toMatchObject({ outcome: 'done', because: expect.stringContaining('it was flipped elsewhere') as string });
    expect(isFlipped(world)).toBe(true);
  });
});
