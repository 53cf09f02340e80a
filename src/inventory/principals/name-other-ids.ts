import { type Guid, parseGuid } from '../../base/guid.ts';
import { type JsonObject, stringAt } from '../../base/json.ts';
import type { Principal } from '../../model/principal.ts';
import type { Directory } from '../directory-ports.ts';
import { parsePrincipal } from '../parse-principal.ts';

/**
 * What the directory knows ids as, of which it does not know a user, group or service principal (EA-28). An application id is told
 * from an object id here: the two look alike, and people put one in the place of the other. No id, no call.
 */
export async function nameOtherIds(ids: readonly Guid[], directory: Pick<Directory, 'otherIds'>): Promise<ReadonlyMap<Guid, Principal>> {
  if (ids.length === 0) return new Map();
  const { servicePrincipals, applications, objects } = await directory.otherIds(ids);
  const found = [
    ...objects.flatMap((raw) => parsePrincipal(raw) ?? []),
    ...applications.flatMap((raw) => applicationId(raw)),
    ...servicePrincipals.flatMap((raw) => applicationId(raw, stringAt(raw, 'id') ?? '')),
  ];
  const wanted = new Set(ids);
  return new Map(found.flatMap((one) => (wanted.has(one.objectId) && one.kind !== 'unresolved' ? [[one.objectId, one] as const] : [])));
}

function applicationId(raw: JsonObject, servicePrincipal?: string): readonly Principal[] {
  const appId = parseGuid(stringAt(raw, 'appId') ?? '');
  if (appId === undefined) return [];
  const displayName = stringAt(raw, 'displayName') ?? '';
  const named = { ...(displayName !== '' && { name: displayName }), ...(servicePrincipal !== undefined && { servicePrincipal }) };
  return [{ kind: 'noPrincipal', objectId: appId, displayName, is: { what: 'application', ...named } }];
}
