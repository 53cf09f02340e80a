import type { VaultPlan } from '../formats/plan.ts';
import { inWaveOrder } from '../formats/wave-order.ts';

/**
 * How vaults are divided into waves: each five times as large as the one before (1, 5, 25, …), by sizes of which the last one repeats,
 * or by the wave that the plan gives each vault.
 */
export type WavesHow = 'ramp' | 'planned' | readonly number[];

/** Vaults that are carried out together, before any vault of the next wave begins. */
export interface Wave {
  /** What the plan calls it, or its number. */
  readonly name: string;
  /** Resource ids, in the plan's order. */
  readonly vaultIds: readonly string[];
}

type Planned = Pick<VaultPlan, 'vaultId' | 'state' | 'wave'>;

export const withoutWave = 'without a wave';
const fivefold = 5;

/** Whether a run has anything to do for the vault: the plan neither blocks it nor finds it done. */
export function hasWork({ state }: Pick<VaultPlan, 'state'>): boolean {
  return state === 'ready' || state === 'repair';
}

/**
 * The waves of a run, each with one vault that has work at least. They follow from the plan alone, so a repeated run has the same ones
 * and goes on where the one before ended. Vaults that have no work take nobody's place: they are told of with the first wave.
 * @param how all in one wave when left out.
 */
export function wavesOf(vaults: readonly Planned[], how?: WavesHow): readonly Wave[] {
  const working = vaults.filter(hasWork);
  const groups = how === undefined ? [{ name: '1', vaults: working }] : how === 'planned' ? byName(working) : bySize(working, how);
  const [first = { name: '1', vaults: [] }, ...others] = groups;
  const begins = new Set(first.vaults);
  const told = vaults.filter((vault) => begins.has(vault) || !hasWork(vault));
  return [{ ...first, vaults: told }, ...others].map(({ name, vaults }) => ({ name, vaultIds: vaults.map(({ vaultId }) => vaultId) }));
}

/** The names of a plan's waves in the order in which they are carried out. */
export function waveNames(vaults: readonly Pick<VaultPlan, 'wave'>[]): readonly string[] {
  return inWaveOrder(new Set(vaults.flatMap(({ wave }) => wave ?? [])));
}

interface Group {
  readonly name: string;
  readonly vaults: readonly Planned[];
}

function byName(vaults: readonly Planned[]): readonly Group[] {
  const groups: readonly Group[] = [
    ...waveNames(vaults).map((name) => ({ name, vaults: vaults.filter(({ wave }) => wave === name) })),
    { name: withoutWave, vaults: vaults.filter(({ wave }) => wave === undefined) },
  ];
  return groups.filter((group) => group.vaults.length > 0);
}

function bySize(vaults: readonly Planned[], how: 'ramp' | readonly number[]): readonly Group[] {
  const groups: Group[] = [];
  for (let begin = 0; begin < vaults.length; ) {
    const at = groups.length;
    const size = Math.max(1, how === 'ramp' ? fivefold ** at : (how[at] ?? how.at(-1) ?? vaults.length));
    groups.push({ name: String(at + 1), vaults: vaults.slice(begin, begin + size) });
    begin += size;
  }
  return groups;
}
