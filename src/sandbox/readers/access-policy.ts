import { everyone, parseGuid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { kinds, optional, UnreadableRow } from './stored-row.ts';

export type ObjectType = 'keys' | 'secrets' | 'certificates' | 'storage';

/** What tells one entry of a vault from another (LP-2), normalised; an id that is not a GUID keeps its text in lower case. */
export interface PolicyIdentity {
  readonly tenantId: string;
  readonly objectId: string;
  /** The application of a compound identity (LP-3). */
  readonly applicationId?: string;
}

/**
 * A vault keeps entries as they were written. Ids that are none name nobody, and null, an empty text and zeros are no application.
 * @throws UnreadableRow for an application that is not text: nobody knows whom it leaves in
 */
export function readPolicyIdentity(entry: JsonObject): PolicyIdentity {
  const [tenantId, objectId] = [idAt(entry, 'tenantId'), idAt(entry, 'objectId')];
  const { applicationId } = entry;
  if (applicationId === '' || optional(entry, 'applicationId', kinds.text) === undefined) return { tenantId, objectId };
  const application = idAt(entry, 'applicationId');
  return { tenantId, objectId, ...(application !== everyone && { applicationId: application }) };
}

function idAt(entry: JsonObject, key: string): string {
  const text = stringAt(entry, key) ?? '';
  return parseGuid(text) ?? text.toLowerCase();
}

/**
 * The words that an entry gives on one kind of object, in lower case; a list that is missing or null gives none.
 * @throws UnreadableRow for what is not a list of words
 */
export function wordsOf(entry: JsonObject, objectType: ObjectType): readonly string[] {
  if (!isObject(entry.permissions)) throw new UnreadableRow('an access policy has no `permissions`');
  const words: JsonValue = entry.permissions[objectType] ?? [];
  if (!Array.isArray(words)) throw new UnreadableRow(`\`permissions.${objectType}\` of an access policy is not a list`);
  return (words as readonly JsonValue[]).map((word) => {
    if (typeof word !== 'string') throw new UnreadableRow(`\`permissions.${objectType}\` of an access policy holds more than words`);
    return word.toLowerCase();
  });
}
