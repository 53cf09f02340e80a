import { describe, expect, test } from 'vitest';
import type { VaultPlan } from '../../src/formats/plan.ts';
import { threshold } from '../../src/migrate/stop-after.ts';
import { wavesOf, withoutWave } from '../../src/migrate/waves.ts';

const many = (count: number, state: VaultPlan['state'] = 'ready') =>
  Array.from({ length: count }, (_, at) => ({ vaultId: `${state}-${at}`, state }));
const sizes = (waves: ReturnType<typeof wavesOf>) => waves.map(({ vaultIds }) => vaultIds.length);

describe('the waves of a run', () => {
  test('are one without a word', () => {
    expect(sizes(wavesOf(many(40)))).toEqual([40]);
  });

  test('are each five times the one before with `ramp`, the last one as many as are left', () => {
    expect(sizes(wavesOf(many(200), 'ramp'))).toEqual([1, 5, 25, 125, 44]);
    expect(sizes(wavesOf(many(6), 'ramp'))).toEqual([1, 5]);
  });

  test('have the sizes that were given, of which the last one repeats', () => {
    expect(sizes(wavesOf(many(60), [1, 5, 25]))).toEqual([1, 5, 25, 25, 4]);
    expect(sizes(wavesOf(many(10), [4]))).toEqual([4, 4, 2]);
    expect(sizes(wavesOf(many(3), [500]))).toEqual([3]);
  });

  test('hold every vault once, in the order of the plan', () => {
    const vaults = many(33);
    for (const how of ['ramp', [2, 3]] as const)
      expect(wavesOf(vaults, how).flatMap(({ vaultIds }) => vaultIds)).toEqual(vaults.map(({ vaultId }) => vaultId));
  });

  test('by the plan come in natural order, 2 before 10, and vaults without one come last', () => {
    const vault = (vaultId: string, wave?: string) => ({ vaultId, state: 'ready' as const, ...(wave !== undefined && { wave }) });
    const waves = wavesOf([vault('a', '10'), vault('b', 'pilot'), vault('c'), vault('d', '2'), vault('e', '10')], 'planned');
    expect(waves).toEqual([
      { name: '2', vaultIds: ['d'] },
      { name: '10', vaultIds: ['a', 'e'] },
      { name: 'pilot', vaultIds: ['b'] },
      { name: withoutWave, vaultIds: ['c'] },
    ]);
  });

  test('give no place to vaults that the plan blocks or that have nothing to do: those are told of with the first wave', () => {
    const vaults = [...many(3, 'blocked'), ...many(2, 'alreadyOnRbac'), ...many(7)];
    const [first, second, third] = wavesOf(vaults, 'ramp');
    expect(first?.vaultIds).toEqual(['blocked-0', 'blocked-1', 'blocked-2', 'alreadyOnRbac-0', 'alreadyOnRbac-1', 'ready-0']);
    expect([second?.vaultIds.length, third?.vaultIds.length]).toEqual([5, 1]);
    const planned = wavesOf([{ vaultId: 'x', state: 'blocked', wave: '1' }, ...many(1).map((one) => ({ ...one, wave: '2' }))], 'planned');
    expect(planned).toEqual([{ name: '2', vaultIds: ['x', 'ready-0'] }]);
    expect(sizes(wavesOf(many(2, 'blocked'), 'ramp'))).toEqual([2]);
    expect(sizes(wavesOf(many(2, 'repair'), [1]))).toEqual([1, 1]);
  });
});

describe('a run stops after', () => {
  const stops = (stopAfter: Parameters<typeof threshold>[0], outcomes: readonly Parameters<ReturnType<typeof threshold>['ended']>[0][]) => {
    const counted = threshold(stopAfter);
    for (const outcome of outcomes) counted.ended(outcome);
    return counted.reached;
  };

  test('so many vaults that failed, were blocked by what was found, or are undetermined, and says which', () => {
    expect(stops({ vaults: 3 }, ['failed', 'done', 'blocked'])).toBeUndefined();
    expect(stops({ vaults: 3 }, ['failed', 'done', 'blocked', 'undetermined'])).toBe(
      'the run stopped after 3 vaults that failed, were blocked or are undetermined',
    );
    expect(stops({ vaults: 1 }, ['blocked'])).toBe('the run stopped after 1 vault that was blocked');
    expect(stops({ vaults: 2 }, ['failed', 'failed', 'failed'])).toBe('the run stopped after 2 vaults that failed');
  });

  test('a share of those that ended so far, at least one of them', () => {
    expect(
      stops(
        { percent: 10 },
        Array.from({ length: 50 }, () => 'done' as const),
      ),
    ).toBeUndefined();
    expect(stops({ percent: 10 }, [...Array.from({ length: 9 }, () => 'done' as const), 'failed'])).toBeDefined();
    expect(stops({ percent: 10 }, [...Array.from({ length: 10 }, () => 'done' as const), 'failed'])).toBeUndefined();
    expect(stops({ percent: 99 }, ['failed'])).toBeDefined();
  });

  test('none at all with 100 %, or without a word; and vaults that were skipped or interrupted count for nothing', () => {
    expect(stops({ percent: 100 }, ['failed', 'failed'])).toBeUndefined();
    expect(stops(undefined, ['failed', 'failed'])).toBeUndefined();
    expect(stops({ vaults: 1 }, ['skipped', 'interrupted', 'done'])).toBeUndefined();
  });
});
