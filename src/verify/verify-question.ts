import type { VaultPlan } from '../formats/plan.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { VaultNow } from '../model/vault-now.ts';

export interface VerifyQuestion extends VaultNow {
  readonly catalogue: Catalogue;
  readonly at: Date;
  readonly minimumAgeMinutes: number;
  /** Without a plan every access that the vault's policies give has to be covered, and every gain is news. */
  readonly plan?: VaultPlan;
  /** The vault was flipped before: what somebody assigned since is no gain that could still be stopped. */
  readonly flipped?: true;
  /** What is planned counts as if it stood, however young: it was made a moment ago. Never for the gate of a flip. */
  readonly countsPlanned?: true;
}
