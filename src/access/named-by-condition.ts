import type { AccessRequest } from './access-request.ts';
import type { Condition, ParsedCondition, Truth } from './conditions/condition.ts';

/**
 * Names of the secrets on which alone conditions let an action through (EA-39): then nothing is open, for every other secret is
 * refused. Undefined where the conditions hang on anything but whole names.
 */
export function secretsNamed(
  request: AccessRequest,
  conditions: readonly (ParsedCondition | undefined)[],
  truthFor: (request: AccessRequest) => Truth,
): readonly string[] | undefined {
  if (request.plane !== 'data' || request.resource.kind === 'object') return undefined;
  const names = new Set<string>();
  for (const one of conditions) {
    const found = one === undefined ? [] : one.state === 'parsed' ? wholeValues(one.condition) : undefined;
    if (found === undefined) return undefined;
    for (const name of found) names.add(name);
  }
  const on = (name: string) => truthFor({ ...request, resource: { kind: 'object', collection: 'secrets', name } });
  const passing = [...names].filter((name) => on(name) === true).sort();
  // Where whole values alone are compared, one name that nothing names stands for all such names.
  const unnamed = `${[...names].join('-')}-other`;
  return passing.length > 0 && on(unnamed) === false ? passing : undefined;
}

/** All values that a condition compares with; undefined where one is compared in part, by order or with another attribute. */
function wholeValues(condition: Condition): readonly string[] | undefined {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map(wholeValues);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'not':
      return wholeValues(condition.part);
    case 'comparison': {
      const { operator, right } = condition;
      return operator.type === 'String' && operator.relation === 'Equals' && !('attribute' in right) ? right : undefined;
    }
    case 'actionMatches':
    case 'subOperationMatches':
    case 'exists':
      return [];
  }
}
