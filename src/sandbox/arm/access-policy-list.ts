import { parseGuid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../../base/json.ts';
import type { TenantState } from '../state.ts';
import { badRequest } from './refusals.ts';

const mostEntries = 1024;

/**
 * The list as the vault will answer it: verbatim but for the order of an entry's members.
 * @throws ServiceError 400 for ids that are no GUIDs, words with blanks, and object ids that the directory does not know
 */
export function acceptPolicies(list: JsonValue | undefined, tenant: Pick<TenantState, 'tenantId' | 'directory'>): readonly JsonObject[] {
  const entries = Array.isArray(list) ? (list as readonly JsonValue[]).filter(isObject) : [];
  if (entries.length > mostEntries) throw invalid('accessPolicies');
  return entries.map((entry, index) => acceptEntry(entry, `accessPolicies[${index}]`, tenant));
}

function acceptEntry(entry: JsonObject, path: string, tenant: Pick<TenantState, 'tenantId' | 'directory'>): JsonObject {
  const [tenantId, objectId] = [stringAt(entry, 'tenantId') ?? '', stringAt(entry, 'objectId') ?? ''];
  const applicationId = stringAt(entry, 'applicationId');
  if (parseGuid(tenantId) === undefined || !isObject(entry.permissions)) throw invalid('accessPolicies');
  if (applicationId !== undefined && parseGuid(applicationId) === undefined) throw invalid('accessPolicies');
  const words = Object.values(objectAt(entry, 'permissions')).flatMap((words) =>
    Array.isArray(words) ? (words as readonly JsonValue[]) : [],
  );
  if (words.some((word) => typeof word !== 'string' || !/^[a-z]+$/i.test(word))) throw invalid('accessPolicies');
  // Ids of another tenant cannot be looked up here, and are kept as they are.
  const foreign = parseGuid(tenantId) !== parseGuid(tenant.tenantId);
  const known = tenant.directory.get(parseGuid(objectId) ?? '');
  if (parseGuid(objectId) === undefined || (!foreign && (known === undefined || known.deleted)))
    throw badRequest('BadRequest', `Invalid value found at ${path}.ObjectId: ${objectId}`);
  return { tenantId, objectId, ...(applicationId !== undefined && { applicationId }), permissions: entry.permissions };
}

function invalid(name: string): Error {
  return badRequest('BadRequest', `An invalid value was provided for '${name}'.`);
}

export type PolicyChange = 'add' | 'replace' | 'remove';

/** What the accessPolicies operations make of a vault's list; entries are one by tenant, object and application id (LP-2). */
export function changePolicies(present: readonly JsonObject[], change: PolicyChange, given: readonly JsonObject[]): readonly JsonObject[] {
  const changes = new Map(given.map((entry) => [keyOf(entry), entry]));
  const kept = present.flatMap((entry): JsonObject[] => {
    const other = changes.get(keyOf(entry));
    if (other === undefined) return [entry];
    if (change === 'replace') return [other];
    const permissions = mergeWords(objectAt(entry, 'permissions'), objectAt(other, 'permissions'), change);
    return permissions === undefined ? [] : [{ ...entry, permissions }];
  });
  const there = new Set(present.map(keyOf));
  return change === 'remove' ? kept : [...kept, ...given.filter((entry) => !there.has(keyOf(entry)))];
}

function keyOf(entry: JsonObject): string {
  return JSON.stringify(['tenantId', 'objectId', 'applicationId'].map((key) => stringAt(entry, key)?.toLowerCase()));
}

/** Undefined when nothing is left, and the entry goes away with its last permission. */
function mergeWords(present: JsonObject, other: JsonObject, change: 'add' | 'remove'): JsonObject | undefined {
  const merged: Record<string, readonly string[]> = {};
  for (const category of new Set([...Object.keys(present), ...(change === 'add' ? Object.keys(other) : [])])) {
    const [has, given] = [wordsAt(present, category), wordsAt(other, category)];
    const lower = (words: readonly string[]) => new Set(words.map((word) => word.toLowerCase()));
    const [had, named] = [lower(has), lower(given)];
    merged[category] =
      change === 'add'
        ? [...has, ...given.filter((word) => !had.has(word.toLowerCase()))]
        : has.filter((word) => !named.has(word.toLowerCase()));
  }
  const empty = Object.values(merged).every((words) => words.length === 0);
  return change === 'remove' && empty ? undefined : merged;
}

function wordsAt(object: JsonObject, category: string): readonly string[] {
  const words = object[category];
  return Array.isArray(words) ? (words as readonly JsonValue[]).filter((word) => typeof word === 'string') : [];
}
