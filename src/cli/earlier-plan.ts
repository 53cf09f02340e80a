import type { VaultPlan } from '../formats/plan.ts';
import type { OpenPlan } from './plan-files.ts';

/** The vaults of an earlier plan, asked for in the order of a later one. */
export interface EarlierPlan {
  /** The vault as the earlier plan has it; undefined where it has none of that id. */
  of(vaultId: string): Promise<VaultPlan | undefined>;
  /** Ids of vaults that the later plan does not have. */
  readonly gone: readonly string[];
}

/**
 * Plans list their vaults in one order, so both are read side by side: of a vault that comes earlier in the old plan than in the new
 * one no more is kept than it takes.
 */
export function earlierPlan(old: OpenPlan, later: Pick<OpenPlan, 'vaults'>): EarlierPlan {
  const key = (vaultId: string) => vaultId.toLowerCase();
  const wanted = new Set(later.vaults.map(({ vaultId }) => key(vaultId)));
  const there = new Set(old.vaults.map(({ vaultId }) => key(vaultId)));
  const passed = new Map<string, VaultPlan>();
  const reading = old.read();
  return {
    gone: old.vaults.flatMap(({ vaultId }) => (wanted.has(key(vaultId)) ? [] : [vaultId])),
    async of(vaultId) {
      const id = key(vaultId);
      if (!there.has(id)) return undefined;
      const known = passed.get(id);
      passed.delete(id);
      if (known !== undefined) return known;
      for (;;) {
        const next = await reading.next();
        if (next.done === true) return undefined;
        const found = key(next.value.vaultId);
        if (found === id) return next.value;
        if (wanted.has(found)) passed.set(found, next.value);
      }
    },
  };
}
