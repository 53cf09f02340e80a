import type { Guid } from '../base/guid.ts';
import type { RiskTier } from '../model/catalogue.ts';
import type { ChoiceReason } from '../model/choice-reason.ts';

/** The narrowest answer for one policy entry. Every required data action is in `covered` or in `uncovered`. */
export interface RoleChoice {
  /** Roles to assign at the vault, sorted by id; empty when existing assignments suffice or nothing covers. */
  readonly roles: readonly { readonly id: Guid; readonly name: string }[];
  /** Required data actions that the roles and what is already held give. */
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
  /** Data actions the chosen roles bring that were neither required nor already held. */
  readonly excess: readonly { readonly dataAction: string; readonly tier: RiskTier }[];
  /** Sum of the excess's risk weights. */
  readonly price: number;
  /** Control-plane action patterns that come along, live as soon as assigned. */
  readonly controlPlane: readonly string[];
  readonly because: readonly ChoiceReason[];
}
