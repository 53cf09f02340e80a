import type { Plan } from '../formats/plan.ts';
import { vaultAsPlanned } from '../migrate/as-promised.ts';
import type { Vault } from '../model/vault.ts';

/** Vaults of the plan that are flipped, with the policies that it stands on: so that everybody whom it promised access is looked up. */
export function asOfPlan(plan: Plan): (vault: Vault) => Vault {
  const byId = new Map(plan.vaults.map((vault) => [vault.vaultId.toLowerCase(), vault]));
  return (vault) => {
    const planned = byId.get(vault.id.toLowerCase());
    return planned === undefined ? vault : vaultAsPlanned(vault, planned);
  };
}
