import type { VaultPlan } from '../formats/plan.ts';
import type { Vault } from '../model/vault.ts';
import { tagOf } from '../model/vault-tag.ts';

/** The wave that the vault's tag of that name gives; undefined where the vault has no such tag, or an empty one. */
export function waveOf(vault: Pick<Vault, 'tags'>, tag: string | undefined): string | undefined {
  const wave = tag === undefined ? '' : (tagOf(vault, tag) ?? '').toWellFormed().trim();
  return wave === '' ? undefined : wave;
}

/** The vault's plan with its wave. */
export function inWave(plan: VaultPlan, vault: Pick<Vault, 'tags'>, tag: string | undefined): VaultPlan {
  const wave = waveOf(vault, tag);
  return wave === undefined ? plan : { ...plan, wave };
}
