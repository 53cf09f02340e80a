import type { JsonObject } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { Call } from './call.ts';

const largest = 25;

/** One page of a list: at most `maxresults` items, and a nextLink to the host that was asked; null ends the list. */
export function page<Item>(call: Call, items: readonly Item[], show: (item: Item) => JsonObject): JsonObject {
  const size = readNumber(call.query.get('maxresults'), largest);
  const from = readNumber(call.query.get('$skiptoken'), 0);
  if (size < 1 || size > largest) throw new ServiceError(400, 'BadParameter', `Property maxresults must be between 1 and ${largest}`);
  const next = new URLSearchParams({
    'api-version': call.query.get('api-version') ?? '',
    $skiptoken: String(from + size),
    maxresults: String(size),
  });
  const path = [...call.operation.path].map((segment) => (segment === '{name}' ? call.name : segment)).join('/');
  return {
    value: items.slice(from, from + size).map(show),
    nextLink: from + size < items.length ? `${call.origin}/${path}?${next.toString()}` : null,
  };
}

function readNumber(text: string | null, otherwise: number): number {
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new ServiceError(400, 'BadParameter', `\`${text}\` is no number of results`);
  return Number(text);
}
