import { digestOf } from '../base/canonical-json.ts';
import { KnownError } from '../base/known-error.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { policyKey } from '../model/access-policy.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { minimumAge } from './plan-settings.ts';

/**
 * A digest tells that nobody changed a plan, and not who wrote it. What the plan alone can show to be none of keyturn's is refused
 * wherever it is read, before anybody is asked about it; the rest is made again from the facts.
 * @throws KnownError PLAN_DIFFERS (blocked).
 */
export function assertOwnWords({ vaults, ...head }: Pick<Plan, 'settings' | 'vaults'>): void {
  assertOwnHead(head);
  for (const vault of vaults) assertOwnVault(vault);
}

/** @throws KnownError PLAN_DIFFERS (blocked). */
export function assertOwnHead({ settings: { minimumAgeMinutes: age } }: Pick<Plan, 'settings'>): void {
  if (age < minimumAge.least || age > minimumAge.most) {
    throw planDiffers(
      `it counts on assignments that are ${age} minutes old; keyturn asks for ${minimumAge.least} at least, and a week at most`,
    );
  }
}

/** @throws KnownError PLAN_DIFFERS (blocked). */
export function assertOwnVault(vault: VaultPlan): void {
  const odd = oddity(vault);
  if (odd !== undefined) throw planDiffers(odd);
}

function oddity({ vaultId, name, basis, entries }: VaultPlan): string | undefined {
  const id = parseVaultId(vaultId);
  if (id === undefined) return `\`${vaultId}\` names no vault`;
  if (id.name.toLowerCase() !== name.toLowerCase()) return `it calls vault \`${id.name}\` by the name \`${name}\``;
  if (digestOf(basis.fields) !== basis.fingerprint) return `the fingerprint of vault \`${name}\` is not that of its facts`;
  if (new Set(entries.map(policyKey)).size !== entries.length) return `it has two entries for one access policy of vault \`${name}\``;
  return undefined;
}

function planDiffers(why: string): KnownError {
  const remedy = 'run `keyturn plan` again and review it; find out who wrote this one';
  return new KnownError('blocked', 'PLAN_DIFFERS', `the plan is not one that keyturn makes: ${why}`, remedy);
}
