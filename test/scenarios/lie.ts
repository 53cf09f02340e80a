import { isObject, type JsonObject, type JsonValue } from '../../src/base/json.ts';
import type { AzureBox } from '../fuzz/azure-box.ts';

/** What stands in the place of a member of a row. */
export type Lie = 'left out' | 'null' | 'of a wrong type' | 'empty' | 'in other letters' | 'half a character' | 'nested 300 deep';
export const lies: readonly Lie[] = [
  'left out',
  'null',
  'of a wrong type',
  'empty',
  'in other letters',
  'half a character',
  'nested 300 deep',
];

/** A member of a row of Azure's answers, wherever that row is answered. */
export interface Member {
  /** The row's own id. */
  readonly row: string;
  readonly at: readonly (string | number)[];
}

/** Tells the lie from now on, in every answer that holds the row. */
export function tell({ sandbox }: Pick<AzureBox, 'sandbox'>, { row, at }: Member, lie: Lie): void {
  changeRows({ sandbox }, row, (found) => changed(found, at, lie));
}

/** Changes every row of that id, or of any where the id is `*`. */
export function changeRows({ sandbox }: Pick<AzureBox, 'sandbox'>, row: string, change: (row: JsonObject) => JsonValue | undefined): void {
  const id = row.toLowerCase();
  const inRow = (value: JsonValue): JsonValue | undefined =>
    isObject(value) && typeof value.id === 'string' && (id === '*' || value.id.toLowerCase() === id) ? change(value) : value;
  sandbox.faults.add({
    operation: '*',
    times: Number.MAX_SAFE_INTEGER,
    action: { kind: 'change', change: (body) => inAnswer(body, inRow) },
  });
}

/** An answer is a row, a page of rows, or a batch of answers. */
function inAnswer(body: JsonValue, inRow: (row: JsonValue) => JsonValue | undefined): JsonValue {
  if (!isObject(body)) return body;
  if (Array.isArray(body.responses)) {
    const responses = (body.responses as readonly JsonValue[]).map((one) =>
      isObject(one) && one.body !== undefined ? { ...one, body: inAnswer(one.body, inRow) } : one,
    );
    return { ...body, responses };
  }
  if (!Array.isArray(body.value)) return inRow(body) ?? body;
  return { ...body, value: (body.value as readonly JsonValue[]).flatMap((row) => inRow(row) ?? []) };
}

/** Every member below a row, deepest last; of long lists only the first two items. */
export function membersOf(value: JsonValue, at: Member['at'] = []): readonly Member['at'][] {
  const own = at.length === 0 ? [] : [at];
  if (Array.isArray(value)) return [...own, ...value.slice(0, 2).flatMap((item: JsonValue, index) => membersOf(item, [...at, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, member]) => membersOf(member ?? null, [...at, key]))];
}

function changed(value: JsonValue, [key, ...rest]: Member['at'], lie: Lie): JsonValue {
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value as JsonValue[];
    if (rest.length > 0) return items.map((item, index) => (index === key ? changed(item, rest, lie) : item));
    return items.flatMap((item, index) => (index === key ? (instead(item, lie) ?? []) : [item]));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, JsonValue][] => {
      if (name !== key || member === undefined) return [[name, member ?? null]];
      if (rest.length > 0) return [[name, changed(member, rest, lie)]];
      if (lie === 'in other letters') return [[`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, member]];
      const [told] = instead(member, lie) ?? [];
      return told === undefined ? [] : [[name, told]];
    }),
  );
}

/** @returns undefined where the lie is that there is nothing. */
function instead(value: JsonValue, lie: Lie): readonly [JsonValue] | undefined {
  switch (lie) {
    case 'left out':
      return undefined;
    case 'null':
      return [null];
    case 'of a wrong type':
      return [typeof value === 'string' ? 7 : Array.isArray(value) ? { 0: (value as readonly JsonValue[])[0] ?? null } : 'some text'];
    case 'empty':
      return [typeof value === 'string' ? '' : Array.isArray(value) ? [] : isObject(value) ? {} : 0];
    case 'in other letters':
      return [typeof value === 'string' ? value.toUpperCase() : value];
    case 'half a character':
      return [typeof value === 'string' ? `${value}\ud83d` : value];
    case 'nested 300 deep':
      return [deep];
  }
}

const deep = JSON.parse(`${'{"not":['.repeat(150)}${']}'.repeat(150)}`) as JsonValue;
