import type { Guid } from '../base/guid.ts';
import type { Principal } from '../model/principal.ts';
import { namedPrincipal, principalName } from './principal-name.ts';

/** What ids are called in one tenant. */
export interface Names {
  readonly principals: ReadonlyMap<Guid, Principal>;
  readonly roleName: (id: Guid) => string;
}

/** Who holds rights on the control plane alone is shown by name where the directory told it by the way, else by id. */
export function shownPrincipal(id: Guid, { principals }: Names): string {
  return principals.has(id) ? principalName(namedPrincipal(principals.get(id)), id) : id;
}
