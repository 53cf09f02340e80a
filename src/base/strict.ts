import { isObject, type JsonObject } from './json.ts';

/** Reads members of a row as what they have to be; once one of them was not, the row as a whole is not understood. */
export interface StrictObject {
  /** A text that has to be there and say something. */
  text(key: string): string;
  /** A text that may be left out or null, which both say that there is none. An empty text says nothing that is known. */
  textOrNone(key: string): string | undefined;
  /** A moment in ISO 8601 that may be left out or null. */
  timeOrNone(key: string): string | undefined;
  /** A list of texts; an empty one is fine, a missing one is not. */
  texts(key: string): readonly string[];
  /** A list of anything. */
  list(key: string): readonly unknown[];
  /** A list of objects; an empty one is fine, a missing one is not. */
  objects(key: string): readonly JsonObject[];
  flag(key: string): boolean;
  object(key: string): JsonObject;
  /** Whether everything that was asked for was what it has to be, and nothing that was asked for stands there in another letter case. */
  understood(): boolean;
}

/** What is not understood is never taken for "none": a missing list of subtractions, say, would make a role give more. */
export function strictly(object: JsonObject): StrictObject {
  const asked = new Set<string>();
  let odd = false;
  const at = (key: string): unknown => {
    asked.add(key);
    return object[key];
  };
  /** The value, or what stands for it where it is not what it has to be. */
  const orOdd = <T>(value: T | undefined, instead: T): T => {
    odd ||= value === undefined;
    return value ?? instead;
  };
  const textOrNone = (key: string): string | undefined => {
    const value = at(key);
    if (isText(value)) return value;
    odd ||= value !== undefined && value !== null;
    return undefined;
  };
  const list = <T>(key: string, fits: (item: unknown) => item is T): readonly T[] => {
    const value = at(key);
    return orOdd(Array.isArray(value) && value.every(fits) ? value : undefined, []);
  };
  return {
    text: (key) => orOdd(textOrNone(key), ''),
    textOrNone,
    timeOrNone(key) {
      const value = textOrNone(key);
      odd ||= value !== undefined && Number.isNaN(Date.parse(value));
      return value;
    },
    texts: (key) => list(key, isText),
    list: (key) => list(key, (item): item is unknown => item !== undefined),
    objects: (key) => list(key, isObject),
    flag(key) {
      const value = at(key);
      return orOdd(typeof value === 'boolean' ? value : undefined, false);
    },
    object(key) {
      const value = at(key);
      return orOdd(isObject(value) ? value : undefined, {});
    },
    understood: () => !odd && !isMiscased(object, asked),
  };
}

/** Half a character (a lone surrogate) says nothing that can be sent, compared or digested. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed();
}

/** JSON names are exact: `Condition` is not `condition`, and a reader who asks for the one must not overlook the other. */
export function isMiscased(object: JsonObject, names: Iterable<string>): boolean {
  const exact = new Set(names);
  const folded = new Set([...exact].map((name) => name.toLowerCase()));
  return Object.keys(object).some((key) => !exact.has(key) && folded.has(key.toLowerCase()));
}
