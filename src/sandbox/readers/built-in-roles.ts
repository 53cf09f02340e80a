import type { Guid } from '../../base/guid.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { readBlock, type StoredBlock } from './permission-block.ts';
import { kinds, need, UnreadableRow } from './stored-row.ts';

/** A role of Azure's own that every tenant of the sandbox holds. */
export interface BuiltInRole {
  readonly id: Guid;
  readonly name: string;
  readonly permissions: readonly StoredBlock[];
}

/** Files of `mappings/`, as JSON. */
export interface MappingFiles {
  readonly dataActions: unknown;
  readonly roles: unknown;
}

/** What the sandbox takes from the mappings: what Azure has, and nothing of what keyturn makes of it. @throws UnreadableRow */
export function readMappingFiles({ dataActions, roles }: MappingFiles): {
  readonly roles: readonly BuiltInRole[];
  readonly dataActions: readonly string[];
} {
  return {
    roles: need(fileOf(roles), 'roles', kinds.objects).map((role) => ({
      id: need(role, 'id', kinds.guid),
      name: need(role, 'name', kinds.text),
      permissions: need(role, 'permissions', kinds.objects).map(readBlock),
    })),
    dataActions: need(fileOf(dataActions), 'dataActions', kinds.objects).map((action) => need(action, 'name', kinds.text)),
  };
}

function fileOf(file: unknown): JsonObject {
  if (!isObject(file)) throw new UnreadableRow('a file of the mappings is no object');
  return file;
}
