import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/known-error.ts';
import type { Plan } from '../../src/formats/plan.ts';
import { runWaves, type WaveOptions } from '../../src/migrate/run-waves.ts';
import { wavesOf } from '../../src/migrate/waves.ts';
import { aSimpleWorld, planOf } from '../builders/a-migration.ts';
import { type Run, startRun, type World } from '../builders/a-world.ts';
import { catalogue } from '../builders/the-catalogue.ts';

const names = Array.from({ length: 12 }, (_, at) => `kv-${String(at + 1).padStart(2, '0')}`);
const twelve = (): { readonly world: World; readonly plan: Plan } => {
  const world = aSimpleWorld({}, names);
  return { world, plan: planOf(world) };
};
const last = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

async function carryOut(world: World, plan: Plan, options: Partial<WaveOptions>, run: Run = startRun(world)) {
  const waves = wavesOf(plan.vaults, 'ramp');
  const results = await runWaves(plan, { through: 'watch', concurrency: 4, waves, ...options }, { ports: run.ports, catalogue });
  return { results, outcomes: results.map(({ outcome }) => outcome), events: run.events };
}

/** Fails the hold of those vaults, as another run that has them does. */
function busyAt(world: World, busy: readonly string[]): Run {
  const run = startRun(world);
  const { holds: others } = run.ports;
  const holds: Run['ports']['holds'] = {
    hold: (vault) =>
      busy.includes(vault.name)
        ? Promise.reject(new KnownError('blocked', 'VAULT_BUSY', 'another run has it', 'wait'))
        : others.hold(vault),
  };
  return { ...run, ports: { ...run.ports, holds } };
}

describe('a run in waves', () => {
  test('ends every vault of a wave before the next wave begins, opens the journal once, and gives results in the order of the plan', async () => {
    const { world, plan } = twelve();
    const { results, outcomes, events } = await carryOut(world, plan, {});
    expect(outcomes).toEqual(names.map(() => 'done'));
    expect(results.map(({ name }) => name)).toEqual(names);
    const told = events.flatMap((event) =>
      event.kind === 'wave' ? [`wave ${event.wave} of ${event.of}`] : event.kind === 'vaultDone' ? [last(event.vaultId)] : [],
    );
    expect(told.filter((word) => word.startsWith('wave'))).toEqual(['wave 1 of 3', 'wave 2 of 3', 'wave 3 of 3']);
    expect(told.slice(0, 3)).toEqual(['wave 1 of 3', names[0], 'wave 2 of 3']);
    expect(told.slice(3, 8).sort()).toEqual(names.slice(1, 6));
    expect(told[8]).toBe('wave 3 of 3');
    expect(world.journal.match(/"event":"opened"/g)).toHaveLength(1);
  });

  test('begins no further wave once enough vaults were blocked, and says so of what is skipped', async () => {
    const { world, plan } = twelve();
    const { results, outcomes, events } = await carryOut(world, plan, { stopAfter: { vaults: 1 } }, busyAt(world, ['kv-03']));
    expect(outcomes).toEqual(names.map((name, at) => (name === 'kv-03' ? 'blocked' : at < 6 ? 'done' : 'skipped')));
    expect(results.at(-1)?.because).toBe('the run stopped after 1 vault that was blocked');
    expect(events.filter(({ kind }) => kind === 'stopped')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'vaultDone')).toHaveLength(12);
    expect(world.writes.filter((write) => write === 'flip azureRbac')).toHaveLength(5);
  });

  test('is not said to have stopped where every vault had begun by then', async () => {
    const { world, plan } = twelve();
    const { outcomes, events } = await carryOut(world, plan, { stopAfter: { vaults: 1 } }, busyAt(world, ['kv-12']));
    expect(outcomes.at(-1)).toBe('blocked');
    expect(events.filter(({ kind }) => kind === 'stopped')).toEqual([]);
  });

  test('goes on past vaults that fail where nothing is said of it', async () => {
    const { world, plan } = twelve();
    const { outcomes } = await carryOut(world, plan, {}, busyAt(world, ['kv-01', 'kv-07']));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10);
  });

  test('does not count vaults that the plan itself blocks', async () => {
    const { world, plan } = twelve();
    const blocked = { ...plan, vaults: plan.vaults.map((vault, at) => (at === 0 ? { ...vault, state: 'blocked' as const } : vault)) };
    const { outcomes } = await carryOut(world, blocked, { stopAfter: { vaults: 1 }, waves: wavesOf(blocked.vaults, 'ramp') });
    expect(outcomes).toEqual(names.map((_, at) => (at === 0 ? 'blocked' : 'done')));
  });

  test('begins no further vault of the wave either, while those under way come to their end', { timeout: 60_000 }, async () => {
    const all = Array.from({ length: 230 }, (_, at) => `kv-${1000 + at}`);
    const world = aSimpleWorld({}, all);
    const plan = planOf(world);
    const more = { stopAfter: { vaults: 1 }, waves: wavesOf(plan.vaults), through: 'stage' } as const;
    const { outcomes } = await carryOut(world, plan, more, busyAt(world, ['kv-1000']));
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
    expect(outcomes[0]).toBe('blocked');
    // A subscription has two hundred vaults under way at once.
    expect({ done: count('done'), skipped: count('skipped') }).toEqual({ done: 199, skipped: 30 });
    expect((await carryOut(world, plan, { ...more })).outcomes).toEqual(all.map(() => 'done'));
  });

  test('holds between waves and not before the first, and says until when', async () => {
    const { world, plan } = twelve();
    const began = world.now;
    const { events } = await carryOut(world, plan, { wait: 3_600_000, through: 'stage' });
    const holds = events.flatMap((event) => (event.kind === 'hold' ? [event] : []));
    expect(holds.map(({ wave, until }) => [wave, until])).toEqual([
      [2, new Date(began + 3_600_000).toISOString()],
      [3, new Date(began + 2 * 3_600_000).toISOString()],
    ]);
  });

  test('asked to stop while it holds, it begins no further wave and tells of every vault', async () => {
    const { world, plan } = twelve();
    const stop = new AbortController();
    const run = startRun(world);
    const onEvent: Run['ports']['onEvent'] = (event) => {
      run.events.push(event);
      if (event.kind === 'hold') stop.abort(new DOMException('interrupted', 'AbortError'));
    };
    const ports = { ...run.ports, onEvent };
    const { outcomes, results } = await carryOut(world, plan, { wait: 60_000, signal: stop.signal }, { ...run, ports });
    expect(outcomes).toEqual(names.map((_, at) => (at === 0 ? 'done' : 'skipped')));
    expect(results.at(-1)?.because).toBe('the run was asked to stop before it began');
  });

  test('keeps what earlier waves did when a later one cannot begin', async () => {
    const { world, plan } = twelve();
    const run = startRun(world);
    let holds = 0;
    const hold = () =>
      ++holds === 1 ? Promise.resolve() : Promise.reject(new KnownError('blocked', 'JOURNAL_LOST', 'another run took it over', 'wait'));
    const ports = { ...run.ports, journal: { ...run.ports.journal, hold } };
    const { outcomes, results } = await carryOut(world, plan, { stopAfter: { vaults: 1 } }, { ...run, ports });
    expect(outcomes).toEqual(names.map((_, at) => (at === 0 ? 'done' : at < 6 ? 'blocked' : 'skipped')));
    expect(results[1]).toMatchObject({ code: 'JOURNAL_LOST', remedy: 'wait' });
  });
});
