import { parseGuid } from '../base/guid.ts';
import { objectAt, stringAt } from '../base/json.ts';
import { IndexedMap } from './indexed-map.ts';
import type { Directory, DirectoryObject, StoredAssignments } from './state.ts';

type StoredAssignment = StoredAssignments extends Map<string, infer T> ? T : never;

export function storedAssignments(entries: Iterable<readonly [string, StoredAssignment]> = []): StoredAssignments {
  return filled(
    new IndexedMap({
      principal: ({ body }: StoredAssignment) => canonicalId(stringAt(objectAt(body, 'properties'), 'principalId') ?? ''),
      name: ({ body }: StoredAssignment) => stringAt(body, 'name')?.toLowerCase(),
      subscription: (_: StoredAssignment, key: string) => /^\/subscriptions\/[^/]+/.exec(key)?.[0],
    }),
    entries,
  );
}

export function directoryOf(entries: Iterable<readonly [string, DirectoryObject]> = []): Directory {
  return filled(
    new IndexedMap({
      kind: ({ kind }: DirectoryObject) => kind,
      appId: ({ properties }: DirectoryObject) => stringAt(properties, 'appId')?.toLowerCase(),
    }),
    entries,
  );
}

function filled<M extends Map<string, V>, V>(map: M, entries: Iterable<readonly [string, V]>): M {
  for (const [key, value] of entries) map.set(key, value);
  return map;
}

/** Ids come in any case, and from some clients without dashes. */
function canonicalId(id: string): string {
  return id.length === 32 ? (parseGuid(id) ?? id) : id.toLowerCase();
}
