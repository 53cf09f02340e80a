import { describe, expect, test } from 'vitest';
import { countedProgress } from '../../../src/cli/output/counted-progress.ts';
import { countedMigrationProgress } from '../../../src/cli/output/migration-view.ts';
import { startProgress } from '../../../src/cli/progress.ts';
import type { Phase } from '../../../src/formats/phases.ts';
import type { MigrationEvent } from '../../../src/migrate/ports.ts';
import { testIo } from '../test-io.ts';

const vaultId = (at: number) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-${at}`;
const phase = (at: number, of: Phase): MigrationEvent => ({ kind: 'phase', phase: of, vaultId: vaultId(at) });
const ended = (at: number, outcome: 'done' | 'failed' | 'blocked' | 'skipped'): MigrationEvent => ({
  kind: 'vaultDone',
  vaultId: vaultId(at),
  outcome,
  because: 'so it is',
});

/** A run over so many vaults, by a clock that the test moves. */
function counting(vaults: number) {
  const clock = { now: Date.parse('2026-11-24T09:00:00.000Z') };
  const working = new Set(Array.from({ length: vaults }, (_, at) => vaultId(at)));
  const counted = countedProgress(working, () => clock.now);
  const take = (...events: readonly MigrationEvent[]) => events.map((event) => counted.on(event)?.text).at(-1);
  const all = (count: number, make: (at: number) => MigrationEvent, from = 0) =>
    take(...Array.from({ length: count }, (_, at) => make(from + at)));
  return { clock, counted, take, all };
}

describe('progress of many vaults', () => {
  test('counts a phase: done of all, failed, how many a minute, how long it takes', () => {
    const { clock, take, all } = counting(400);
    all(400, (at) => phase(at, 'flip'));
    expect(take(ended(0, 'done'))).toBe('flip: 1 of 400 done');
    all(119, (at) => ended(at, 'done'), 1);
    all(2, (at) => ended(at, 'failed'), 120);
    clock.now += 4 * 60_000;
    expect(take(ended(122, 'blocked'))).toBe('flip: 120 of 400 done, 3 failed, 30 a minute, about 9 minutes left');
    clock.now += 400 * 60_000;
    expect(take(ended(123, 'done'))).toContain('less than 1 a minute, about 15 hours left');
  });

  test('tells of the phase that most vaults are in', () => {
    const { take, all } = counting(30);
    all(30, (at) => phase(at, 'stage'));
    expect(all(10, (at) => phase(at, 'verify'))).toBe('stage: 10 of 30 done');
    expect(all(10, (at) => phase(at, 'verify'), 10)).toBe('verify: 0 of 30 done');
    expect(take(ended(0, 'done'))).toBe('verify: 1 of 30 done');
  });

  test('counts a vault that was staged once, also when it is taken up again', () => {
    const { take, all } = counting(30);
    all(30, (at) => phase(at, 'stage'));
    all(29, (at) => ({ kind: 'parked', vaultId: vaultId(at) }));
    expect(take({ kind: 'found', vaultId: vaultId(29), permissionModel: 'accessPolicy' })).toBe('stage: 29 of 30 done');
    all(29, (at) => phase(at, 'stage'));
    expect(take(phase(0, 'settle'), phase(1, 'settle'))).toBe('settle: 0 of 30 done');
    const waiting: MigrationEvent = { kind: 'waiting', vaultId: vaultId(0), until: '2026-11-24T09:15:00.000Z', because: 'young' };
    expect(take(waiting)).toBe('settle: 0 of 30 done, waiting until 09:15 UTC');
  });

  test('counts each wave by itself, and leaves out vaults that the run has no work for', () => {
    const { take, all } = counting(30);
    expect(take({ kind: 'wave', wave: 2, of: 3, name: '2', vaults: 5 })).toBeUndefined();
    expect(all(5, (at) => phase(at, 'flip'))).toBe('wave 2 of 3: flip: 0 of 5 done');
    expect(take(ended(99, 'blocked'))).toBeUndefined();
    expect(take(ended(1, 'done'), ended(2, 'skipped'))).toBe('wave 2 of 3: flip: 1 of 5 done');
    expect(take(ended(0, 'done'), ended(3, 'failed'), ended(4, 'done'))).toBe('wave 2 of 3: 3 of 5 done, 1 failed');
  });

  test('without a terminal is a line every few seconds at most, but for what is new; who fails is named', async () => {
    const { clock, counted } = counting(30);
    const io = testIo({ now: () => new Date(clock.now) });
    const progress = await startProgress({}, io);
    const on = countedMigrationProgress(counted, progress);
    for (let at = 0; at < 30; at++) on(phase(at, 'flip'));
    for (let at = 0; at < 20; at++) {
      clock.now += 1_000;
      on(ended(at, at === 7 ? 'failed' : 'done'));
    }
    on({ kind: 'stopped', because: 'the run stopped after 1 vault that failed' });
    expect(io.stderr().split('\n')).toEqual([
      'flip: 0 of 30 done',
      'flip: 5 of 30 done, 60 a minute, less than a minute left',
      '  kv-7: failed: so it is',
      'flip: 9 of 30 done, 1 failed, 54 a minute, less than a minute left',
      'flip: 14 of 30 done, 1 failed, 56 a minute, less than a minute left',
      'flip: 19 of 30 done, 1 failed, 57 a minute, less than a minute left',
      'the run stopped after 1 vault that failed: no further vault begins',
      '',
    ]);
  });

  test('on a terminal is one line that changes', async () => {
    const { counted } = counting(30);
    const shown: string[] = [];
    const io = testIo({ spinner: () => Promise.resolve({ show: (text) => shown.push(text), stop: () => undefined }) });
    const on = countedMigrationProgress(counted, await startProgress({}, io));
    on(phase(0, 'flip'));
    on(ended(0, 'done'));
    expect(shown).toEqual(['flip: 0 of 30 done', 'flip: 1 of 30 done']);
    expect(io.stderr()).toBe('');
  });
});
