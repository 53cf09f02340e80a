import type { Guid } from '../../base/guid.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Place } from './place.ts';
import { conditionOf, kinds, need, readResource } from './stored-row.ts';

/** A role for a principal at a place. */
export interface StoredAssignment {
  readonly id: string;
  readonly place: Place;
  readonly roleId: Guid;
  readonly principalId: Guid;
  readonly condition?: string;
}

/** @throws UnreadableRow */
export function readRoleAssignment(body: JsonObject): StoredAssignment {
  return readResource(body, (properties, id) => {
    const condition = conditionOf(properties);
    return {
      id,
      place: need(properties, 'scope', kinds.place),
      roleId: need(properties, 'roleDefinitionId', kinds.namedGuid),
      principalId: need(properties, 'principalId', kinds.guid),
      ...(condition !== undefined && { condition }),
    };
  });
}
