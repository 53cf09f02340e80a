import { KnownError } from '../base/known-error.ts';
import { nearNames } from '../base/near-names.ts';
import type { VaultPlan } from '../formats/plan.ts';

/**
 * Those of a plan's vaults that words name, by name or resource id in any case; in the plan's order.
 * @throws KnownError VAULT_NOT_PLANNED (usage) for a word that names none.
 */
export function namedVaults<Vault extends Pick<VaultPlan, 'vaultId' | 'name'>>(
  vaults: readonly Vault[],
  words: readonly string[],
): readonly Vault[] {
  const wanted = new Map(words.map((word) => [word.trim().toLowerCase().replace(/\/+$/, ''), word]));
  const seen = new Set<string>();
  const found = vaults.filter(({ vaultId, name }) => {
    const spoken = [vaultId.toLowerCase(), name.toLowerCase()].filter((word) => wanted.has(word));
    for (const word of spoken) seen.add(word);
    return spoken.length > 0;
  });
  const missing = [...wanted].find(([word]) => !seen.has(word));
  if (missing !== undefined) throw notPlanned(missing[1], vaults);
  return found;
}

function notPlanned(word: string, vaults: readonly Pick<VaultPlan, 'name'>[]): KnownError {
  const near = nearNames(
    word,
    vaults.map(({ name }) => name),
  ).map((name) => `\`${name}\``);
  const remedy = near.length === 0 ? 'make a plan that includes it' : `did you mean ${near.join(' or ')}?`;
  return new KnownError('usage', 'VAULT_NOT_PLANNED', `the plan has no vault \`${word}\``, remedy);
}
