import type { Guid } from '../../base/guid.ts';
import type { Principal } from '../../model/principal.ts';

/** A principal in a sentence: by name and object id, or by its id alone when nobody knows its name. */
export function shownPrincipal(id: Guid, principals: ReadonlyMap<Guid, Principal>): string {
  const principal = principals.get(id);
  const name = principal === undefined || principal.kind === 'unresolved' ? '' : principal.displayName;
  return name === '' ? `\`${id}\`` : `\`${name}\` (${id})`;
}
