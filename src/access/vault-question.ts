import type { Guid } from '../base/guid.ts';
import type { Scope } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import type { FactSources } from './access-facts.ts';
import type { NamedObject } from './judgement.ts';

/** An assignment that the plan will create or has created; found again among the facts by id, or by scope, role and principal. */
export interface PlannedAssignment {
  /** The resource id it will have. */
  readonly id: string;
  readonly scope: Scope;
  readonly roleDefinitionId: Guid;
  readonly principalId: Guid;
  readonly principalType: string;
  readonly condition?: string;
}

/** What a principal must be able to do after the flip: sorted data action names, as `requiredDataActions` gives them. */
export interface Requirement {
  readonly principalId: Guid;
  readonly dataActions: readonly string[];
  /** Where alone it has to work; absent where it has to work at the vault and on every object, present and future. */
  readonly object?: NamedObject;
  /**
   * A person has decided that what the principal has through a group counts (EA-53). Otherwise only what is assigned to the principal
   * itself does, be it a person or a group.
   */
  readonly alsoByGroups?: true;
}

/** Everything a judgement of one vault stands on. */
export interface VaultQuestion extends FactSources {
  readonly vault: Vault;
  /** ISO 8601: the time to judge at. */
  readonly at: string;
  readonly requirements: readonly Requirement[];
  readonly planned: readonly PlannedAssignment[];
  /**
   * When absent, the plan is being made: planned assignments count as if they stood. When given, even as 0, a flip is
   * being decided: only assignments that exist count, and only from this age on. At a management group they count from a day on
   * in either case (EA-54).
   */
  readonly minimumAgeMinutes?: number;
}
