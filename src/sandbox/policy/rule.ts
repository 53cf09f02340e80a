import { isObject, type JsonValue } from '../../base/json.ts';
import { fieldOf, type GovernedResource, oneByOne } from './resource.ts';
import { faultIn, PolicyFailure, plain, type TemplateScope, worked } from './template.ts';

type Test = (actual: JsonValue | undefined, expected: JsonValue) => boolean;

const folded = (value: JsonValue | undefined): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value).toLowerCase() : plain(value).toLowerCase();

const tests: Readonly<Record<string, Test>> = {
  equals: (actual, expected) => folded(actual) === folded(expected),
  like: (actual, expected) => new RegExp(`^${folded(expected).split('*').map(quoted).join('.*')}$`, 's').test(folded(actual)),
  contains: (actual, expected) => folded(expected) !== '' && folded(actual).includes(folded(expected)),
  match: (actual, expected) => matchPattern(expected, '').test(plain(actual)),
  matchinsensitively: (actual, expected) => matchPattern(expected, 'i').test(plain(actual)),
  in: (actual, expected) => (expected as readonly JsonValue[]).some((one) => folded(one) === folded(actual)),
  containskey: (actual, expected) => isObject(actual) && Object.keys(actual).some((key) => key.toLowerCase() === folded(expected)),
  less: (actual, expected) => order(actual, expected) < 0,
  lessorequals: (actual, expected) => order(actual, expected) <= 0,
  greater: (actual, expected) => order(actual, expected) > 0,
  greaterorequals: (actual, expected) => order(actual, expected) >= 0,
  exists: (actual, expected) => (actual !== undefined && actual !== null) === (folded(expected) === 'true'),
};

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function matchPattern(expected: JsonValue, flags: string): RegExp {
  const signs: Readonly<Record<string, string>> = { '#': '[0-9]', '?': '[A-Za-z]', '.': '.' };
  return new RegExp(
    `^${plain(expected)
      .split('')
      .map((sign) => signs[sign] ?? quoted(sign))
      .join('')}$`,
    `s${flags}`,
  );
}

/** What is not there is neither smaller nor greater. */
function order(actual: JsonValue | undefined, expected: JsonValue): number {
  if (actual === undefined || actual === null) return Number.NaN;
  if (typeof actual === 'number' && typeof expected === 'number') return actual - expected;
  if (typeof actual !== 'string' || typeof expected !== 'string') throw new PolicyFailure('the two cannot be ordered');
  const [left, right] = [actual.toLowerCase(), expected.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function testNamed(name: string): Test | undefined {
  const lower = name.toLowerCase();
  const negated = lower.startsWith('not') ? tests[lower.slice(3)] : undefined;
  return tests[lower] ?? (negated && ((actual, expected) => !negated(actual, expected)));
}

export interface RuleScope extends Omit<TemplateScope, 'field' | 'current'> {
  readonly resource: GovernedResource;
  readonly counted: readonly { readonly name: string; readonly value: JsonValue }[];
}

/** Whether a rule's `if` holds. @throws PolicyFailure where Azure's evaluation would end with an error */
export function holds(condition: JsonValue | undefined, scope: RuleScope): boolean {
  const { allof, anyof, not, field, value, count, ...rest } = folding(condition);
  if (allof !== undefined) return (allof as readonly JsonValue[]).every((one) => holds(one, scope));
  if (anyof !== undefined) return (anyof as readonly JsonValue[]).some((one) => holds(one, scope));
  if (not !== undefined) return !holds(not, scope);
  const [[name, raw] = ['', null]] = Object.entries(rest);
  const test = testNamed(name);
  if (test === undefined) throw new PolicyFailure(`the sandbox does not know the condition ${name}`);
  const template = templateScope(scope);
  const expected = worked(raw ?? null, template);
  if (count !== undefined) return test(counting(folding(count), scope), expected);
  if (value !== undefined) return test(worked(value, template), expected);
  const named = worked(field ?? null, template) as string;
  const wanted = named.toLowerCase() === 'location' ? withoutBlanks(expected) : expected;
  return fieldOf(scope.resource, named).every((one) => test(one, wanted));
}

function withoutBlanks(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutBlanks);
  return typeof value === 'string' ? value.replaceAll(' ', '') : value;
}

function folding(condition: JsonValue | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return Object.fromEntries(Object.entries(isObject(condition) ? condition : {}).map(([key, value]) => [key.toLowerCase(), value]));
}

function counting({ field, value, name, where }: Readonly<Record<string, JsonValue | undefined>>, scope: RuleScope): number {
  const scopes =
    typeof field === 'string' ? countedFields(worked(field, templateScope(scope)) as string, scope) : countedValues(value, name, scope);
  return scopes.filter((one) => where === undefined || holds(where, one)).length;
}

function countedFields(alias: string, scope: RuleScope): readonly RuleScope[] {
  return oneByOne(scope.resource, alias).map((resource) => {
    const [member = null] = fieldOf(resource, alias);
    return { ...scope, resource, counted: [{ name: alias.toLowerCase(), value: member }, ...scope.counted] };
  });
}

function countedValues(value: JsonValue | undefined, name: JsonValue | undefined, scope: RuleScope): readonly RuleScope[] {
  const list = worked(value ?? null, templateScope(scope));
  if (!Array.isArray(list)) throw new PolicyFailure('what is counted is not a list');
  const called = typeof name === 'string' ? name.toLowerCase() : 'default';
  return (list as readonly JsonValue[]).map((one) => ({ ...scope, counted: [{ name: called, value: one }, ...scope.counted] }));
}

function templateScope(scope: RuleScope): TemplateScope {
  return {
    ...scope,
    field: (name) => {
      const values = fieldOf(scope.resource, name).map((one) => one ?? null);
      return name.includes('[*]') ? values : (values[0] ?? '');
    },
    current: (name) => {
      const called = name?.toLowerCase();
      const found = called === undefined ? scope.counted[0] : scope.counted.find((one) => one.name === called);
      if (found !== undefined) return found.value;
      const [value] = fieldOf(scope.resource, name ?? '');
      if (value === undefined) throw new PolicyFailure(`nothing is counted as ${name ?? ''}`);
      return value;
    },
  };
}

const fieldNames = /^(type|name|fullname|id|kind|location|tags(\.|\[|$)|\[|microsoft\.)/i;

/** What the sandbox does not understand of a rule; undefined when it understands all of it. */
export function faultInRule(condition: JsonValue | undefined): string | undefined {
  if (!isObject(condition)) return 'a condition is an object';
  const { allof, anyof, not, field, value, count, ...rest } = folding(condition);
  const lists = [allof, anyof].filter((list) => list !== undefined);
  if (lists.some((list) => !Array.isArray(list))) return 'allOf and anyOf hold lists';
  const inner = [...lists.flat(), ...(not === undefined ? [] : [not])] as readonly JsonValue[];
  if (inner.length > 0) return inner.map(faultInRule).find((fault) => fault !== undefined);
  if (lists.length > 0) return undefined;
  const names = Object.keys(rest);
  if (names.length !== 1 || testNamed(names[0] ?? '') === undefined) return `the sandbox does not know the condition ${names.join(', ')}`;
  if (field === undefined && value === undefined && count === undefined) return 'a condition has a field, a value or a count';
  if (field !== undefined && (typeof field !== 'string' || !fieldNames.test(field)))
    return `the sandbox does not know the field ${JSON.stringify(field)}`;
  if (/^(not)?in$/i.test(names[0] ?? '') && typeof rest[names[0] ?? ''] !== 'string' && !Array.isArray(rest[names[0] ?? '']))
    return 'in holds a list';
  return faultIn(condition) ?? (isObject(count) && count.where !== undefined ? faultInRule(count.where) : undefined);
}
