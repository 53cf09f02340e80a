import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { compare, isCondition } from './compare.ts';
import { type ExpressionContext, resolveValue } from './evaluate-expression.ts';
import { eachMember, fieldValue, fieldValues, type PolicyResource } from './policy-resource.ts';
import { all, not, type Truth, unknown, type Value } from './truth.ts';

export interface RuleContext {
  readonly resource: PolicyResource;
  readonly parameter: ExpressionContext['parameter'];
  readonly surroundings: NonNullable<ExpressionContext['surroundings']>;
  /** Members that a `count` around this looks at, innermost first: by name or alias in lower case. */
  readonly members?: readonly { readonly name: string; readonly value: Value }[];
}

/** Whether the `if` of a rule holds for a resource; what the language does not tell for sure is unknown. */
export function ruleHolds(rule: JsonValue, context: RuleContext): Truth {
  if (!isObject(rule)) return 'unknown';
  const parts = lowerKeys(rule);
  if (parts.allof !== undefined) return listHolds(parts.allof, context, false);
  if (parts.anyof !== undefined) return listHolds(parts.anyof, context, true);
  if (parts.not !== undefined) return not(ruleHolds(parts.not, context));
  const words = Object.keys(parts).filter(isCondition);
  const [word = ''] = words;
  if (words.length !== 1) return 'unknown';
  const expected = resolveValue(parts[word] ?? null, expressions(context));
  if (isObject(parts.count)) return countHolds(lowerKeys(parts.count), { word, expected }, context);
  if (typeof parts.field === 'string') return fieldHolds(parts.field, { word, expected }, context);
  return parts.value === undefined ? 'unknown' : compare(word, resolveValue(parts.value, expressions(context)), expected);
}

interface Condition {
  readonly word: string;
  readonly expected: Value;
}

function lowerKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}

/** @param decisive the answer of one part that decides for all: true for `anyOf`, false for `allOf`. */
function listHolds(raw: JsonValue, context: RuleContext, decisive: boolean): Truth {
  if (!Array.isArray(raw)) return 'unknown';
  let open = false;
  for (const part of raw as readonly JsonValue[]) {
    const truth = ruleHolds(part, context);
    if (truth === decisive) return decisive;
    open ||= truth === 'unknown';
  }
  return open ? 'unknown' : !decisive;
}

/** A condition on a field asks it of every value that the field selects. */
function fieldHolds(raw: string, { word, expected }: Condition, context: RuleContext): Truth {
  const name = resolveValue(raw, expressions(context));
  if (typeof name !== 'string') return 'unknown';
  const values = fieldValues(name, context.resource);
  if (values === unknown) return 'unknown';
  // Whether a collection of members exists is not documented.
  if (word.toLowerCase() === 'exists' && name.includes('[*]')) return 'unknown';
  const wanted = name.toLowerCase() === 'location' ? placesOf(expected) : expected;
  return all(values.map((value) => compare(word, value, wanted)));
}

function placesOf(expected: Value): Value {
  const place = (value: JsonValue): JsonValue => (typeof value === 'string' ? value.replaceAll(' ', '') : value);
  if (expected === unknown || expected === undefined) return expected;
  return Array.isArray(expected) ? (expected as readonly JsonValue[]).map(place) : place(expected);
}

/** How many members hold is known within bounds; the condition has to come out alike for all that is between. */
function countHolds(count: JsonObject, { word, expected }: Condition, context: RuleContext): Truth {
  const members = typeof count.field === 'string' ? fieldMembers(count.field, context) : valueMembers(count, context);
  if (members === unknown) return 'unknown';
  const { where } = count;
  const truths = members.map((member) => (where === undefined ? true : ruleHolds(where, member)));
  const least = truths.filter((truth) => truth === true).length;
  const most = least + truths.filter((truth) => truth === 'unknown').length;
  const answers = Array.from({ length: most - least + 1 }, (_, more) => compare(word, least + more, expected));
  return answers.every((answer) => answer === answers[0]) ? (answers[0] ?? 'unknown') : 'unknown';
}

function fieldMembers(raw: string, context: RuleContext): readonly RuleContext[] | typeof unknown {
  const alias = resolveValue(raw, expressions(context));
  if (typeof alias !== 'string') return unknown;
  const resources = eachMember(alias, context.resource);
  if (resources === unknown) return unknown;
  return resources.map((resource) => {
    const values = fieldValues(alias, resource);
    const value = values === unknown || values.length !== 1 ? unknown : values[0];
    return { ...context, resource, members: [{ name: alias.toLowerCase(), value }, ...(context.members ?? [])] };
  });
}

function valueMembers(count: JsonObject, context: RuleContext): readonly RuleContext[] | typeof unknown {
  const list = resolveValue(count.value ?? null, expressions(context));
  if (!Array.isArray(list)) return unknown;
  const name = (typeof count.name === 'string' ? count.name : 'default').toLowerCase();
  return (list as readonly JsonValue[]).map((value) => ({ ...context, members: [{ name, value }, ...(context.members ?? [])] }));
}

function expressions({ parameter, resource, surroundings, members = [] }: RuleContext): ExpressionContext {
  return {
    parameter,
    surroundings,
    field: (name) => fieldValue(name, resource),
    current: (name) => {
      if (name === undefined) return members[0] === undefined ? unknown : members[0].value;
      const named = members.find((member) => member.name === name);
      if (named !== undefined) return named.value;
      // A property of the member that is looked at, by its own alias.
      const values = members.some((member) => name.startsWith(`${member.name}.`)) ? fieldValues(name, resource) : unknown;
      return values === unknown || values.length !== 1 ? unknown : values[0];
    },
  };
}
