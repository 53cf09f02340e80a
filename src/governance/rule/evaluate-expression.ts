import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type Expression, isExpression, parseExpression } from './expression.ts';
import { functions } from './functions.ts';
import { unknown, type Value } from './truth.ts';

/** What the expressions of a policy may ask about. */
export interface ExpressionContext {
  /** By name in lower case. */
  readonly parameter: (name: string) => Value;
  /** Only in rules: what a field of the resource holds, as the function `field` gives it. */
  readonly field?: (name: string) => Value;
  /** Only below a `count`: the member that is being looked at. */
  readonly current?: (name: string | undefined) => Value;
  /** Answers of `requestContext`, `resourceGroup` and `subscription`, by name in lower case, as far as they are known. */
  readonly surroundings?: Readonly<Record<string, JsonObject>>;
}

/** A value as it stands in a policy, with the expressions in it worked out. Unknown anywhere makes the whole unknown. */
export function resolveValue(raw: JsonValue, context: ExpressionContext): Value {
  if (typeof raw === 'string') {
    if (!isExpression(raw)) return raw.startsWith('[[') ? raw.slice(1) : raw;
    const parsed = parsedOnce(raw);
    return parsed === undefined ? unknown : evaluate(parsed, context);
  }
  if (Array.isArray(raw)) return whole((raw as readonly JsonValue[]).map((item) => resolveValue(item, context)));
  if (!isObject(raw)) return raw;
  const names = Object.keys(raw);
  const values = whole(names.map((name) => resolveValue(raw[name] ?? null, context)));
  return values === unknown ? unknown : Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

const parsed = new Map<string, Expression | undefined>();

/** Thousands of resources are held against the same few texts. */
function parsedOnce(text: string): Expression | undefined {
  if (!parsed.has(text)) parsed.set(text, parseExpression(text));
  return parsed.get(text);
}

function whole(values: readonly Value[]): readonly JsonValue[] | typeof unknown {
  return values.includes(unknown) ? unknown : values.map((value) => (value ?? null) as JsonValue);
}

function evaluate(expression: Expression, context: ExpressionContext): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'member':
      return memberOf(evaluate(expression.of, context), evaluate(expression.key, context));
    case 'call':
      return call(expression, context);
  }
}

/** A name that is not there ends the evaluation in Azure, which counts as a deny: here nobody knows. */
function memberOf(of: Value, key: Value): Value {
  if (Array.isArray(of) && typeof key === 'number') return (of as readonly JsonValue[])[key] ?? unknown;
  if (of === unknown || !isObject(of) || typeof key !== 'string') return unknown;
  const name = Object.keys(of).find((one) => one.toLowerCase() === key.toLowerCase());
  return name === undefined ? unknown : (of[name] ?? null);
}

function call({ name, args }: Expression & { readonly kind: 'call' }, context: ExpressionContext): Value {
  const own = functions[name];
  const values = args.map((arg) => evaluate(arg, context));
  if (own !== undefined) return own(values);
  const [first] = values;
  switch (name) {
    case 'parameters':
      return typeof first === 'string' ? context.parameter(first.toLowerCase()) : unknown;
    case 'field':
      return typeof first === 'string' && context.field !== undefined ? context.field(first) : unknown;
    case 'current':
      return first === unknown || context.current === undefined
        ? unknown
        : context.current(typeof first === 'string' ? first.toLowerCase() : undefined);
    default:
      return args.length === 0 ? (context.surroundings?.[name] ?? unknown) : unknown;
  }
}
