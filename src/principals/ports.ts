import type { Guid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reading } from '../model/reading.ts';

/** Reads Microsoft Graph. Objects come back raw; ids that the directory does not answer for are simply missing. */
export interface Directory {
  /** `directoryObjects/getByIds`, split as the service demands; users, groups, service principals, devices and applications. */
  objectsByIds(ids: readonly Guid[]): Promise<Reading<readonly JsonObject[]>>;
  /** Asks `directory/deletedItems/{id}` for each: the object, or absent (a 404), or unreadable. */
  deletedItems(ids: readonly Guid[]): Promise<ReadonlyMap<Guid, Reading<JsonObject> | { readonly state: 'absent' }>>;
  /** Ids of the transitive members of a group: users, service principals and groups, and whatever the answer gives no kind. */
  transitiveMembers(groupId: Guid): Promise<Reading<ReadonlySet<Guid>>>;
  /** Transitive groups of an object. */
  memberGroups(objectId: Guid): Promise<Reading<readonly Guid[]>>;
}
