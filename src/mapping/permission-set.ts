import { everyone, type Guid, parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject, stringAt } from '../base/json.ts';
import { type ObjectType, type Oddity, objectTypes } from '../model/access-policy.ts';
import { canonicalPolicy } from './cover/policy-names.ts';

/** The permissions of one access policy, as they were given, with what its principal holds already. */
export interface PermissionSet {
  readonly permissions: Readonly<Record<ObjectType, readonly string[]>>;
  /** Names or ids of roles that the principal durably holds at the vault or above. */
  readonly existingRoles: readonly string[];
  /** Given with whole access policies only. */
  readonly objectId?: Guid;
  /** Of a compound identity, as it was given: also one that is not a GUID is never the plain principal (LP-3). */
  readonly applicationId?: string;
  /** What of a whole policy cannot be understood, in words. */
  readonly oddities?: readonly Oddity[];
  /** Words that stood with blanks around them, which Azure refuses to store; they are read without. */
  readonly blanks?: readonly string[];
  /** The vault that it was found in, where the input is of whole vaults. */
  readonly vault?: string;
}

const ids = ['tenantId', 'objectId', 'applicationId'];
const besides = [...ids, 'permissions', 'existingRoles'];

/**
 * Reads an ARM `permissions` object, or a whole access policy in ARM's names, PowerShell's or Terraform's; either may have
 * `existingRoles`. A list may also be one text of words set apart by blanks or commas.
 * @returns the set, or what is wrong with the value, in words.
 */
export function readPermissionSet(value: unknown): PermissionSet | string {
  if (!isObject(value)) return 'it is not an object with lists of permissions';
  const policy = canonicalPolicy(value);
  if (typeof policy === 'string') return policy;
  const whole = policy.permissions !== undefined;
  const inner = whole ? policy.permissions : policy;
  if (!isObject(inner)) return '`permissions` is not an object';
  const lists = whole ? canonicalPolicy(inner) : inner;
  if (typeof lists === 'string') return lists;
  const known: readonly string[] = whole ? objectTypes : [...objectTypes, 'existingRoles', ...ids];
  const strange = [...Object.keys(lists).filter((key) => !known.includes(key)), ...(whole ? strangeBeside(policy) : [])][0];
  if (strange !== undefined) return `it has \`${strange}\`; known are ${[...known, ...(whole ? besides : [])].join(', ')}`;
  const cut = objectTypes.find((type) => typeof lists[type] === 'string' && !/^[a-z\s,]*$/i.test(lists[type]));
  if (cut !== undefined) return `\`${cut}\` is not a list of words; where PowerShell wrote it, add \`-Depth 5\` to ConvertTo-Json`;
  const wrong = [...objectTypes.map((type) => [type, lists[type]] as const), ['existingRoles', policy.existingRoles] as const].find(
    ([name, list]) => !isListOfWords(list) && (name === 'existingRoles' || typeof list !== 'string'),
  );
  if (wrong !== undefined) return `\`${wrong[0]}\` is not a list of words`;
  const noText = ids.find((key) => policy[key] !== undefined && policy[key] !== null && typeof policy[key] !== 'string');
  if (noText !== undefined) return `\`${noText}\` is not text`;
  return setOf(lists, policy);
}

function strangeBeside(value: JsonObject): readonly string[] {
  return Object.keys(value).filter((key) => !besides.includes(key));
}

/** Azure writes missing lists as null as well. */
function isListOfWords(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.every((word) => typeof word === 'string'));
}

function setOf(lists: JsonObject, policy: JsonObject): PermissionSet {
  const given = objectTypes.flatMap((type) => (Array.isArray(lists[type]) ? (lists[type] as readonly string[]) : []));
  const blanks = given.filter((word) => word !== word.trim());
  return {
    permissions: {
      keys: permissionWords(lists.keys),
      secrets: permissionWords(lists.secrets),
      certificates: permissionWords(lists.certificates),
      storage: permissionWords(lists.storage),
    },
    existingRoles: wordsOf(policy.existingRoles),
    ...whoseSet(policy),
    ...(blanks.length > 0 && { blanks }),
  };
}

/** Words as they came, but for one text that holds several. */
function permissionWords(list: unknown): readonly string[] {
  const items = typeof list === 'string' ? [list] : wordsOf(list);
  return items.every(isOneWord) ? items : items.flatMap((item) => (isOneWord(item) ? [item] : splitWords(item)));
}

function isOneWord(item: string): boolean {
  return !/[\s,]/.test(item);
}

/** `get, list` and `get list` as their words. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function whoseSet(value: JsonObject): Pick<PermissionSet, 'objectId' | 'applicationId' | 'oddities'> {
  const [rawObject, rawApplication] = [stringAt(value, 'objectId')?.trim() ?? '', stringAt(value, 'applicationId')?.trim() ?? ''];
  const [objectId, applicationId] = [parseGuid(rawObject), parseGuid(rawApplication) ?? rawApplication];
  const compound = applicationId !== '' && applicationId !== everyone;
  return {
    ...(objectId !== undefined && { objectId }),
    ...(compound && { applicationId }),
    ...(rawObject !== '' && objectId === undefined && { oddities: [{ kind: 'objectId' as const, written: rawObject }] }),
  };
}

function wordsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? (list as readonly string[]) : [];
}
