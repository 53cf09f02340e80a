import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { Client } from '@microsoft/microsoft-graph-client';
import { isObject, type JsonObject, type JsonValue, objectAt, objectsAt, stringAt } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { nextLinkOf } from './answer-guard.ts';
import { unreadableAnswer } from './azure-error.ts';
import { chunks } from './chunks.ts';
import { followPages } from './paging.ts';
import { parseRows } from './parse-rows.ts';
import { retryAfter } from './retry-rules.ts';
import type { Sleep } from './sleep.ts';
import { refusalFrom } from './translate-refusal.ts';
import type { Transport } from './transport.ts';

/** Graph's most requests in one batch. */
const mostRequests = 20;
const longestWait = 60_000;
/** How often a part is asked for: throttling passes by itself, and a service that fails may not. */
const rounds = new Map([[429, 8], ...[500, 502, 503, 504].map((status): [number, number] => [status, 4])]);

/** One question of a batch. The address is one that `isReadBatch` allows. */
interface Part {
  /** `list the memberships of …` */
  readonly what: string;
  /** Below `/v1.0`, encoded. */
  readonly url: string;
}

/** Asks Graph many questions in few requests. Every key is answered: with what was asked for, or with why there is none. */
export interface GraphBatches {
  /** One object for each. @param what names all of them together. */
  objects<K>(what: string, parts: ReadonlyMap<K, Part>): Promise<ReadonlyMap<K, JsonObject | KnownError>>;
  /** The rows of all pages for each; one row that is not understood makes its list unreadable. */
  lists<K, T>(what: string, parts: ReadonlyMap<K, Part>, parse: Parse<K, T>): Promise<ReadonlyMap<K, readonly T[] | KnownError>>;
}

type Parse<K, T> = (row: JsonValue, key: K) => T | undefined;

/**
 * The parts of a batch have their own statuses: what a part is refused means what it would mean alone, one that was throttled is asked
 * for again with others like it, and one without an answer is unreadable, never empty. What the batch itself is refused, each part is.
 */
export function graphBatches(transport: Transport, graph: Client, sleep: Sleep): GraphBatches {
  const connection = { transport, graph, sleep };
  const objects: GraphBatches['objects'] = async (what, parts) => {
    const answers = chunks([...parts.values()], mostRequests).map((some) => askChunk(connection, what, some));
    const found = new Map((await Promise.all(answers)).flatMap((some) => [...some]));
    return new Map([...parts].map(([key, part]) => [key, found.get(part) ?? leftOut(part.what)]));
  };
  return {
    objects,
    async lists(what, parts, parse) {
      const firsts = await objects(what, parts);
      const lists = [...parts].map(async ([key, part]) => {
        const first = firsts.get(key) ?? leftOut(part.what);
        const rows = await orKnownError(async () =>
          parseRows(part.what, await rowsOf(transport, part.what, first), (row) => parse(row, key)),
        );
        return [key, rows] as const;
      });
      return new Map(await Promise.all(lists));
    },
  };
}

interface Connection {
  readonly transport: Transport;
  readonly graph: Client;
  readonly sleep: Sleep;
}

type Found = Map<Part, JsonObject | KnownError>;

async function askChunk({ transport, graph, sleep }: Connection, what: string, parts: readonly Part[]): Promise<Found> {
  const found: Found = new Map();
  let open = parts;
  for (let round = 1; open.length > 0; round += 1) {
    const asking = open;
    const responses = await orKnownError(() => postBatch(transport, graph, what, asking));
    if (responses instanceof KnownError) return new Map(parts.map((part) => [part, found.get(part) ?? responses]));
    open = asking.filter((part) => round < (rounds.get(statusOf(responses.get(part))) ?? 0));
    for (const part of asking) if (!open.includes(part)) found.set(part, answerOf(part, responses.get(part)));
    if (open.length === 0) break;
    const waits = open.map((part) => retryAfter({ headers: headersOf(responses.get(part)) }) ?? 0);
    await sleep(Math.min(Math.max(...waits, 500 * 2 ** round), longestWait), transport.signal);
  }
  return found;
}

/** The parts that the answer knows; the others are left out. */
async function postBatch(
  transport: Transport,
  graph: Client,
  what: string,
  parts: readonly Part[],
): Promise<ReadonlyMap<Part, JsonObject>> {
  const requests = parts.map(({ url }, index) => ({ id: String(index + 1), method: 'GET', url }));
  const body = await transport.askObject(what, () => graph.api('/$batch').post({ requests }));
  return new Map(
    objectsAt(body, 'responses').flatMap((response) => {
      const part = parts[Number(stringAt(response, 'id')) - 1];
      return part === undefined ? [] : [[part, response]];
    }),
  );
}

function statusOf(response: JsonObject | undefined): number {
  return typeof response?.status === 'number' ? response.status : 0;
}

function headersOf(response: JsonObject | undefined) {
  const named = Object.entries(response === undefined ? {} : objectAt(response, 'headers'));
  return createHttpHeaders(Object.fromEntries(named.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))));
}

function answerOf({ what }: Part, response: JsonObject | undefined): JsonObject | KnownError {
  if (response === undefined) return leftOut(what);
  const { body } = response;
  const status = statusOf(response);
  if (status >= 200 && status < 300) return isObject(body) ? body : unreadableAnswer(what, 'the answer is not a JSON object');
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return refusalFrom({ what, service: 'graph', reading: true }, { status, headers: headersOf(response), body: text });
}

function leftOut(what: string): KnownError {
  return unreadableAnswer(what, 'the batch left its answer out');
}

/** A batch answers with first pages only. */
async function rowsOf(transport: Transport, what: string, first: JsonObject | KnownError): Promise<readonly JsonValue[]> {
  if (first instanceof KnownError) throw first;
  if (!Array.isArray(first.value)) throw unreadableAnswer(what, 'the answer holds no list; it is not taken for an empty one');
  const nextLink = nextLinkOf(what, first);
  const rows = first.value as readonly JsonValue[];
  if (nextLink === undefined) return rows;
  return [...rows, ...(await transport.askList(what, () => followPages(transport, 'graph', { nextLink })))];
}

/** What a person can act on is an answer too. @throws an abort and a bug as they are. */
async function orKnownError<T>(work: () => Promise<T>): Promise<T | KnownError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}
