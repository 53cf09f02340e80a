import { type Guid, parseGuid } from '../model/guid.ts';
import { type JsonObject, stringAt, stringsAt } from '../model/json.ts';
import type { Principal } from '../model/principal.ts';

/**
 * Reads one directory object of Microsoft Graph. Names are kept verbatim: they are text that strangers chose.
 * @returns undefined when the object has no usable id, and an unresolved principal for kinds that no access policy can mean.
 */
export function parsePrincipal(raw: JsonObject): Principal | undefined {
  const objectId = parseGuid(stringAt(raw, 'id') ?? '');
  return objectId === undefined ? undefined : principalOf(objectId, raw);
}

function principalOf(objectId: Guid, raw: JsonObject): Principal {
  const displayName = stringAt(raw, 'displayName') ?? '';
  const type = stringAt(raw, '@odata.type') ?? '';
  const other = (kind: string): Principal => {
    const what = displayName === '' ? kind : `${kind} (\`${displayName}\`)`;
    return { kind: 'noPrincipal', objectId, displayName, what };
  };
  switch (type.replace(/^#?microsoft\.graph\./i, '').toLowerCase()) {
    case 'user':
      return { kind: 'user', objectId, displayName, guest: stringAt(raw, 'userType')?.toLowerCase() === 'guest' };
    case 'group':
      return {
        kind: 'group',
        objectId,
        displayName,
        securityEnabled: raw.securityEnabled !== false,
        dynamic: isDynamic(raw),
        ...(mayHideMembers(raw) && { hiddenMembership: true }),
      };
    case 'serviceprincipal':
      return {
        kind: 'servicePrincipal',
        objectId,
        displayName,
        appId: stringAt(raw, 'appId') ?? '',
        managedIdentity: stringAt(raw, 'servicePrincipalType')?.toLowerCase() === 'managedidentity',
      };
    case 'application':
      return { kind: 'application', objectId, displayName, appId: stringAt(raw, 'appId') ?? '' };
    case 'device':
      return other('a device');
    case 'orgcontact':
      return other('a mail contact');
    case 'administrativeunit':
      return other('an administrative unit');
    case 'directoryrole':
      return other('a directory role');
    case 'organization':
      return other('the tenant itself');
    default:
      return { kind: 'unresolved', objectId, because: `the directory knows it as \`${type}\`, which cannot hold a role` };
  }
}

/** Of a group that comes back with its id alone nobody knows. */
function mayHideMembers(raw: JsonObject): boolean {
  return stringAt(raw, 'visibility')?.toLowerCase() === 'hiddenmembership' || stringAt(raw, 'displayName') === undefined;
}

/** A group that the operator may not read comes back with its id alone: then its membership cannot be called assigned (EA-37). */
function isDynamic(raw: JsonObject): boolean {
  if (stringsAt(raw, 'groupTypes').some((type) => type.toLowerCase() === 'dynamicmembership')) return true;
  if ((stringAt(raw, 'membershipRule') ?? '') !== '') return true;
  return !Array.isArray(raw.groupTypes) && stringAt(raw, 'displayName') === undefined;
}
