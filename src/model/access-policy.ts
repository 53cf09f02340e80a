import type { z } from 'zod';
import { parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../base/json.ts';
import { isMiscased } from '../base/strict.ts';
import type { oddity } from './findings/inventory-facts.ts';

/** The object types that legacy permissions speak of, in ARM's own spelling. */
export const objectTypes = ['keys', 'secrets', 'certificates', 'storage'] as const;
export type ObjectType = (typeof objectTypes)[number];

export type Oddity = z.infer<typeof oddity>;

/** One entry of a vault's `accessPolicies`, as stored; identity is (tenant, object, application) without case (LP-2). */
export interface AccessPolicy {
  readonly tenantId: string;
  readonly objectId: string;
  /** Present on a compound identity: this application on behalf of that user (LP-3). */
  readonly applicationId?: string;
  /** Verbatim: order, casing and duplicates as Azure echoes them. Missing and null lists are empty. */
  readonly permissions: Readonly<Record<ObjectType, readonly string[]>>;
  /** What of the entry could not be understood: items that are no strings, categories nobody knows. */
  readonly oddities: readonly Oddity[];
  readonly raw: JsonObject;
}

const members = ['tenantId', 'objectId', 'applicationId', 'permissions'];
const nilGuid = '00000000-0000-0000-0000-000000000000';

export function parseAccessPolicy(raw: JsonObject): AccessPolicy {
  const permissions = objectAt(raw, 'permissions');
  const oddities: Oddity[] = [];
  const known: readonly string[] = objectTypes;
  for (const category of Object.keys(permissions)) {
    if (!known.includes(category)) oddities.push({ kind: 'category', written: category });
  }
  const list = (type: ObjectType): readonly string[] => {
    const value = permissions[type];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) oddities.push({ kind: 'list', category: type });
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  };
  const applicationId = stringAt(raw, 'applicationId');
  const compound = applicationId !== undefined && applicationId !== '' && applicationId !== nilGuid;
  const entry = {
    tenantId: normalId(stringAt(raw, 'tenantId') ?? ''),
    objectId: normalId(stringAt(raw, 'objectId') ?? ''),
    permissions: { keys: list('keys'), secrets: list('secrets'), certificates: list('certificates'), storage: list('storage') },
    raw,
  };
  if (parseGuid(entry.objectId) === undefined) oddities.push({ kind: 'objectId', written: entry.objectId });
  if (!isObject(raw.permissions)) oddities.push({ kind: 'noPermissions' });
  // Null and an empty text say that there is none; anything else that is not text may limit the entry in a way that nobody knows.
  if (raw.applicationId !== null && raw.applicationId !== undefined && applicationId === undefined)
    oddities.push({ kind: 'applicationId' });
  if (isMiscased(raw, members)) oddities.push({ kind: 'letterCase' });
  return { ...entry, ...(compound && { applicationId: normalId(applicationId) }), oddities };
}

/** Ids that are no GUID stay as they are, so that they can be shown. */
function normalId(raw: string): string {
  return parseGuid(raw) ?? raw;
}

/** The key under which entries are told apart and united (LP-2, LP-8). */
export function policyKey(entry: Pick<AccessPolicy, 'tenantId' | 'objectId' | 'applicationId'>): string {
  return [entry.tenantId, entry.objectId, ...(entry.applicationId === undefined ? [] : [entry.applicationId])].join('/').toLowerCase();
}
