import { isObject, type JsonValue, stringAt } from '../base/json.ts';

/** Names of a vault's secrets and keys as Resource Manager lists them, spelled as stored; those of certificates are among both. */
export interface VaultObjects {
  readonly secrets: readonly string[];
  readonly keys: readonly string[];
}

/** @returns undefined when the row has no name: such a list is not known. */
export function parseObjectName(row: JsonValue): string | undefined {
  return isObject(row) ? stringAt(row, 'name') : undefined;
}

/** The names among which one of the collection has to be: a certificate shows as its secret and as its key. */
export function namesIn(collection: string, { secrets, keys }: VaultObjects): readonly string[] {
  if (collection === 'secrets') return secrets;
  return collection === 'keys' ? keys : [...new Set([...secrets, ...keys])];
}
