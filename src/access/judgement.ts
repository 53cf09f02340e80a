import type { Guid } from '../base/guid.ts';
import type { RiskTier } from '../model/catalogue.ts';
import type { ShortfallKind } from '../model/gap.ts';
import type { Reason } from '../model/reason.ts';
import type { Scope } from '../model/scope.ts';

/** Three answers, each with its reasons; unknown is never read as a grant for coverage, nor as harmless for gains. */
export type Access =
  | {
      readonly state: 'granted';
      readonly by: readonly Route[];
      /** Under access policies, where no assignment takes part: keys of the entries that give it. */
      readonly entries?: readonly string[];
      readonly reason?: DecisionReason;
    }
  | {
      readonly state: 'notGranted';
      readonly because: Reason;
      /** What comes nearest to giving it, or would give it if it were not denied. */
      readonly nearest?: Reason;
      readonly reason?: DecisionReason;
    }
  | { readonly state: 'unknown'; readonly because: readonly Reason[] };

/** Azure's own words for why it decided so (EA-8). */
type DecisionReason =
  | 'GrantedByRBAC'
  | 'GrantedByABAC'
  | 'DeniedWithNoValidRBAC'
  | 'DeniedByDenyAssignment'
  | 'DeniedWithABACEvaluationInRA';

/** How an assignment reaches a principal and a resource. */
export interface Route {
  /** The assignment's resource id; for one that is only planned, the id it will have. */
  readonly assignmentId: string;
  readonly roleDefinitionId: Guid;
  readonly scope: Scope;
  /** The principal the assignment names, when it is a group that the asked principal belongs to. */
  readonly throughGroup?: Guid;
}

/** Where a call is checked: the vault itself, any object of a collection (present or future), or one named object. */
export type CheckedResource = { readonly kind: 'vault' } | { readonly kind: 'anyObject'; readonly collection: string } | NamedObject;

/** A version is no resource of its own: whatever is asked of one is asked of its object (EA-13). */
export interface NamedObject {
  readonly kind: 'object';
  readonly collection: string;
  readonly name: string;
}

/** One pair that must be covered before a flip, and whether durable access covers it (EA-37). */
export interface PairVerdict {
  readonly principalId: Guid;
  readonly dataAction: string;
  readonly resource: CheckedResource;
  readonly state: 'covered' | 'uncovered' | 'unknown';
  readonly by: readonly Route[];
  /** Why it is not covered, or until when or while what it is. Empty when covered. */
  readonly because: readonly Reason[];
  /** Absent when covered. */
  readonly lack?: ShortfallKind;
}

/** Data actions a principal will be able to use after the flip and cannot use today. */
export interface Gain {
  readonly principalId: Guid;
  readonly route: Route;
  readonly dataActions: readonly { readonly name: string; readonly tier: RiskTier }[];
  /** False when it is only possible: a condition, a membership or a deny that cannot be judged. */
  readonly certain: boolean;
  /** Why it is only possible; absent when it is certain. */
  readonly doubts?: readonly Reason[];
  /** The plan's own assignment, or one that exists and takes effect at the flip. */
  readonly cause: 'plan' | 'flip';
}

export interface VaultJudgement {
  /** Sorted by principal, data action, resource. */
  readonly pairs: readonly PairVerdict[];
  readonly gains: readonly Gain[];
  /** What could not be read and so made answers unknown. */
  readonly doubts: readonly Reason[];
}
