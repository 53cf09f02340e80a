import { parseGuid } from '../../base/guid.ts';
import type { Operator, Quantifier } from '../condition.ts';

const quantifiers: readonly Quantifier[] = ['ForAnyOfAnyValues', 'ForAllOfAnyValues', 'ForAnyOfAllValues', 'ForAllOfAllValues'];
const texts = /^String(Not)?(Equals|StartsWith|Like)(IgnoreCase)?$/i;
const equals = /^(Guid|Bool)(Not)?(Equals)$/i;
const ordered = /^(Numeric|DateTime)(Not)?(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/i;

const relations: Readonly<Record<string, Operator['relation']>> = {
  equals: 'Equals',
  startswith: 'StartsWith',
  like: 'Like',
  lessthan: 'LessThan',
  lessthanequals: 'LessThanEquals',
  greaterthan: 'GreaterThan',
  greaterthanequals: 'GreaterThanEquals',
};
const types: Readonly<Record<string, Operator['type']>> = { guid: 'Guid', bool: 'Bool', numeric: 'Numeric', datetime: 'DateTime' };

/** Reads `ForAnyOfAnyValues:GuidEquals` and the like; undefined when it is not an operator of version 2.0. */
export function conditionOperator(word: string): { readonly operator: Operator; readonly quantifier?: Quantifier } | undefined {
  const colon = word.indexOf(':');
  const operator = operatorNamed(word.slice(colon + 1));
  if (operator === undefined) return undefined;
  if (colon < 0) return { operator };
  const prefix = word.slice(0, colon).toLowerCase();
  const quantifier = quantifiers.find((one) => one.toLowerCase() === prefix);
  return quantifier === undefined ? undefined : { operator, quantifier };
}

function operatorNamed(name: string): Operator | undefined {
  const text = texts.exec(name);
  if (text !== null) return build('String', text[1], text[2], text[3] !== undefined);
  const other = equals.exec(name) ?? ordered.exec(name);
  const type = types[other?.[1]?.toLowerCase() ?? ''];
  return other === null || type === undefined ? undefined : build(type, other[2], other[3]);
}

function build(type: Operator['type'], not: string | undefined, relation = '', ignoreCase = false): Operator | undefined {
  const known = relations[relation.toLowerCase()];
  if (known === undefined || (not !== undefined && !['Equals', 'StartsWith', 'Like'].includes(known))) return undefined;
  return { type, relation: known, negated: not !== undefined, ignoreCase };
}

/** Whether a value can stand to the right of the operator; built-in roles write GUIDs with and without quotes. */
export function suits(operator: Operator, value: string, quoted: boolean): boolean {
  switch (operator.type) {
    case 'String':
      return quoted;
    case 'Guid':
      return parseGuid(value) !== undefined;
    case 'Bool':
      return /^(true|false)$/i.test(value);
    case 'Numeric':
      return value.trim() !== '' && Number.isFinite(Number(value));
    case 'DateTime':
      return !Number.isNaN(Date.parse(value));
  }
}
