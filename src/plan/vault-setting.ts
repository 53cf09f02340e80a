import type { Decision, EntryPlan } from '../formats/plan.ts';
import type { CustomRoleBook } from '../mapping/custom-role.ts';
import type { Entry } from '../mapping/entry.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate, SubscriptionFacts, VaultFacts } from '../model/estate.ts';
import type { Vault } from '../model/vault.ts';
import type { Accepting } from './acceptances.ts';
import type { DecisionsByEntry } from './bind-decisions.ts';
import type { CandidatesFor } from './entry/candidates-for.ts';

export interface VaultSetting {
  /** As `planningEstate` gives it. */
  readonly estate: Estate;
  readonly vaultFacts: VaultFacts;
  readonly vault: Vault;
  /** The planning estate's: without our own assignments. */
  readonly subscription: SubscriptionFacts;
  /** All that Azure lists, our own assignments too. */
  readonly live: SubscriptionFacts;
  readonly catalogue: Catalogue;
  readonly candidatesFor: CandidatesFor;
  readonly customRoles: CustomRoleBook;
  readonly decisions: DecisionsByEntry;
  readonly accepting: Accepting;
  /** What rules decide once it is known which roles an entry would get; only where there are such rules. */
  readonly onExtra?: (entry: Entry, planned: EntryPlan) => Decision | undefined;
  /** What an earlier plan of the vault records of what is held: what has been held since is no reason to plan otherwise. */
  readonly recorded?: readonly EntryPlan[];
}
