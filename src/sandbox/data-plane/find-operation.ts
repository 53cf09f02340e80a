import { type Ask, ServiceError } from '../exchange.ts';
import { type Operation, operations } from './operations.ts';

export interface Route {
  readonly operation: Operation;
  /** Empty where the path has none. */
  readonly name: string;
  /** Empty for the latest. */
  readonly version: string;
}

/** @throws ServiceError 404 naming a method and path that are no operation, 400 for a name that no object can have. */
export function findOperation(ask: Ask): Route {
  for (const operation of operations) {
    const found = operation.method === ask.method ? match(operation.path, ask.segments) : undefined;
    if (found === undefined) continue;
    const { name = '', version = '' } = found;
    if (found.name !== undefined && !/^[0-9a-zA-Z-]{1,127}$/.test(name))
      throw new ServiceError(400, 'BadParameter', `The request URI contains an invalid name: ${name}`);
    return { operation, name, version };
  }
  throw new ServiceError(404, 'UnknownOperation', `the sandbox's vaults do not know ${ask.method} ${ask.path}`);
}

/** The values of the path's places, or undefined when it is another path. */
function match(path: readonly string[], segments: readonly string[]): { readonly name?: string; readonly version?: string } | undefined {
  const optional = path.indexOf('{version?}');
  const wanted = optional >= 0 && segments.length === path.length - 1 ? path.filter((_, index) => index !== optional) : path;
  if (wanted.length !== segments.length) return undefined;
  const places: { name?: string; version?: string } = {};
  for (const [index, word] of wanted.entries()) {
    const segment = segments[index] ?? '';
    if (word === '{name}') places.name = segment;
    else if (word === '{version?}') places.version = segment;
    else if (word !== segment.toLowerCase()) return undefined;
  }
  return places;
}
