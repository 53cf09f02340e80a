import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** An error while a policy is evaluated. Azure counts it as a deny. */
export class PolicyFailure extends Error {}

export interface TemplateScope {
  readonly parameters: ReadonlyMap<string, JsonValue>;
  readonly field: (name: string) => JsonValue;
  readonly current: (name: string | undefined) => JsonValue;
  readonly requestContext: JsonObject;
  readonly resourceGroup: JsonObject;
  readonly subscription: JsonObject;
}

type Args = readonly JsonValue[];

/** What the sandbox knows of the functions of Azure Policy, by name in lower case. */
const library: Readonly<Record<string, (args: Args, scope: TemplateScope) => JsonValue>> = {
  parameters: ([name], scope) => must(scope.parameters.get(word(name).toLowerCase()), `there is no parameter ${word(name)}`),
  field: ([name], scope) => scope.field(word(name)),
  current: ([name], scope) => scope.current(name === undefined ? undefined : word(name)),
  requestcontext: (_, scope) => scope.requestContext,
  resourcegroup: (_, scope) => scope.resourceGroup,
  subscription: (_, scope) => scope.subscription,
  concat: (args) => (args.every(Array.isArray) ? args.flat() : args.map((arg) => textOf(arg)).join('')) as JsonValue,
  tolower: ([value]) => word(value).toLowerCase(),
  toupper: ([value]) => word(value).toUpperCase(),
  string: ([value]) => (typeof value === 'string' ? value : textOf(value)),
  int: ([value]) => number(Number(value)),
  length: ([value]) => (isObject(value) ? Object.keys(value).length : typeof value === 'string' ? value.length : items(value).length),
  empty: ([value]) =>
    value === null || (isObject(value) ? Object.keys(value) : typeof value === 'string' ? value.split('') : items(value)).length === 0,
  contains: ([within, item]) => holdsItem(within ?? null, item ?? null),
  equals: ([a, b]) => lower(a) === lower(b),
  not: ([a]) => a !== true,
  and: (args) => args.every((arg) => arg === true),
  or: (args) => args.includes(true),
  if: ([condition, yes, no]) => (condition === true ? yes : no) ?? null,
  coalesce: (args) => args.find((arg) => arg !== null) ?? null,
  startswith: ([value, start]) => word(value).toLowerCase().startsWith(word(start).toLowerCase()),
  endswith: ([value, end]) => word(value).toLowerCase().endsWith(word(end).toLowerCase()),
  split: ([value, by]) => word(value).split(word(by)),
  replace: ([value, old, by]) => word(value).split(word(old)).join(word(by)),
  first: ([value]) => must((typeof value === 'string' ? value.split('') : items(value))[0], 'an empty list has no first item'),
  last: ([value]) => must((typeof value === 'string' ? value.split('') : items(value)).at(-1), 'an empty list has no last item'),
  greater: ([a, b]) => number(a) > number(b),
  greaterorequals: ([a, b]) => number(a) >= number(b),
  less: ([a, b]) => number(a) < number(b),
  lessorequals: ([a, b]) => number(a) <= number(b),
  true: () => true,
  false: () => false,
};

function must(value: JsonValue | undefined, why: string): JsonValue {
  if (value === undefined) throw new PolicyFailure(why);
  return value;
}

function word(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new PolicyFailure('a text was expected');
  return value;
}

function number(value: JsonValue | undefined): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new PolicyFailure('a number was expected');
  return value;
}

function items(value: JsonValue | undefined): Args {
  if (!Array.isArray(value)) throw new PolicyFailure('a list was expected');
  return value as Args;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** A value as text: nothing for what is not there. */
export function plain(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function lower(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null).toLowerCase();
}

function holdsItem(within: JsonValue, item: JsonValue): boolean {
  if (typeof within === 'string') return within.toLowerCase().includes(word(item).toLowerCase());
  if (isObject(within)) return Object.keys(within).some((key) => key.toLowerCase() === word(item).toLowerCase());
  return items(within).some((one) => lower(one) === lower(item));
}

/** Reads and works out an expression in one go, sign by sign. */
class Reader {
  #at = 0;
  readonly #text: string;
  readonly #scope: TemplateScope | undefined;

  /** Without a scope the expression is only read: for the names of its functions. */
  constructor(text: string, scope?: TemplateScope) {
    this.#text = text;
    this.#scope = scope;
  }

  whole(): JsonValue {
    const value = this.#value();
    this.#blanks();
    if (this.#at !== this.#text.length) throw new PolicyFailure(`${this.#text} is no expression`);
    return value;
  }

  #blanks(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }

  #take(sign: string): boolean {
    this.#blanks();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    this.#blanks();
    const found = pattern.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #value(): JsonValue {
    let value = this.#primary();
    for (;;) {
      if (this.#take('.')) value = this.#member(value, this.#match(/^\w+/));
      else if (this.#take('[')) {
        value = this.#member(value, this.#value());
        if (!this.#take(']')) throw new PolicyFailure('a bracket is open');
      } else return value;
    }
  }

  #member(of: JsonValue, key: JsonValue): JsonValue {
    if (this.#scope === undefined) return '';
    if (Array.isArray(of)) return must((of as Args)[number(key)], 'there is no such item');
    const entry = isObject(of) ? Object.entries(of).find(([name]) => name.toLowerCase() === word(key).toLowerCase()) : undefined;
    return must(entry?.[1], `there is no member ${plain(key)}`);
  }

  #primary(): JsonValue {
    const quoted = this.#match(/^'([^']|'')*'/);
    if (quoted !== '') return quoted.slice(1, -1).split("''").join("'");
    const digits = this.#match(/^-?\d+(\.\d+)?/);
    if (digits !== '') return Number(digits);
    const name = this.#match(/^[A-Za-z]+/);
    if (name === '' || !this.#take('(')) throw new PolicyFailure(`${this.#text} is no expression`);
    const args: JsonValue[] = [];
    while (!this.#take(')')) {
      args.push(this.#value());
      if (!this.#take(',') && this.#text[this.#at] !== ')') throw new PolicyFailure(`${this.#text} is no expression`);
    }
    const act = library[name.toLowerCase()];
    if (act === undefined) throw new PolicyFailure(`the sandbox does not know the function ${name}`);
    return this.#scope === undefined ? '' : act(args, this.#scope);
  }
}

function isTemplate(text: string): boolean {
  return /^\[(?!\[).*\]$/s.test(text);
}

/** Works out the expressions in a value. @throws PolicyFailure */
export function worked(value: JsonValue, scope: TemplateScope): JsonValue {
  if (typeof value === 'string') return isTemplate(value) ? new Reader(value.slice(1, -1), scope).whole() : value.replace(/^\[\[/, '[');
  if (Array.isArray(value)) return (value as Args).map((item) => worked(item, scope));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, worked(inner ?? null, scope)]));
}

/** What is wrong with the expressions in a value, as far as it shows without a resource; undefined when nothing is. */
export function faultIn(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string' && isTemplate(value)) {
    try {
      new Reader(value.slice(1, -1)).whole();
    } catch (error) {
      return error instanceof Error ? error.message : 'no expression';
    }
  }
  const inner = Array.isArray(value) ? (value as Args) : isObject(value) ? Object.values(value) : [];
  return inner.map(faultIn).find((fault) => fault !== undefined);
}
