import { digestOf } from '../base/canonical-json.ts';
import type { Bundle } from '../formats/bundle.ts';
import type { Plan, VaultPlan } from '../formats/plan.ts';
import { parseScope } from '../model/scope.ts';

/**
 * What there is to go back with: the bundle of a flip; for a vault that was only staged its plan; or nothing but the vault, for
 * which all that is left to do is to remove what keyturn made there.
 */
export type WayBack =
  | { readonly kind: 'bundle'; readonly bundle: Bundle }
  | { readonly kind: 'staged'; readonly plan: Plan; readonly vaultPlan: VaultPlan }
  | { readonly kind: 'vault'; readonly vault: VaultNamed };

/** A vault as Azure was found to have it, by its name or id. */
export interface VaultNamed {
  readonly id: string;
  /** The tenant that the vault trusts. */
  readonly vaultTenantId: string;
  /** The tenant that was signed in to. */
  readonly tenantId: string;
  readonly cloud: string;
}

/** What the journal of a rollback is kept under. */
export function rollbackDigest(way: WayBack): string {
  switch (way.kind) {
    case 'bundle':
      return way.bundle.planDigest;
    case 'staged':
      return way.plan.digest;
    case 'vault':
      return digestOf(['rollback', parseScope(way.vault.id) ?? way.vault.id]);
  }
}

export function vaultIdOf(way: WayBack): string {
  switch (way.kind) {
    case 'bundle':
      return way.bundle.vaultId;
    case 'staged':
      return way.vaultPlan.vaultId;
    case 'vault':
      return way.vault.id;
  }
}
