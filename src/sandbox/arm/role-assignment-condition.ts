import { type JsonObject, stringAt } from '../../base/json.ts';
import type { Condition } from '../evaluator/condition.ts';
import { parseCondition } from '../evaluator/parse-condition.ts';
import { badRequest } from './refusals.ts';

interface GivenCondition {
  readonly condition: string | null;
  readonly conditionVersion: string | null;
}

const longest = 8 * 1024;
const vaultAttribute = /^@(resource|request)\[microsoft\.keyvault\/vaults(\/secrets)?:name\]$/;

/**
 * The condition of a role assignment. A version that is left out is 2.0; there is no other that Azure takes.
 * @throws ServiceError 400 with Azure's one sentence for all that is wrong with it
 */
export function conditionOf(properties: JsonObject): GivenCondition {
  const [condition, conditionVersion = '2.0'] = [stringAt(properties, 'condition'), stringAt(properties, 'conditionVersion')];
  if (condition === undefined || condition === '') return { condition: null, conditionVersion: null };
  const parsed = Buffer.byteLength(condition) > longest ? undefined : parseCondition(condition);
  if (conditionVersion !== '2.0' || parsed === undefined || !attributesIn(parsed).every(isKnown))
    throw badRequest('InvalidCondition', 'The given role assignment condition is invalid.');
  return { condition, conditionVersion };
}

/** Vaults offer two attributes (EA-39); those of other providers are taken on trust. */
function isKnown(attribute: string): boolean {
  return !attribute.includes('[microsoft.keyvault/') || vaultAttribute.test(attribute);
}

function attributesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(attributesIn);
    case 'not':
      return attributesIn(condition.part);
    case 'exists':
      return [condition.attribute];
    case 'comparison':
      return [condition.attribute, ...(condition.operand.kind === 'attribute' ? [condition.operand.name] : [])];
    case 'actionMatches':
    case 'subOperationMatches':
      return [];
  }
}
