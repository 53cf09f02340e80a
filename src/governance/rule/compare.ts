import { isObject, type JsonValue } from '../../base/json.ts';
import { not, type Truth, unknown, type Value } from './truth.ts';

type Compare = (actual: JsonValue, expected: JsonValue) => Truth;

const comparisons: Readonly<Record<string, Compare>> = {
  equals: (actual, expected) => same(actual, expected),
  like: (actual, expected) => withTexts(actual, expected, (value, pattern) => like(value, pattern)),
  contains: (actual, expected) => withTexts(actual, expected, (value, part) => (part === '' ? 'unknown' : value.includes(part))),
  match: (actual, expected) => matches(actual, expected, false),
  matchinsensitively: (actual, expected) => matches(actual, expected, true),
  in: (actual, expected) => within(actual, expected),
  containskey: (actual, expected) => hasKey(actual, expected),
  less: (actual, expected) => ordered(actual, expected, (order) => order < 0),
  lessorequals: (actual, expected) => ordered(actual, expected, (order) => order <= 0),
  greater: (actual, expected) => ordered(actual, expected, (order) => order > 0),
  greaterorequals: (actual, expected) => ordered(actual, expected, (order) => order >= 0),
};

/** Whether a word is a condition of the policy language. */
export function isCondition(word: string): boolean {
  const lower = word.toLowerCase();
  return lower === 'exists' || comparisons[positive(lower)] !== undefined;
}

function positive(word: string): string {
  return word.replace(/^not(?=[a-z])/, '');
}

/**
 * Holds one value against a condition. Letter case does not count, except for `match`; true and 'true' are the same. What is
 * not there equals nothing, is in no list and is like nothing; compared by size nobody knows.
 */
export function compare(word: string, actual: Value, expected: Value): Truth {
  const lower = word.toLowerCase();
  if (actual === unknown || expected === unknown) return 'unknown';
  const there = actual !== undefined && actual !== null;
  if (lower === 'exists') {
    const wanted = plain(expected ?? null);
    return wanted === 'true' ? there : wanted === 'false' ? !there : 'unknown';
  }
  const base = positive(lower);
  const answer = there ? (comparisons[base]?.(actual, expected ?? null) ?? 'unknown') : missing(base, expected ?? null);
  return base === lower ? answer : not(answer);
}

/** Whether an empty text counts as one that is not there is not documented. */
function missing(word: string, expected: JsonValue): Truth {
  if (/^(less|greater)/.test(word)) return 'unknown';
  const blank = (value: JsonValue): boolean => value === '' || value === null || (word === 'like' && value === '*');
  return blank(expected) || (Array.isArray(expected) && (expected as readonly JsonValue[]).some(blank)) ? 'unknown' : false;
}

/** A text, a number or a flag as one text, whatever its case. */
export function plain(value: JsonValue): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).toLowerCase() : undefined;
}

function same(actual: JsonValue, expected: JsonValue): Truth {
  const [left, right] = [plain(actual), plain(expected)];
  return left === undefined || right === undefined ? 'unknown' : left === right;
}

function withTexts(actual: JsonValue, expected: JsonValue, holds: (actual: string, expected: string) => Truth): Truth {
  const [left, right] = [plain(actual), plain(expected)];
  return left === undefined || right === undefined ? 'unknown' : holds(left, right);
}

/** One `*` at most, which stands for any text. */
function like(value: string, pattern: string): Truth {
  const [start = '', end, ...more] = pattern.split('*');
  if (more.length > 0) return 'unknown';
  if (end === undefined) return value === pattern;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

/** `#` is a digit, `?` a letter, `.` anything. */
function matches(actual: JsonValue, expected: JsonValue, ignoreCase: boolean): Truth {
  if (typeof actual !== 'string' || typeof expected !== 'string') return 'unknown';
  if (actual.length !== expected.length) return false;
  const [value, pattern] = ignoreCase ? [actual.toLowerCase(), expected.toLowerCase()] : [actual, expected];
  return pattern.split('').every((sign, at) => {
    const here = value[at] ?? '';
    return sign === '#' ? /\d/.test(here) : sign === '?' ? /[a-z]/i.test(here) : sign === '.' || sign === here;
  });
}

function within(actual: JsonValue, expected: JsonValue): Truth {
  if (!Array.isArray(expected)) return 'unknown';
  const answers = (expected as readonly JsonValue[]).map((item) => same(actual, item));
  return answers.includes(true) ? true : answers.includes('unknown') ? 'unknown' : false;
}

function hasKey(actual: JsonValue, expected: JsonValue): Truth {
  if (!isObject(actual) || typeof expected !== 'string') return 'unknown';
  return Object.keys(actual).some((key) => key.toLowerCase() === expected.toLowerCase());
}

function ordered(actual: JsonValue, expected: JsonValue, holds: (order: number) => boolean): Truth {
  if (typeof actual === 'number' && typeof expected === 'number') return holds(actual - expected);
  if (typeof actual !== 'string' || typeof expected !== 'string') return 'unknown';
  const [left, right] = [actual.toLowerCase(), expected.toLowerCase()];
  // How letters beyond ASCII are ordered is a matter of the service's culture.
  if (!/^[\x20-\x7e]*$/.test(left + right)) return 'unknown';
  return holds(left < right ? -1 : left > right ? 1 : 0);
}
