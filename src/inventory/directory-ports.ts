import type { Guid } from '../base/guid.ts';
import type { JsonObject } from '../base/json.ts';
import type { Reading } from '../base/reading.ts';
import type { PimMembership } from '../model/pim-membership.ts';

export interface GroupMembers {
  /** Users, service principals and groups, and whatever the answer gives no kind. */
  readonly ids: ReadonlySet<Guid>;
  /** Those of them that are groups, or of no stated kind. */
  readonly groups: ReadonlySet<Guid>;
  /** Devices and mail contacts, as the answer has it: they ask nothing of anybody. */
  readonly things: ReadonlySet<Guid>;
}

export type PimList = 'assignment' | 'eligibility';

/** `unlicensed`: Azure says that the tenant has no PIM (EA-58). `refused`: it takes a right that the operator does not have. */
export type PimMembershipReading =
  | { readonly state: 'read'; readonly value: readonly PimMembership[] }
  | { readonly state: 'unreadable'; readonly because: string; readonly refused?: true }
  | { readonly state: 'unlicensed'; readonly because: string };

/** What the directory has for ids that are nobody's object id, raw; what could not be read is left out. */
export interface OtherIds {
  /** Whose `appId` is one of the ids. */
  readonly servicePrincipals: readonly JsonObject[];
  readonly applications: readonly JsonObject[];
  /** Directory objects of any kind whose id is one of them. */
  readonly objects: readonly JsonObject[];
}

/** Reads Microsoft Graph. Objects come back raw; ids that the directory does not answer for are simply missing. */
export interface Directory {
  /** `directoryObjects/getByIds`, split as the service demands; users, groups, service principals, devices and applications. */
  objectsByIds(ids: readonly Guid[]): Promise<Reading<readonly JsonObject[]>>;
  /** Asks `directory/deletedItems/{id}` for each: the object, or absent (a 404), or unreadable. */
  deletedItems(ids: readonly Guid[]): Promise<ReadonlyMap<Guid, Reading<JsonObject> | { readonly state: 'absent' }>>;
  /** What ids are that `objectsByIds` left out. */
  otherIds(ids: readonly Guid[]): Promise<OtherIds>;
  /** The transitive members of a group. */
  transitiveMembers(groupId: Guid): Promise<Reading<GroupMembers>>;
  /** Of each group, the memberships, and the ownerships, that PIM for Groups has active or lets somebody activate (EA-61). */
  pimMembershipsOf(groups: readonly Guid[], list: PimList): Promise<ReadonlyMap<Guid, PimMembershipReading>>;
  /** Transitive groups of an object. */
  memberGroups(objectId: Guid): Promise<Reading<readonly Guid[]>>;
}
