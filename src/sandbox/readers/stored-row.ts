import { type Guid, guidAtEnd, parseGuid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { type Place, placeOf } from './place.ts';

/** A stored row that nobody can judge by. Who stored it, mostly the scenario, is wrong: it never means "no access". */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
}

/** What a member has to be: `read` gives undefined for what it is not. */
interface Kind<T> {
  readonly what: string;
  readonly read: (value: JsonValue) => T | undefined;
}

const ofText =
  <T>(read: (text: string) => T | undefined) =>
  (value: JsonValue): T | undefined =>
    typeof value === 'string' && value.trim() !== '' ? read(value) : undefined;

function listOf<T>(item: (value: JsonValue) => T | undefined): (value: JsonValue) => readonly T[] | undefined {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = (value as readonly JsonValue[]).flatMap((one) => item(one) ?? []);
    return items.length === value.length ? items : undefined;
  };
}

const object = (value: JsonValue): JsonObject | undefined => (isObject(value) ? value : undefined);

export const kinds = {
  text: { what: 'a text', read: ofText((text) => text) } satisfies Kind<string>,
  guid: { what: 'a GUID', read: ofText<Guid>(parseGuid) } satisfies Kind<Guid>,
  /** The GUID that an id of a resource ends in: what stands before it changes with who asks. */
  namedGuid: { what: 'an id that ends in a GUID', read: ofText<Guid>(guidAtEnd) } satisfies Kind<Guid>,
  moment: {
    what: 'a moment',
    read: ofText((text) => (Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text))),
  } satisfies Kind<number>,
  place: { what: 'a scope', read: ofText<Place>(placeOf) } satisfies Kind<Place>,
  flag: { what: 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) } satisfies Kind<boolean>,
  texts: { what: 'a list of texts', read: listOf(ofText((text) => text)) } satisfies Kind<readonly string[]>,
  object: { what: 'an object', read: object } satisfies Kind<JsonObject>,
  objects: { what: 'a list of objects', read: listOf(object) } satisfies Kind<readonly JsonObject[]>,
};

/** @throws UnreadableRow when the member is not there or is something else */
export function need<T>(row: JsonObject, key: string, kind: Kind<T>): T {
  const value = optional(row, key, kind);
  if (value === undefined) throw new UnreadableRow(`\`${key}\` is missing`);
  return value;
}

/**
 * Undefined when the member is left out or null, by which Azure says that there is none.
 * @throws UnreadableRow when it is something else, or stands there in other letters, as `Condition`
 */
export function optional<T>(row: JsonObject, key: string, kind: Kind<T>): T | undefined {
  const value = row[key];
  if (value === undefined) {
    const twin = Object.keys(row).find((name) => name !== key && name.toLowerCase() === key.toLowerCase());
    if (twin !== undefined) throw new UnreadableRow(`\`${twin}\` should be spelled \`${key}\``);
  }
  if (value === undefined || value === null) return undefined;
  const found = kind.read(value);
  if (found === undefined) throw new UnreadableRow(`\`${key}\` is not ${kind.what}`);
  return found;
}

/** A resource of Microsoft.Authorization by its id and properties; what cannot be read of it is told with the id. */
export function readResource<T>(body: JsonObject, read: (properties: JsonObject, id: string) => T): T {
  try {
    return read(need(body, 'properties', kinds.object), need(body, 'id', kinds.text));
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    throw new UnreadableRow(`${stringAt(body, 'id') ?? 'a row without an id'}: ${error.message}`);
  }
}

/** The condition on a row. A version without one is a damaged row, and so is an empty text. */
export function conditionOf(row: JsonObject): string | undefined {
  const condition = optional(row, 'condition', kinds.text);
  if (condition === undefined && optional(row, 'conditionVersion', kinds.text) !== undefined)
    throw new UnreadableRow('`conditionVersion` stands there without a `condition`');
  return condition;
}
