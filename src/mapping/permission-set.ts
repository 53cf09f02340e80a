import { type ObjectType, objectTypes } from '../model/access-policy.ts';
import { everyone, type Guid, parseGuid } from '../model/guid.ts';
import { isObject, type JsonObject, stringAt } from '../model/json.ts';

/** The permissions of one access policy, as they were given, with what its principal holds already. */
export interface PermissionSet {
  readonly permissions: Readonly<Record<ObjectType, readonly string[]>>;
  /** Names or ids of roles that the principal durably holds at the vault or above. */
  readonly existingRoles: readonly string[];
  /** Given with whole access policies only. */
  readonly objectId?: Guid;
  /** Of a compound identity, as it was given: also one that is no GUID is never the plain principal (LP-3). */
  readonly applicationId?: string;
  /** What of a whole policy cannot be understood, in words. */
  readonly oddities?: readonly string[];
}

const ids = ['tenantId', 'objectId', 'applicationId'];
const besides = [...ids, 'permissions', 'existingRoles'];

/**
 * Reads an ARM `permissions` object, or a whole access policy that holds one, either with `existingRoles` beside.
 * @returns the set, or what is wrong with the value, in words.
 */
export function readPermissionSet(value: unknown): PermissionSet | string {
  if (!isObject(value)) return 'it is no object with lists of permissions';
  const whole = value.permissions !== undefined;
  const lists = whole ? value.permissions : value;
  if (!isObject(lists)) return '`permissions` is no object';
  const known: readonly string[] = whole ? objectTypes : [...objectTypes, 'existingRoles'];
  const strange = [...Object.keys(lists).filter((key) => !known.includes(key)), ...(whole ? strangeBeside(value) : [])][0];
  if (strange !== undefined) return `it has \`${strange}\`; known are ${[...known, ...(whole ? besides : [])].join(', ')}`;
  const wrong = [...objectTypes.map((type) => [type, lists[type]] as const), ['existingRoles', value.existingRoles] as const].find(
    ([, list]) => !isListOfWords(list),
  );
  if (wrong !== undefined) return `\`${wrong[0]}\` is no list of words`;
  const noText = whole ? ids.find((key) => value[key] !== undefined && value[key] !== null && typeof value[key] !== 'string') : undefined;
  if (noText !== undefined) return `\`${noText}\` is no text`;
  return setOf(lists, value, whole);
}

function strangeBeside(value: JsonObject): readonly string[] {
  return Object.keys(value).filter((key) => !besides.includes(key));
}

/** Azure writes missing lists as null as well. */
function isListOfWords(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.every((word) => typeof word === 'string'));
}

function setOf(lists: JsonObject, value: JsonObject, whole: boolean): PermissionSet {
  return {
    permissions: {
      keys: wordsOf(lists.keys),
      secrets: wordsOf(lists.secrets),
      certificates: wordsOf(lists.certificates),
      storage: wordsOf(lists.storage),
    },
    existingRoles: wordsOf(value.existingRoles),
    ...(whole && whoseSet(value)),
  };
}

function whoseSet(value: JsonObject): Pick<PermissionSet, 'objectId' | 'applicationId' | 'oddities'> {
  const [rawObject, rawApplication] = [stringAt(value, 'objectId')?.trim() ?? '', stringAt(value, 'applicationId')?.trim() ?? ''];
  const [objectId, applicationId] = [parseGuid(rawObject), parseGuid(rawApplication) ?? rawApplication];
  const compound = applicationId !== '' && applicationId !== everyone;
  return {
    ...(objectId !== undefined && { objectId }),
    ...(compound && { applicationId }),
    ...(rawObject !== '' && objectId === undefined && { oddities: [`object id \`${rawObject}\` is no GUID`] }),
  };
}

function wordsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? (list as readonly string[]) : [];
}
