import type { ErrorCode } from './error-codes.ts';
import { isObject, type JsonObject } from './json.ts';
import { jsonFault } from './json-place.ts';
import { KnownError } from './known-error.ts';

/** What a refusal of a file has to say: the file in words, the stable code, what to do, and the size it may have. */
export interface UntrustedFile {
  readonly what: string;
  readonly code: ErrorCode;
  readonly remedy: string;
  /** In UTF-16 code units. */
  readonly limit: number;
}

const deepest = 64;
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a file that anybody may have written. Before a value is made of it, the text is held against what could hurt or
 * mislead: size, nesting, names that reach an object's prototype, and a name given twice, where a person reading the file
 * sees one value and a parser takes the other.
 * @throws KnownError (usage) with the file's own code.
 */
export function parseUntrusted(text: string, file: UntrustedFile): JsonObject {
  const refuse = (why: string): KnownError => new KnownError('usage', file.code, `${file.what} cannot be read: ${why}`, file.remedy);
  if (text.length > file.limit) throw refuse(`it is larger than ${file.limit} characters`);
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const trouble = troubleIn(plain);
  if (trouble !== undefined) throw refuse(trouble);
  let value: unknown;
  try {
    value = JSON.parse(plain);
  } catch {
    const fault = jsonFault(plain);
    throw refuse(fault === undefined ? 'it is not valid JSON' : `it is not valid JSON (${fault})`);
  }
  if (!isObject(value)) throw refuse('it is not a JSON object');
  return value;
}

/** What could hurt or mislead, in words. One pass over the text, without recursion: the nesting of hostile text must not become ours. */
export function troubleIn(text: string): string | undefined {
  const names: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      if (names.length === deepest) return `it is nested deeper than ${deepest} levels`;
      names.push(sign === '{' ? new Set() : undefined);
    } else if (sign === '}' || sign === ']') {
      names.pop();
    } else if (sign === '"') {
      const end = stringEnd(text, at);
      const seen = names.at(-1);
      if (seen !== undefined && colonFollows(text, end)) {
        const name = nameOf(text.slice(at, end));
        if (reserved.has(name)) return `it uses the reserved name \`${name}\``;
        if (seen.has(name)) return `it gives the name \`${name.slice(0, 60)}\` twice in one object`;
        seen.add(name);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The index after the closing quote, or the text's end when there is none. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function colonFollows(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

/** `\u005f_proto__` is `__proto__` too; text that is no JSON string is refused by the parser later. */
function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
