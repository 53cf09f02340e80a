import type { VaultPlan } from '../../formats/plan.ts';
import type { VaultResult } from '../vault-result.ts';
import { inGroups } from './in-groups.ts';

/** Vaults of one subscription, in the plan's order; read through once more for those that were parked. */
export type VaultsOf = () => Iterable<VaultPlan> | AsyncIterable<VaultPlan>;

interface Work {
  /** Begins with a vault at once; undefined when it was parked, which only a first pass does. */
  readonly migrate: (vaultPlan: VaultPlan, pass: 'first' | 'second') => Promise<VaultResult | undefined>;
  readonly onResult: (result: VaultResult) => void;
  /** Vaults in work at once. */
  readonly most: number;
}

/**
 * Takes a subscription's vaults through the phases. Those that have to wait until what was made for them is old enough are parked, and
 * taken up again when all others have been staged, so that they wait together; whoever need not wait goes on at once. What is
 * kept meanwhile is their ids alone.
 */
export async function runSubscription(vaults: VaultsOf, { migrate, onResult, most }: Work): Promise<void> {
  const parked = new Set<string>();
  const begin = (pass: 'first' | 'second') => (group: readonly VaultPlan[]) =>
    group.map(async (vaultPlan) => {
      const result = await migrate(vaultPlan, pass);
      if (result === undefined) parked.add(vaultPlan.vaultId);
      else onResult(result);
    });
  await inGroups(vaults(), most, begin('first'));
  if (parked.size > 0) await inGroups(only(vaults(), parked), most, begin('second'));
}

async function* only(vaults: Iterable<VaultPlan> | AsyncIterable<VaultPlan>, ids: ReadonlySet<string>): AsyncGenerator<VaultPlan> {
  for await (const vaultPlan of vaults) if (ids.has(vaultPlan.vaultId)) yield vaultPlan;
}
