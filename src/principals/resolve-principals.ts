import { compareText } from '../model/finding.ts';
import type { Guid } from '../model/guid.ts';
import { type JsonObject, stringAt } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';
import type { Reading } from '../model/reading.ts';
import { parsePrincipal } from './parse-principal.ts';
import type { Directory } from './ports.ts';

/**
 * Asks the directory who the object ids are, in bulk, and for those it leaves out, whether they lie among its deleted items.
 * Every id is in the answer. What no source knows is `unresolved`, never `deleted` (EA-32). No id, no call.
 * @param besides ids whose names would be good to have: asked for in the same call, and left out where it does not tell.
 */
export async function resolvePrincipals(
  ids: readonly Guid[],
  directory: Directory,
  besides: readonly Guid[] = [],
): Promise<ReadonlyMap<Guid, Principal>> {
  const wanted = [...new Set(ids)].sort(compareText);
  if (wanted.length === 0) return new Map();
  const objects = await directory.objectsByIds([...new Set([...wanted, ...besides])].sort(compareText));
  if (objects.state === 'unreadable') {
    return new Map(wanted.map((id) => [id, { ...unresolved(id, `the directory could not be read: ${objects.because}`), unread: true }]));
  }
  const found = new Map(objects.value.flatMap((raw) => parsePrincipal(raw) ?? []).map((principal) => [principal.objectId, principal]));
  const missing = wanted.filter((id) => !found.has(id));
  const deleted = missing.length === 0 ? new Map<Guid, never>() : await directory.deletedItems(missing);
  const more = besides.flatMap((id) => found.get(id) ?? []).sort((a, b) => compareText(a.objectId, b.objectId));
  return new Map([
    ...more.map((one) => [one.objectId, one] as const),
    ...wanted.map((id) => [id, found.get(id) ?? whatBecameOf(id, deleted.get(id))] as const),
  ]);
}

function whatBecameOf(id: Guid, answer: Reading<JsonObject> | { readonly state: 'absent' } | undefined): Principal {
  switch (answer?.state) {
    case 'read':
      return {
        kind: 'deleted',
        objectId: id,
        displayName: stringAt(answer.value, 'displayName') ?? '',
        because: deletedWhen(answer.value),
      };
    case 'unreadable':
      return unresolved(id, `the directory leaves it out, and its deleted items could not be read: ${answer.because}`);
    case 'absent':
      return {
        ...unresolved(id, 'the directory does not know it, not even as deleted; it may belong to another tenant or be hidden from you'),
        absent: true,
      };
    case undefined:
      return unresolved(id, 'the directory leaves it out and did not say whether it was deleted');
  }
}

function deletedWhen(raw: JsonObject): string {
  const when = stringAt(raw, 'deletedDateTime') ?? '';
  return `it lies among the directory’s deleted items${when === '' ? '' : ` since ${when}`}`;
}

function unresolved(objectId: Guid, because: string): Extract<Principal, { kind: 'unresolved' }> {
  return { kind: 'unresolved', objectId, because };
}
