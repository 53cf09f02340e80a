import { guidAtEnd } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';

/**
 * What a condition on somebody's right to assign roles may name (EA-42): `@Request[…]` when an assignment is written,
 * `@Resource[…]` when one is deleted. Names are in lower case, as conditions are judged.
 */
export function assignmentAttributes(side: 'request' | 'resource', assignment: JsonObject): Readonly<Record<string, string>> {
  const properties = objectAt(assignment, 'properties');
  const at = (name: string) => `@${side}[microsoft.authorization/roleassignments:${name}]`;
  const principalType = stringAt(properties, 'principalType');
  return {
    [at('roledefinitionid')]: guidAtEnd(stringAt(properties, 'roleDefinitionId') ?? '') ?? '',
    [at('principalid')]: stringAt(properties, 'principalId') ?? '',
    ...(principalType !== undefined && { [at('principaltype')]: principalType }),
  };
}
