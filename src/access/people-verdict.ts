import type { Guid } from '../base/guid.ts';
import type { RiskTier } from '../model/catalogue.ts';
import type { Reason, Unread } from '../model/reason.ts';
import type { Gain } from './judgement.ts';

/** What the flip of one vault means for one principal, over all its entries, groups and assignments together. */
export interface PersonVerdict {
  readonly principalId: Guid;
  readonly losses: readonly Loss[];
  /** As of a vault, but for this principal alone; `throughGroup` names the group that leads to the assignment. */
  readonly gains: readonly OwnGain[];
}

export type OwnGain = Omit<Gain, 'principalId'>;

/** Data actions that policies give and that nothing durable gives any more, by one reason. */
export interface Loss {
  /** False when a fact is missing: whether it is had today, or whether it will be after the flip. */
  readonly certain: boolean;
  /** Every entry that gives it gives it up by a decision of the plan. */
  readonly decided: boolean;
  readonly dataActions: readonly { readonly name: string; readonly tier: RiskTier }[];
  /** What gives it today. */
  readonly entries: readonly EntryRoute[];
  readonly because: readonly Reason[];
}

/** How an access policy reaches a principal. */
export interface EntryRoute {
  /** Whom the entry names: the principal, or a group that it is in. */
  readonly objectId: Guid;
  readonly throughGroup: boolean;
  /** Set where it holds only for calls through this application (LP-3). */
  readonly applicationId?: string;
}

/** Everybody whom a vault's policies and gains speak of. */
export interface VaultPeople {
  /** Sorted by id. Of whom nothing tells apart, losses and gains are the same two lists: thousands cost little more than one. */
  readonly people: readonly PersonVerdict[];
  /** Groups whose members are not known: what whoever is in them loses and gains. Never to be read as nobody. */
  readonly unread: readonly (PersonVerdict & { readonly because: Unread })[];
}
