import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { invalidContent } from './refusals.ts';

/** What a body may hold: a leaf of a JSON type, members, or a list of one shape. Null is allowed everywhere. */
export type Shape =
  | 'string'
  | 'boolean'
  | 'number'
  | 'any'
  | 'strings'
  | { readonly members: Readonly<Record<string, Shape>> }
  | { readonly items: Shape };

/** @throws UnknownAsk 400 naming the first member that is not known, or is of another type than it has to be */
export function checkShape(value: JsonValue | undefined, shape: Shape, path = ''): void {
  if (value === undefined || value === null || shape === 'any') return;
  if (shape === 'strings') {
    checkShape(value, { items: 'string' }, path);
    return;
  }
  if (typeof shape === 'string') {
    if (typeof value !== shape) throw invalidContent(`Error converting value to type ${shape}. Path '${path}'`);
    return;
  }
  if ('items' in shape) {
    if (!Array.isArray(value)) throw invalidContent(`Expected a list. Path '${path}'`);
    for (const [index, item] of (value as readonly JsonValue[]).entries()) checkShape(item, shape.items, `${path}[${index}]`);
    return;
  }
  if (!isObject(value)) throw invalidContent(`Expected an object. Path '${path}'`);
  checkMembers(value, shape.members, path);
}

function checkMembers(object: JsonObject, members: Readonly<Record<string, Shape>>, path: string): void {
  for (const [name, member] of Object.entries(object)) {
    const at = path === '' ? name : `${path}.${name}`;
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    if (shape === undefined) throw invalidContent(`Could not find member '${name}' on object. Path '${at}'`);
    checkShape(member, shape, at);
  }
}
