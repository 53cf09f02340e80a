import { type Guid, guidAtEnd } from '../../base/guid.ts';
import { type JsonObject, stringAt } from '../../base/json.ts';
import { readBlock, type StoredBlock } from './permission-block.ts';
import { kinds, need, readResource } from './stored-row.ts';

/** @throws UnreadableRow */
export function readRoleBlocks(body: JsonObject): readonly StoredBlock[] {
  return readResource(body, (properties) => need(properties, 'permissions', kinds.objects).map(readBlock));
}

/** Looked up by every call, so without reading the rest of the row. */
export function isRole(body: JsonObject, id: Guid): boolean {
  return guidAtEnd(stringAt(body, 'id') ?? '') === id;
}
