import { isObject, type JsonValue } from '../../base/json.ts';
import { all, not, some, type Truth, unknown, type Value } from './truth.ts';

type Apply = (args: readonly Value[]) => Value;

/**
 * Functions of the template language that policies about vaults use. What is not here, and a call that Azure would refuse, is
 * unknown: an error while a policy is evaluated counts as a deny there.
 */
export const functions: Readonly<Record<string, Apply>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  and: (args) => fromTruth(all(args.map(truthOf))),
  or: (args) => fromTruth(some(args.map(truthOf))),
  not: ([arg]) => fromTruth(not(truthOf(arg))),
  if: ([condition, yes, no]) => (condition === true ? yes : condition === false ? no : unknown),
  coalesce: (args) => args.find((arg) => arg !== null && arg !== undefined),
  equals: known(([a, b]) => sameValue(a, b)),
  concat: known(concat),
  tolower: text((value) => value.toLowerCase()),
  toupper: text((value) => value.toUpperCase()),
  trim: text((value) => value.trim()),
  string: known(([value]) => (typeof value === 'string' ? value : shown(value ?? null))),
  int: known(([value]) => (typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value)) ? Number(value) : unknown)),
  length: known(([value]) => sizeOf(value)),
  empty: known(([value]) => emptiness(value)),
  contains: known(contains),
  startswith: texts(([value, start]) => value.toLowerCase().startsWith(start.toLowerCase())),
  endswith: texts(([value, end]) => value.toLowerCase().endsWith(end.toLowerCase())),
  split: texts(([value, by]) => (by === '' ? unknown : value.split(by))),
  replace: texts(([value, old, by]) => (old === '' ? unknown : value.replaceAll(old, by))),
  first: known(([value]) =>
    Array.isArray(value) || typeof value === 'string' ? ((value[0] as JsonValue | undefined) ?? unknown) : unknown,
  ),
  last: known(([value]) =>
    Array.isArray(value) || typeof value === 'string' ? ((value.at(-1) as JsonValue | undefined) ?? unknown) : unknown,
  ),
  union: known((args) => lists(args, (a, b) => [...a, ...b.filter((item) => !has(a, item))])),
  intersection: known((args) => lists(args, (a, b) => a.filter((item) => has(b, item)))),
  greater: numbers((a, b) => a > b),
  greaterorequals: numbers((a, b) => a >= b),
  less: numbers((a, b) => a < b),
  lessorequals: numbers((a, b) => a <= b),
};

type KnownValues = readonly JsonValue[];

/** Only with every argument known. */
function known(apply: (args: KnownValues) => Value): Apply {
  return (args) => (args.includes(unknown) ? unknown : apply(args.map((arg) => (arg ?? null) as JsonValue)));
}

function text(apply: (value: string) => string): Apply {
  return known(([value]) => (typeof value === 'string' ? apply(value) : unknown));
}

function texts(apply: (args: readonly [string, string, string]) => Value): Apply {
  return known(([a, b, c = '']) => (typeof a === 'string' && typeof b === 'string' && typeof c === 'string' ? apply([a, b, c]) : unknown));
}

function numbers(apply: (a: number, b: number) => boolean): Apply {
  return known(([a, b]) => (typeof a === 'number' && typeof b === 'number' ? apply(a, b) : unknown));
}

function truthOf(value: Value): Truth {
  return typeof value === 'boolean' ? value : 'unknown';
}

function fromTruth(truth: Truth): Value {
  return truth === 'unknown' ? unknown : truth;
}

/** In templates letter case counts, in policies mostly not: where it alone decides, nobody knows. */
function sameValue(a: JsonValue = null, b: JsonValue = null): Value {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  if (left === right) return true;
  return left.toLowerCase() === right.toLowerCase() ? unknown : false;
}

function concat(args: KnownValues): Value {
  if (args.every((arg) => Array.isArray(arg))) return args.flat() as JsonValue;
  if (args.some((arg) => Array.isArray(arg) || isObject(arg) || arg === null)) return unknown;
  return args.map((arg) => (typeof arg === 'string' ? arg : shown(arg))).join('');
}

/** As templates write it. */
function shown(value: JsonValue): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
}

function sizeOf(value: JsonValue | undefined): Value {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : unknown;
}

function emptiness(value: JsonValue | undefined): Value {
  const size = value === null ? 0 : sizeOf(value);
  return size === unknown ? unknown : size === 0;
}

function contains([within, item = null]: KnownValues): Value {
  if (Array.isArray(within)) return has(within as KnownValues, item) || (hasLoosely(within as KnownValues, item) ? unknown : false);
  if (typeof within === 'string') {
    if (typeof item !== 'string') return unknown;
    return within.includes(item) || (within.toLowerCase().includes(item.toLowerCase()) ? unknown : false);
  }
  if (!isObject(within) || typeof item !== 'string') return unknown;
  return Object.keys(within).some((key) => key.toLowerCase() === item.toLowerCase());
}

function has(list: KnownValues, item: JsonValue): boolean {
  return list.some((one) => JSON.stringify(one) === JSON.stringify(item));
}

function hasLoosely(list: KnownValues, item: JsonValue): boolean {
  return list.some((one) => JSON.stringify(one).toLowerCase() === JSON.stringify(item).toLowerCase());
}

function lists(args: KnownValues, join: (a: KnownValues, b: KnownValues) => KnownValues): Value {
  if (args.length === 0 || !args.every((arg) => Array.isArray(arg))) return unknown;
  return (args as readonly KnownValues[]).reduce(join);
}
