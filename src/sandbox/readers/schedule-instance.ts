import type { JsonObject } from '../../base/json.ts';
import { kinds, optional, readResource } from './stored-row.ts';

/** When an assignment that PIM stands behind is active (EA-34). */
export interface StoredInstance {
  /** Id of the role assignment in lower case; absent where the instance says none. */
  readonly assignment: string | undefined;
  /** Milliseconds since 1970; absent means that there is no limit on that side. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** @throws UnreadableRow */
export function readInstance(body: JsonObject): StoredInstance {
  return readResource(body, (properties) => ({
    assignment: optional(properties, 'originRoleAssignmentId', kinds.text)?.toLowerCase(),
    start: optional(properties, 'startDateTime', kinds.moment),
    end: optional(properties, 'endDateTime', kinds.moment),
  }));
}
