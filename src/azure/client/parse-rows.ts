import { isObject, type JsonValue, stringAt } from '../../base/json.ts';
import { unreadableAnswer } from './azure-error.ts';
import { oneLine } from './error-body.ts';

/** Parses every row. One that cannot be parsed makes the whole list unreadable: a shorter list would be a wrong one. */
export function parseRows<T>(what: string, rows: readonly JsonValue[], parse: (row: JsonValue) => T | undefined): readonly T[] {
  return rows.map((row, index) => {
    const parsed = parse(row);
    if (parsed !== undefined) return parsed;
    const name = isObject(row) ? (stringAt(row, 'id') ?? stringAt(row, 'name')) : undefined;
    throw unreadableAnswer(what, `row ${index + 1}${name === undefined ? '' : ` (\`${oneLine(name)}\`)`} is not understood`);
  });
}

/** Rows of several lists of the same kind, each once by its id; rows without an id are all kept. */
export function unitedById(...lists: readonly (readonly JsonValue[])[]): readonly JsonValue[] {
  const seen = new Set<string>();
  return lists.flat().filter((row) => {
    const id = isObject(row) ? stringAt(row, 'id')?.toLowerCase() : undefined;
    if (id === undefined) return true;
    const first = !seen.has(id);
    seen.add(id);
    return first;
  });
}
