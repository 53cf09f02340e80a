import { z } from 'zod';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { OperationName } from './operations.ts';
import { bodies } from './request-shapes.ts';

/**
 * The body of a request, null properties left out.
 * @throws ServiceError 400 naming a property that the operation does not know or that is not what it should be.
 */
export function readBody(operation: OperationName, body: JsonValue | undefined): JsonObject {
  const given = body === undefined || body === null || body === '' ? {} : withoutNulls(body);
  const shape = bodies[operation];
  const parsed = (shape ?? z.strictObject({})).safeParse(given);
  if (parsed.success) return isObject(given) ? given : {};
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).join('.');
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.map((name) => (where === '' ? name : `${where}.${name}`)) : [];
  // Only names go into the text: what was sent may be secret.
  const what =
    unknown.length > 0 ? `Property ${unknown.join(', ')} is not known` : `Property ${where === '' ? '(body)' : where} has an invalid value`;
  throw new ServiceError(400, 'BadParameter', `${what} in a request for ${operation}.`);
}

function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutNulls(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined && entry[1] !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}
