import type { VaultPlan } from '../formats/plan.ts';
import type { Vault } from '../model/vault.ts';
import { tagOf } from '../model/vault-tag.ts';

/** The vault's plan with the wave that its tag of that name gives; as it is where the vault has no such tag, or an empty one. */
export function inWave(plan: VaultPlan, vault: Pick<Vault, 'tags'>, tag: string | undefined): VaultPlan {
  const wave = tag === undefined ? '' : (tagOf(vault, tag) ?? '').toWellFormed().trim();
  return wave === '' ? plan : { ...plan, wave };
}
