import type { Plan } from '../formats/plan.ts';
import { type ApplyOptions, applyPlan } from './apply-plan.ts';
import { endedEarly } from './phases/ended-early.ts';
import type { MigrationPorts } from './ports.ts';
import { type StopAfter, threshold } from './stop-after.ts';
import { notBegun, type VaultResult } from './vault-result.ts';
import { hasWork, type Wave } from './waves.ts';

export interface WaveOptions extends Omit<ApplyOptions, 'vaults' | 'halted'> {
  /** As `wavesOf` divides the vaults that are meant. */
  readonly waves: readonly Wave[];
  /** When no further vault begins; never when left out. */
  readonly stopAfter?: StopAfter;
  /** How long to hold between two waves, in milliseconds. */
  readonly wait?: number;
}

type Deps = Parameters<typeof applyPlan>[2];

/**
 * Carries out a plan wave by wave: every vault of a wave has ended before the next wave begins. Once enough vaults have failed no further
 * vault begins, and those under way come to their end.
 * @returns the results in the plan's order.
 * @throws KnownError before any write, as `applyPlan` does.
 */
export async function runWaves(
  plan: Plan,
  { waves, stopAfter, wait = 0, ...options }: WaveOptions,
  deps: Deps,
): Promise<readonly VaultResult[]> {
  const planned = new Map(plan.vaults.map((vault) => [vault.vaultId, vault]));
  const working = new Set(plan.vaults.filter(hasWork).map(({ vaultId }) => vaultId));
  const results = new Map<string, VaultResult>();
  const counted = threshold(stopAfter);
  const { signal } = options;
  const onEvent: MigrationPorts['onEvent'] = (event) => {
    deps.ports.onEvent(event);
    if (event.kind === 'vaultDone' && working.has(event.vaultId)) counted.ended(event.outcome);
  };
  let told = false;
  // Where all vaults had begun by then, nothing is stopped.
  const halted = (): string | undefined => {
    const because = counted.reached;
    if (because !== undefined && !told) onEvent({ kind: 'stopped', because });
    told ||= because !== undefined;
    return because;
  };
  const ports = { ...deps.ports, onEvent };
  const each = ({ vaultIds }: Wave, end: (vault: Pick<VaultResult, 'vaultId' | 'name'>) => VaultResult): readonly VaultResult[] =>
    vaultIds.flatMap((id) => {
      const vault = planned.get(id);
      if (vault === undefined) return [];
      const result = end({ vaultId: vault.vaultId, name: vault.name });
      onEvent({ kind: 'vaultDone', vaultId: result.vaultId, outcome: result.outcome, because: result.because });
      return [result];
    });
  const carryOut = async (wave: Wave, isFirst: boolean): Promise<readonly VaultResult[]> => {
    try {
      return await applyPlan(plan, { ...options, vaults: wave.vaultIds, halted }, { ...deps, ports });
    } catch (error) {
      // What earlier waves did is not to be lost with what keeps a later one from beginning.
      if (isFirst) throw error;
      return each(wave, (vault) => endedEarly(vault, error, { phase: undefined, signal, standing: {} }));
    }
  };

  for (const [at, wave] of waves.entries()) {
    const turn = { wave: at + 1, of: waves.length, name: wave.name };
    if (at > 0 && wait > 0 && counted.reached === undefined) await hold({ ...turn, wait, signal }, ports);
    const because = signal?.aborted === true ? 'the run was asked to stop before it began' : halted();
    if (because === undefined) onEvent({ kind: 'wave', ...turn, vaults: wave.vaultIds.filter((id) => working.has(id)).length });
    const ended = because === undefined ? await carryOut(wave, at === 0) : each(wave, (vault) => notBegun(vault, because));
    for (const result of ended) results.set(result.vaultId, result);
  }
  return plan.vaults.flatMap(({ vaultId }) => results.get(vaultId) ?? []);
}

interface Hold {
  readonly wave: number;
  readonly of: number;
  readonly name: string;
  readonly wait: number;
  readonly signal: AbortSignal | undefined;
}

/** Ends at once when the run is asked to stop. What the vaults of the waves before met in the meantime would be looked at after it. */
async function hold({ wait, signal, ...turn }: Hold, { clock, onEvent }: Pick<MigrationPorts, 'clock' | 'onEvent'>): Promise<void> {
  if (signal?.aborted === true) return;
  onEvent({ kind: 'hold', ...turn, until: new Date(clock.now().getTime() + wait).toISOString() });
  await clock.sleep(wait, signal).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}
