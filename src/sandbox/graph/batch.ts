import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import type { Answer, Ask } from '../exchange.ts';
import { badRequest } from './graph-answer.ts';

const mostRequests = 20;

/** POST $batch: answers each request on its own, with its own status, inside one 200. */
export async function batch(ask: Ask, handle: (ask: Ask) => Promise<Answer>): Promise<Answer> {
  const body = isObject(ask.body) ? ask.body : {};
  const requests = objectsAt(body, 'requests');
  if (requests.length === 0) throw badRequest('Invalid batch payload format.');
  if (requests.length > mostRequests) throw badRequest(`Number of batch request steps exceeds the maximum value of ${mostRequests}.`);
  const ids = requests.map((request) => stringAt(request, 'id') ?? '');
  if (new Set(ids).size !== ids.length || ids.includes('')) throw badRequest('Every request of a batch needs an id of its own.');
  const responses: JsonObject[] = [];
  for (const request of requests) {
    const single = await handle(subRequest(ask, request));
    const headers = { 'Content-Type': 'application/json', ...single.headers };
    responses.push({ id: request.id, status: single.status, headers, ...(single.body !== undefined && { body: single.body }) });
  }
  return { status: 200, body: { responses } };
}

function subRequest(ask: Ask, request: JsonObject): Ask {
  const known = ['id', 'method', 'url', 'body', 'headers'];
  const unknown = Object.keys(request).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`the sandbox's Graph does not know \`${unknown}\` in a batch`);
  const url = new URL(`${ask.origin}/v1.0/${(stringAt(request, 'url') ?? '').replace(/^\/+/, '')}`);
  const path = decodeURIComponent(url.pathname);
  const own = Object.entries(objectAt(request, 'headers')).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return {
    ...ask,
    method: (stringAt(request, 'method') ?? '').toUpperCase(),
    path,
    segments: path.split('/').filter((segment) => segment !== ''),
    query: url.searchParams,
    headers: { ...ask.headers, ...Object.fromEntries(own) },
    body: request.body,
  };
}
