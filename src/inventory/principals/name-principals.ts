import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import type { Principal, Unresolved } from '../../model/principal.ts';
import type { Directory } from '../directory-ports.ts';
import { parsePrincipal } from '../parse-principal.ts';

/**
 * Who the members of groups are, in bulk. That a group lists them shows that they are there, so nobody looks among deleted
 * items; whom the directory leaves out is unresolved. Every id is in the answer. No id, no call.
 */
export async function namePrincipals(
  ids: readonly Guid[],
  directory: Pick<Directory, 'objectsByIds'>,
): Promise<ReadonlyMap<Guid, Principal>> {
  if (ids.length === 0) return new Map();
  const wanted = [...ids].sort(compareText);
  const objects = await directory.objectsByIds(wanted);
  const found =
    objects.state === 'read' ? objects.value.flatMap((raw) => parsePrincipal(raw) ?? []).map((one) => [one.objectId, one] as const) : [];
  const known = new Map(found);
  const why: Unresolved = objects.state === 'read' ? { kind: 'memberUnnamed' } : { kind: 'directoryUnread', because: objects.because };
  return new Map(wanted.map((objectId) => [objectId, known.get(objectId) ?? { kind: 'unresolved', objectId, why }]));
}
