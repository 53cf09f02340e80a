import type { Reading } from '../../base/reading.ts';
import type { Decision, EntryPlan } from '../../formats/plan.ts';
import type { CustomRole, CustomRoleBook } from '../../mapping/custom-role.ts';
import type { Entry } from '../../mapping/entry.ts';
import type { MappingContext } from '../../mapping/map-entry.ts';
import type { RoleChoice } from '../../mapping/role-choice.ts';
import type { Remark } from '../../model/finding.ts';
import type { VaultObjects } from '../../model/vault-objects.ts';
import type { Held } from './held-at-vault.ts';

export interface EntryContext extends MappingContext {
  /** What the principal has already. `held` is of this what counts for the entry. */
  readonly heldAccess: Held;
  /** Names of what the vault holds; absent where nobody asked. */
  readonly objects?: Reading<VaultObjects>;
  /** Custom roles of the subscription's plan: entries that need the same data actions share one. */
  readonly customRoles: CustomRoleBook;
}

export interface SettledEntry {
  readonly part: Pick<EntryPlan, 'outcome' | 'dropped' | 'choice' | 'objects' | 'conditioned'>;
  /** On what was decided, and on no role that nobody chose. */
  readonly remarks: readonly Remark[];
  /** Has to be made before it can be assigned. */
  readonly customRole?: CustomRole;
}

/** What is to be carried over, in data actions, with what a decision is weighed by. */
export interface CarriedEntry {
  readonly entry: Entry;
  /** What of the entry the decision keeps. */
  readonly asked: Entry;
  readonly decision: Decision;
  readonly context: EntryContext;
}

export function reproduced(choice: Pick<RoleChoice, 'roles'> | undefined): 'reproduce' | 'alreadyCovered' {
  return choice === undefined || choice.roles.length === 0 ? 'alreadyCovered' : 'reproduce';
}
