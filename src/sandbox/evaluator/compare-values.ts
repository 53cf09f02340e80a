import { guidAtEnd } from '../../base/guid.ts';

type Test = (left: string, right: string) => boolean | undefined;

const text: Readonly<Record<string, Test>> = {
  equals: (left, right) => left === right,
  startswith: (left, right) => left.startsWith(right),
  like: (left, right) => likePattern(right).test(left),
};

const order: Readonly<Record<string, (difference: number) => boolean>> = {
  equals: (difference) => difference === 0,
  notequals: (difference) => difference !== 0,
  lessthan: (difference) => difference < 0,
  lessthanequals: (difference) => difference <= 0,
  greaterthan: (difference) => difference > 0,
  greaterthanequals: (difference) => difference >= 0,
};

/**
 * Applies one operator of the condition language, named in lower case. Strings compare with case unless the operator says
 * otherwise (EA-41), GUIDs without.
 *
 * @returns undefined when the operator is unknown or a value is not of its type.
 */
export function compareValues(operator: string, left: string, right: string): boolean | undefined {
  const [, type = '', rest = ''] = /^(string|guid|bool|numeric|datetime)([a-z]+)$/.exec(operator) ?? [];
  switch (type) {
    case 'string':
      return compareText(rest, left, right);
    case 'guid':
      return compareEqual(rest, guidAtEnd(left), guidAtEnd(right));
    case 'bool':
      return compareEqual(rest, booleanOf(left), booleanOf(right));
    case 'numeric':
      return compareOrder(rest, Number(left), Number(right));
    case 'datetime':
      return compareOrder(rest, Date.parse(left), Date.parse(right));
    default:
      return undefined;
  }
}

function compareText(name: string, left: string, right: string): boolean | undefined {
  const [, not, test = '', ignoreCase] = /^(not)?(equals|startswith|like)(ignorecase)?$/.exec(name) ?? [];
  const fold = (value: string) => (ignoreCase === undefined ? value : value.toLowerCase());
  const result = text[test]?.(fold(left), fold(right));
  return result === undefined ? undefined : result !== (not !== undefined);
}

function compareEqual(name: string, left: string | undefined, right: string | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (name === 'equals') return left === right;
  return name === 'notequals' ? left !== right : undefined;
}

function compareOrder(name: string, left: number, right: number): boolean | undefined {
  const difference = left - right;
  return Number.isNaN(difference) ? undefined : order[name]?.(difference);
}

function booleanOf(value: string): string | undefined {
  const word = value.toLowerCase();
  return word === 'true' || word === 'false' ? word : undefined;
}

/** `*` is many characters, `?` is one, and a backslash before either takes it as it is. */
function likePattern(pattern: string): RegExp {
  const parts = pattern.match(/\\[*?]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return (part.length === 2 ? part.slice(1) : part).replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
