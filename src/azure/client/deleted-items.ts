import type { Client } from '@microsoft/microsoft-graph-client';
import type { Guid } from '../../base/guid.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { type Reading, read, unreadable } from '../../base/reading.ts';
import { chunks } from './chunks.ts';
import { oneLine } from './error-body.ts';
import type { Sleep } from './sleep.ts';
import type { Transport } from './transport.ts';

/** Graph's most requests in one batch. */
const mostRequests = 20;
const rounds = 8;
const longestWait = 60_000;
const passing = [429, 500, 502, 503, 504];

type Answer = Reading<JsonObject> | { readonly state: 'absent' };

/**
 * Asks for each id whether it lies among the deleted items. The parts of a batch have their own statuses: one that was
 * throttled is asked for again by itself, and one without an answer is unreadable, never absent.
 */
export async function readDeletedItems(
  transport: Transport,
  graph: Client,
  ids: readonly Guid[],
  sleep: Sleep,
): Promise<ReadonlyMap<Guid, Answer>> {
  const parts = await Promise.all(chunks(ids, mostRequests).map((some) => readChunk(transport, graph, some, sleep)));
  return new Map(parts.flatMap((part) => [...part]));
}

async function readChunk(transport: Transport, graph: Client, ids: readonly Guid[], sleep: Sleep): Promise<ReadonlyMap<Guid, Answer>> {
  const found = new Map<Guid, Answer>();
  let open = ids;
  for (let round = 1; open.length > 0; round += 1) {
    const responses = await postBatch(transport, graph, open);
    if (typeof responses === 'string') return new Map(ids.map((id) => [id, found.get(id) ?? unreadable(responses)]));
    const again = open.filter((id) => passing.includes(statusOf(responses.get(id))));
    const waiting = round < rounds ? again : [];
    for (const id of open.filter((each) => !waiting.includes(each))) found.set(id, answerOf(id, responses.get(id)));
    open = waiting;
    if (open.length > 0)
      await sleep(
        waitFor(
          open.map((id) => responses.get(id)),
          round,
        ),
        transport.signal,
      );
  }
  return found;
}

/** The responses by id, or why there are none. */
async function postBatch(transport: Transport, graph: Client, ids: readonly Guid[]): Promise<ReadonlyMap<string, JsonObject> | string> {
  const requests = ids.map((id) => ({ id, method: 'GET', url: `/directory/deletedItems/${id}` }));
  try {
    const body = await transport.askObject('look up deleted items of the directory', () => graph.api('/$batch').post({ requests }));
    return new Map(objectsAt(body, 'responses').map((response) => [stringAt(response, 'id') ?? '', response]));
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}

function statusOf(response: JsonObject | undefined): number {
  return typeof response?.status === 'number' ? response.status : 0;
}

function answerOf(id: Guid, response: JsonObject | undefined): Answer {
  if (response === undefined) return unreadable('the batch left its answer out');
  const status = statusOf(response);
  const body = objectAt(response, 'body');
  if (status === 200 && stringAt(body, 'id')?.toLowerCase() === id) return read(body);
  const code = stringAt(objectAt(body, 'error'), 'code');
  if (status === 404 && /ResourceNotFound$/i.test(code ?? '')) return { state: 'absent' };
  const said = [code, stringAt(objectAt(body, 'error'), 'message')].filter((part) => part !== undefined).join(': ');
  return unreadable(oneLine(`Microsoft Graph answered ${status} ${said}`));
}

function waitFor(responses: readonly (JsonObject | undefined)[], round: number): number {
  const asked = responses.map((response) => {
    const headers = isObject(response) ? objectAt(response, 'headers') : {};
    const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    return Number(value ?? Number.NaN) * 1000;
  });
  const longest = Math.max(...asked.filter(Number.isFinite), 500 * 2 ** round);
  return Math.min(longest, longestWait);
}
