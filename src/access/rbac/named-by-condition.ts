import { parseGuid } from '../../base/guid.ts';
import type { Reason } from '../../model/reason.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import type { Condition, ParsedCondition, Truth } from '../condition.ts';

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

/**
 * The roles that a condition on assigning roles names, to be said with that it is not met: a mistyped id shows there. None where it
 * names none, or something else was asked.
 */
export function rolesNamed(
  request: AccessRequest,
  conditions: readonly (ParsedCondition | undefined)[],
  facts: AccessFacts,
): Pick<Extract<Reason, { readonly kind: 'conditionUnmet' }>, 'roles' | 'more'> {
  if (request.plane !== 'control') return { roles: [], more: 0 };
  const ids = new Set(conditions.flatMap((one) => (one?.state === 'parsed' ? roleIds(one.condition) : [])));
  const roles = [...ids].slice(0, mostRolesNamed).map((id) => {
    const guid = parseGuid(id);
    const role = guid === undefined ? undefined : facts.role(guid);
    return { id, ...(role !== undefined && { name: role.name }) };
  });
  return { roles, more: ids.size - roles.length };
}

const mostRolesNamed = 4;

function roleIds(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(roleIds);
    case 'not':
      return roleIds(condition.part);
    case 'comparison': {
      const { attribute, operator, right } = condition;
      const isRole = operator.type === 'Guid' && attribute.endsWith('roleassignments:roledefinitionid]');
      return isRole && !('attribute' in right) ? right.map((id) => id.toLowerCase()) : [];
    }
    case 'actionMatches':
    case 'subOperationMatches':
    case 'exists':
      return [];
  }
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
