import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { Oddity } from './access-policy.ts';
import type { OtherId, Unresolved } from './principal.ts';
import type { Scope } from './scope.ts';

/** A group, with its display name; empty where the directory does not give one. */
export interface NamedGroup {
  readonly id: Guid;
  readonly name: string;
}

/** A role assignment as a person recognises it. */
export interface NamedAssignment {
  readonly roleName: string;
  readonly scope: Scope;
  /** The group that it names, where the directory knows it as one. */
  readonly toGroup?: NamedGroup;
  /** Of the assignment; of a PIM instance where nothing is assigned yet. */
  readonly assignmentId: string;
}

/** A deny assignment that stands in the way, whatever roles somebody has. */
export interface DeniedBy {
  readonly id: string;
  /** What it is called, or its id. */
  readonly name: string;
  /** It is meant for everybody whom it does not exclude, so nobody else is let through either. */
  readonly everyone: boolean;
}

/** Why something was not read. `text` is somebody else's word, such as Azure's error. */
export type Unread = { readonly kind: 'unreadable'; readonly text: string } | { readonly kind: 'notAsked' };

/** Why it is not known when an assignment is active (EA-35). */
export type UnknownTerm =
  | { readonly kind: 'unreadable'; readonly text: string }
  /** PIM names a condition on it that the assignment itself does not name. */
  | { readonly kind: 'otherCondition' }
  /** PIM has no instance for it. */
  | { readonly kind: 'notListed' };

/** Lists of a subscription on which answers hang. */
export type FactList = 'denyAssignments' | 'activeInstances' | 'eligibleInstances' | 'roleAssignments' | 'roleDefinitions';

/** Who is asked about, or who an entry names: why nobody, or nobody known, can call (EA-28, EA-32). */
type PrincipalReason =
  | { readonly kind: 'principalDeleted' }
  | { readonly kind: 'idOfAppRegistration' }
  | { readonly kind: 'idOfNoPrincipal'; readonly is: OtherId }
  | { readonly kind: 'principalUnresolved'; readonly why: Unresolved }
  | { readonly kind: 'principalTypeUnknown' };

/** Facts that are missing. */
type UnreadReason =
  | { readonly kind: 'listUnread'; readonly list: FactList; readonly text: string }
  | { readonly kind: 'groupUnread'; readonly group: NamedGroup; readonly text: string }
  | { readonly kind: 'membersUnknown'; readonly group: NamedGroup; readonly why: Unread };

/** Why a membership that the directory tells of may not count (EA-29). */
type GroupReason =
  | { readonly kind: 'groupNotSecurity'; readonly group: NamedGroup }
  | { readonly kind: 'groupUnresolved'; readonly group: NamedGroup; readonly why: Unresolved };

/** Until when, or while what, a membership holds (EA-31, EA-37, EA-61). */
export type Passing =
  | { readonly kind: 'membershipActivated'; readonly group: NamedGroup }
  | { readonly kind: 'membershipEnds'; readonly group: NamedGroup; readonly until: string }
  | { readonly kind: 'groupDynamic'; readonly group: NamedGroup }
  | { readonly kind: 'dynamicGroupWithin'; readonly group: NamedGroup; readonly within: NamedGroup }
  | { readonly kind: 'managedIdentityToken'; readonly group: NamedGroup };

/** Of access policies. */
type PolicyReason =
  | { readonly kind: 'policyNone' }
  | { readonly kind: 'policyOdd'; readonly oddity: Oddity }
  /** The policy of a group may give it already; why no more than that. */
  | { readonly kind: 'policyOfGroupMayGive'; readonly doubt: Reason }
  /** A policy names the application id of the service principal that is asked about. */
  | { readonly kind: 'policyNamesApplicationId'; readonly appId: Guid }
  /** Azure RBAC has no grant for calls through one application only (LP-3). */
  | { readonly kind: 'throughApplicationOnly' };

/** Why an assignment gives nothing here and now, or may not. */
type AssignmentReason =
  | { readonly kind: 'assignmentNone' }
  | { readonly kind: 'assignmentInactive'; readonly assignment: NamedAssignment }
  | { readonly kind: 'assignmentRestricted'; readonly assignment: NamedAssignment }
  | { readonly kind: 'assignmentRoleUnread'; readonly assignment: NamedAssignment }
  /** Whether it is active at the time that is asked about. */
  | { readonly kind: 'assignmentTimeUnknown'; readonly assignment: NamedAssignment; readonly why: UnknownTerm }
  /** Its condition gives it on these secrets and on no others (EA-39). */
  | { readonly kind: 'assignmentOnSecrets'; readonly assignment: NamedAssignment; readonly secrets: readonly string[] }
  /** It stands on single objects; `others` counts more that do. */
  | { readonly kind: 'assignmentOnObjects'; readonly assignment: NamedAssignment; readonly others: number }
  | { readonly kind: 'assignmentTakesOut'; readonly assignment: NamedAssignment; readonly by: 'notDataActions' | 'notActions' }
  | { readonly kind: 'assignmentOnControlPlane'; readonly assignment: NamedAssignment }
  | { readonly kind: 'assignmentEligible'; readonly assignment: NamedAssignment }
  | { readonly kind: 'conditionOpen'; readonly assignment: NamedAssignment }
  /** A built-in role newer than the catalogue, whose condition Azure may not show (EA-19). */
  | { readonly kind: 'conditionHidden'; readonly assignment: NamedAssignment }
  /** `roles`: those that a condition on assigning names, by name or, where no role has the id, by id; `more` counts the rest. */
  | {
      readonly kind: 'conditionUnmet';
      readonly assignment: NamedAssignment;
      readonly roles: readonly { readonly id: string; readonly name?: string }[];
      readonly more: number;
    };

/** Of deny assignments (EA-22..27). */
type DenyReason =
  | { readonly kind: 'denied'; readonly deny: DeniedBy }
  | { readonly kind: 'denyConditionOpen'; readonly deny: DeniedBy }
  /** It excludes a group of the principal; Azure does not say whether that counts. */
  | { readonly kind: 'denyExcludesGroup'; readonly deny: DeniedBy }
  | { readonly kind: 'denyMayConcern'; readonly deny: DeniedBy; readonly doubt: Reason }
  | { readonly kind: 'denyNamesOddId'; readonly deny: DeniedBy }
  | { readonly kind: 'denyOnMembers'; readonly deny: DeniedBy }
  | { readonly kind: 'denyMayBeOnMembers'; readonly deny: DeniedBy; readonly group: NamedGroup; readonly why: Unread }
  | { readonly kind: 'denySparesMembers'; readonly deny: DeniedBy }
  | { readonly kind: 'denyMaySpareMembers'; readonly deny: DeniedBy; readonly group: NamedGroup; readonly why: Unread };

/** Why an assignment that gives an action is no durable cover of it (EA-37, EA-53, EA-54). */
type ShortfallReason =
  /** PIM lists every other assignment, and not this one. */
  | { readonly kind: 'endUnlisted'; readonly assignment: NamedAssignment }
  | { readonly kind: 'endUnread'; readonly assignment: NamedAssignment; readonly why: UnknownTerm }
  /** Without `until` it ends with an activation, whenever that is. */
  | { readonly kind: 'endsSomeDay'; readonly assignment: NamedAssignment; readonly until?: string }
  | { readonly kind: 'membershipPasses'; readonly assignment: NamedAssignment; readonly passing: Passing }
  | { readonly kind: 'notMade'; readonly assignment: NamedAssignment }
  | { readonly kind: 'ageUnknown'; readonly assignment: NamedAssignment }
  /** Whole minutes; `atManagementGroup`: it counts there after a day, whatever else is asked. */
  | {
      readonly kind: 'tooYoung';
      readonly assignment: NamedAssignment;
      readonly ageMinutes: number;
      readonly neededMinutes: number;
      readonly atManagementGroup: boolean;
    }
  | { readonly kind: 'throughGroupOnly'; readonly assignment: NamedAssignment };

/** Azure's own list of what is assigned to a principal, where the directory could not be read (EA-30). */
type AzureListReason =
  | { readonly kind: 'azureListUnread'; readonly text: string }
  | { readonly kind: 'azureListEmpty' }
  /** `others` counts more of the list; `lack`: what stands in the way besides the directory's answer. */
  | {
      readonly kind: 'azureLists';
      readonly assignment: NamedAssignment;
      readonly others: number;
      readonly throughGroup?: NamedGroup;
      readonly lack?: Reason;
    };

/** Of the operator's rights (EA-42, EA-43, EA-48); `action` is an action of the control plane. */
type RightReason =
  | { readonly kind: 'rightHeld'; readonly action: string; readonly assignment: NamedAssignment }
  /** Without `until` it may end at a time that is not known. */
  | { readonly kind: 'rightEnds'; readonly action: string; readonly assignment: NamedAssignment; readonly until?: string }
  /** `nearest`: the assignment that comes nearest to giving it, and what it lacks. */
  | { readonly kind: 'rightNotGiven'; readonly action: string; readonly nearest?: Reason }
  | { readonly kind: 'rightNotListed'; readonly action: string }
  | { readonly kind: 'rightUnderCondition'; readonly action: string }
  | { readonly kind: 'rightHindered'; readonly action: string; readonly reasons: readonly Reason[] }
  | { readonly kind: 'roleIdOdd'; readonly roleDefinitionId: string };

/** What adds to the reasons before it: always said last. */
type AddingReason =
  /** The assignment that comes nearest to giving what nothing gives, and what it lacks. */
  | { readonly kind: 'nearest'; readonly lack: Reason }
  /** It would give what is denied. */
  | { readonly kind: 'wouldGive'; readonly assignment: NamedAssignment };

/** Reasons of other places than the one that was asked about. */
type PlaceReason =
  /** Any object was asked about, and some are kept back. */
  | { readonly kind: 'notOnEveryObject'; readonly reason: Reason }
  | { readonly kind: 'onObject'; readonly object: string; readonly reasons: readonly Reason[] };

/**
 * Why the judgement says what it says: a kind and its parameters, never a sentence. `src/words/reason-words.ts` makes the words.
 * Only a `text` is words already: Azure's, or those of whoever read the fact.
 */
export type Reason =
  | PrincipalReason
  | UnreadReason
  | GroupReason
  | PolicyReason
  | AssignmentReason
  | DenyReason
  | ShortfallReason
  | AzureListReason
  | RightReason
  | AddingReason
  | PlaceReason;

/** Each reason once, in the order in which they came. */
export function uniqueReasons(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length < 2) return reasons;
  return [...new Map(reasons.map((reason) => [reasonKey(reason), reason])).values()];
}

/** The same for lists that say the same. */
export function reasonsKey(reasons: readonly Reason[]): string {
  return reasons.map(reasonKey).join();
}

/** The same for reasons that say the same; orders them by kind, then by their parameters. */
export function reasonKey(reason: Reason): string {
  return JSON.stringify(reason);
}

/** Each reason once, in an order that hangs on nothing but the reasons. */
export function sortedReasons(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length < 2) return reasons;
  const byKey = new Map(reasons.map((reason) => [reasonKey(reason), reason]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, reason]) => reason);
}
