import { KnownError } from '../base/known-error.ts';
import { troubleIn } from '../base/untrusted-json.ts';
import { mapPermissions, type OfflineMapping, type PermissionAnswer } from '../mapping/map-permissions.ts';
import type { PermissionSet } from '../mapping/permission-set.ts';
import { permissionSets } from '../mapping/permission-sources.ts';
import type { MappedSet } from '../report/map-text.ts';
import { toldChoice } from '../words/choice-words.ts';
import { findingShown } from '../words/finding-words.ts';
import { inputRemedy, jsonArrayItems } from './json-array-items.ts';

const longestItem = 1024 * 1024;
/** Of one object that is the whole input, such as a state of Terraform's. */
const longestDocument = 64 * 1024 * 1024;
const rememberedCharacters = 16 * 1024 * 1024;
/** What an entry of a Map takes beside its texts, about. */
const entryOverhead = 100;

/** @throws KnownError MAP_INPUT (usage) naming the item, counted from 0, and what is wrong with it. */
export function readItem(text: string, index: number): readonly PermissionSet[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrongItem(index, 'it is not valid JSON');
  }
  const sets = permissionSets(value);
  if (typeof sets === 'string') throw wrongItem(index, sets);
  const lost = quotesIn(text) === 2 * textsOf(value) ? undefined : troubleIn(text);
  if (lost !== undefined) throw wrongItem(index, lost);
  return sets;
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
  const open: unknown[] = [value];
  let count = 0;
  // Without recursion: the nesting of hostile text must not become ours.
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item === 'string') count += 1;
    else if (Array.isArray(item)) for (const one of item as readonly unknown[]) open.push(one);
    else if (typeof item === 'object' && item !== null) {
      for (const one of Object.values(item)) {
        count += 1;
        open.push(one);
      }
    }
  }
  return count;
}

function wrongItem(index: number, what: string): KnownError {
  return new KnownError('usage', 'MAP_INPUT', `item ${index} cannot be read: ${what}`, inputRemedy);
}

/**
 * The items of a JSON array that comes in chunks; one object, such as a single vault, is the only item.
 * @throws KnownError MAP_INPUT (usage).
 */
export async function* itemTexts(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<readonly string[]> {
  const cutter = jsonArrayItems(longestItem);
  let begin = '';
  let kind: 'open' | 'array' | 'object' = 'open';
  for await (const chunk of chunks) {
    if (kind === 'array') yield cutter.push(chunk);
    else {
      begin += chunk;
      if (begin.length > longestDocument) throw tooLong();
      const first = /[^\s\ufeff]/.exec(begin)?.[0];
      if (kind === 'open' && first !== undefined) kind = first === '{' ? 'object' : 'array';
      if (kind === 'array') yield cutter.push(begin);
    }
  }
  if (kind === 'object') yield [begin.replace(/^\ufeff/, '')];
  else cutter.end();
}

function tooLong(): KnownError {
  return new KnownError('usage', 'MAP_INPUT', `the input cannot be read: it is longer than ${longestDocument} characters`, inputRemedy);
}

/** Lines of JSON that answer an item, one for each set in it. */
export interface AnsweredItem {
  readonly lines: string;
  /** Whether a person has to decide before anything of it is acted on. */
  readonly blocked: boolean;
}

/**
 * Answers items with lines of JSON. The line of an item that comes a second time is remembered, as far as memory stays flat:
 * most estates repeat a few hundred sets, and a line that never comes again is not worth keeping.
 */
export function lineAnswerer(offline: OfflineMapping): (text: string, index: number) => AnsweredItem {
  const lines = new Map<string, AnsweredItem | undefined>();
  let characters = 0;
  return (text, index) => {
    const known = lines.get(text);
    if (known !== undefined) return known;
    const answered = readItem(text, index).map((set) => ({ set, answer: mapPermissions(set, offline) }));
    const item = { lines: answered.map(mappedLine).join(''), blocked: answered.some(({ answer }) => isBlocked(answer)) };
    if (characters > rememberedCharacters) {
      lines.clear();
      characters = 0;
    }
    if (lines.has(text)) {
      lines.set(text, item);
      characters += item.lines.length;
    } else {
      // A part of a chunk would keep the whole chunk alive as a key.
      lines.set(JSON.parse(JSON.stringify(text)) as string, undefined);
      characters += text.length + entryOverhead;
    }
    return item;
  };
}

/** Nothing to act on before a person has decided: a part is uncovered, not known or in need of a word. */
export function isBlocked({ uncovered, findings }: PermissionAnswer): boolean {
  return uncovered.length > 0 || findings.some((finding) => finding.severity === 'blocker');
}

/** The answer as a line; one about a policy of a vault says which. */
function mappedLine({ set: { vault, objectId, applicationId }, answer }: MappedSet): string {
  if (vault === undefined) return answerLine(answer);
  const about = { vault, ...(objectId !== undefined && { objectId }), ...(applicationId !== undefined && { applicationId }) };
  return `${JSON.stringify(about).slice(0, -1)},${answerLine(answer).slice(1)}`;
}

/** A line for each set. */
export function mappedLines(sets: readonly MappedSet[]): readonly string[] {
  return sets.map(mappedLine);
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

/** The members that tell why, without the braces around them. */
function choiceJson(because: PermissionAnswer['because']): string {
  const known = shared.get(because);
  if (known !== undefined) return known;
  const json = JSON.stringify(toldChoice(because)).slice(1, -1);
  shared.set(because, json);
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
    `"controlPlane":${jsonOf(controlPlane)},${choiceJson(because)},"price":${price},` +
    `"alternatives":[${others.join()}],"findings":${JSON.stringify(findings.map((one) => ({ ...findingShown(one), subject: 'permission set' })))}}\n`
  );
}
