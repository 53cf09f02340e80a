import { mapPermissions, type OfflineMapping, type PermissionAnswer } from '../mapping/map-permissions.ts';
import { type PermissionSet, readPermissionSet } from '../mapping/permission-set.ts';
import { KnownError } from '../model/known-error.ts';
import { troubleIn } from '../plan/untrusted-json.ts';
import { inputRemedy, jsonArrayItems } from './json-array-items.ts';

const longestItem = 1024 * 1024;
const rememberedCharacters = 16 * 1024 * 1024;
/** What an entry of a Map takes beside its texts, about. */
const entryOverhead = 100;

/** A permission set as it came, with its place in the input. */
export interface ReadItem {
  readonly index: number;
  readonly set: PermissionSet;
}

/** @throws KnownError MAP_INPUT (usage) naming the item, counted from 0, and what is wrong with it. */
export function readItem(text: string, index: number): ReadItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongItem(index, 'it is no JSON');
  }
  const set = readPermissionSet(value);
  if (typeof set === 'string') throw wrongItem(index, set);
  const lost = quotesIn(text) === 2 * textsOf(value) ? undefined : troubleIn(text);
  if (lost !== undefined) throw wrongItem(index, lost);
  return { index, set };
}

/**
 * A name given twice leaves less in the value than stood in the text. That is seen by counting, which costs next to nothing for
 * each of half a million items; only a text in which the counts differ, as by a quote within a word, is looked through.
 */
function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

function textsOf(value: unknown): number {
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textsOf(item), 0);
  return Object.entries(value).reduce((sum, [, item]) => sum + 1 + textsOf(item), 0);
}

function wrongItem(index: number, what: string): KnownError {
  return new KnownError('usage', 'MAP_INPUT', `item ${index} cannot be read: ${what}`, inputRemedy);
}

/** The items of a JSON array that comes in chunks. @throws KnownError MAP_INPUT (usage). */
export async function* itemTexts(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<readonly string[]> {
  const cutter = jsonArrayItems(longestItem);
  for await (const chunk of chunks) yield cutter.push(chunk);
  cutter.end();
}

/**
 * Answers items with lines of JSON. The line of an item that comes a second time is remembered, as far as memory stays flat:
 * most estates repeat a few hundred sets, and a line that never comes again is not worth keeping.
 */
export function lineAnswerer(offline: OfflineMapping): (text: string, index: number) => string {
  const lines = new Map<string, string | undefined>();
  let characters = 0;
  return (text, index) => {
    const known = lines.get(text);
    if (known !== undefined) return known;
    const line = answerLine(mapPermissions(readItem(text, index).set, offline));
    if (characters > rememberedCharacters) {
      lines.clear();
      characters = 0;
    }
    if (lines.has(text)) {
      lines.set(text, line);
      characters += line.length;
    } else {
      // A part of a chunk would keep the whole chunk alive as a key.
      lines.set(JSON.parse(JSON.stringify(text)) as string, undefined);
      characters += text.length + entryOverhead;
    }
    return line;
  };
}

/** JSON of what answers share: roles, data actions with their tiers, lists of control-plane actions. */
const shared = new WeakMap<object, string>();

function jsonOf(value: object): string {
  const known = shared.get(value);
  if (known !== undefined) return known;
  const json = JSON.stringify(value);
  shared.set(value, json);
  return json;
}

/** What `JSON.stringify` says of the answer, from parts that are written once: half a million lines repeat them. */
export function answerLine({ roles, customRole, excess, controlPlane, alternatives, findings, ...rest }: PermissionAnswer): string {
  const { covered, uncovered, because, price } = rest;
  const list = (items: readonly object[]) => `[${items.map(jsonOf).join()}]`;
  const others = alternatives.map((one) => `{"roles":${list(one.roles)},"price":${one.price}}`);
  return (
    `{"roles":${list(roles)},${customRole === undefined ? '' : `"customRole":${JSON.stringify(customRole)},`}` +
    `"covered":${JSON.stringify(covered)},"uncovered":${JSON.stringify(uncovered)},"excess":${list(excess)},` +
    `"controlPlane":${jsonOf(controlPlane)},"because":${JSON.stringify(because)},"price":${price},` +
    `"alternatives":[${others.join()}],"findings":${JSON.stringify(findings)}}\n`
  );
}
