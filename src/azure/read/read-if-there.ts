import type { JsonObject, JsonValue } from '../../base/json.ts';
import { saysNotFound } from '../client/azure-error.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';

/** What stands under one name; undefined only when Azure itself says that there is nothing. */
export async function readIfThere<T>(
  transport: Transport,
  what: string,
  get: () => Promise<unknown>,
  parse: (raw: JsonValue) => T | undefined,
): Promise<T | undefined> {
  let raw: JsonObject;
  try {
    raw = await transport.askObject(what, get);
  } catch (error) {
    if (saysNotFound(error)) return undefined;
    throw error;
  }
  return parseRows(what, [raw], parse)[0];
}
