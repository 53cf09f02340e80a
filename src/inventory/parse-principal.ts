import { type Guid, parseGuid } from '../base/guid.ts';
import { type JsonObject, stringAt, stringsAt } from '../base/json.ts';
import type { OtherId, Principal } from '../model/principal.ts';

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
  const other = (what: OtherId['what']): Principal => {
    const is = { what, ...(displayName !== '' && { name: displayName }) };
    return { kind: 'noPrincipal', objectId, displayName, is };
  };
  switch (type.replace(/^#?microsoft\.graph\./i, '').toLowerCase()) {
    case 'user':
      return { kind: 'user', objectId, displayName, guest: stringAt(raw, 'userType')?.toLowerCase() === 'guest' };
    case 'group':
      return {
        kind: 'group',
        objectId,
        displayName,
        securityEnabled: typeof raw.securityEnabled === 'boolean' ? raw.securityEnabled : isIdAlone(raw),
        dynamic: isDynamic(raw),
        ...(mayHideMembers(raw) && { hiddenMembership: true }),
      };
    case 'serviceprincipal':
      return {
        kind: 'servicePrincipal',
        objectId,
        displayName,
        appId: stringAt(raw, 'appId') ?? '',
        managedIdentity: isManagedIdentity(raw),
      };
    case 'application':
      return { kind: 'application', objectId, displayName, appId: stringAt(raw, 'appId') ?? '' };
    case 'device':
      return other('device');
    case 'orgcontact':
      return other('mailContact');
    case 'administrativeunit':
      return other('administrativeUnit');
    case 'directoryrole':
      return other('directoryRole');
    case 'organization':
      return other('organization');
    default:
      return { kind: 'unresolved', objectId, why: { kind: 'otherType', type } };
  }
}

/** Whom the operator may not read comes back with an id and a kind, and nothing else is known of it. */
function isIdAlone(raw: JsonObject): boolean {
  return stringAt(raw, 'displayName') === undefined;
}

/** Graph says of each service principal what it is; of one that it says nothing of, a new membership may take a day to show (EA-31). */
function isManagedIdentity(raw: JsonObject): boolean {
  const type = stringAt(raw, 'servicePrincipalType');
  return type === undefined ? !isIdAlone(raw) : type.toLowerCase() === 'managedidentity';
}

function mayHideMembers(raw: JsonObject): boolean {
  return stringAt(raw, 'visibility')?.toLowerCase() === 'hiddenmembership' || isIdAlone(raw);
}

/** A group whose kinds or rule are not what Graph writes has a membership that cannot be called assigned (EA-37). */
function isDynamic(raw: JsonObject): boolean {
  if (!Array.isArray(raw.groupTypes)) return true;
  const { membershipRule: rule } = raw;
  const dynamic = stringsAt(raw, 'groupTypes').some((type) => type.toLowerCase() === 'dynamicmembership');
  return dynamic || (rule !== undefined && rule !== null && rule !== '');
}
