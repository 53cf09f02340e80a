import type { JsonObject } from '../../base/json.ts';
import { conditionOf, kinds, need } from './stored-row.ts';

/** What one block of a role or of a deny assignment names; the second list of a pair takes away from the first (EA-4). */
export interface StoredBlock {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly condition?: string;
}

/** @throws UnreadableRow unless all four lists are there, as Azure always writes them */
export function readBlock(row: JsonObject): StoredBlock {
  const condition = conditionOf(row);
  return {
    actions: need(row, 'actions', kinds.texts),
    notActions: need(row, 'notActions', kinds.texts),
    dataActions: need(row, 'dataActions', kinds.texts),
    notDataActions: need(row, 'notDataActions', kinds.texts),
    ...(condition !== undefined && { condition }),
  };
}
