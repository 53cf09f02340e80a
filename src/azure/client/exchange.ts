import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonValue } from '../../base/json.ts';
import type { Ending } from './ending.ts';

/** What an answer has to be to count as one. */
export type Expected = 'list' | 'object' | 'array' | 'done';

/** One answer as it came over the wire, before any SDK made its model of it. */
export interface RawAnswer {
  readonly status: number;
  readonly body: JsonValue | undefined;
  /** The address of the next page of a list, opaque. */
  readonly nextLink: string | undefined;
}

/** Everything that one call of an SDK asks and gets, page by page. */
export interface Exchange {
  /** `list the role assignments at …` */
  readonly what: string;
  readonly expected: Expected;
  readonly answers: RawAnswer[];
  /** Addresses asked so far: a list that leads back to one of them never ends. */
  readonly asked: Set<string>;
  /** Characters of all bodies so far. */
  characters: number;
  /** For the requests of a write. */
  readonly ending: Ending | undefined;
  failure?: Error;
}

const running = new AsyncLocalStorage<Exchange>();

/** The exchange that the current call belongs to. */
export function currentExchange(): Exchange {
  const exchange = running.getStore();
  if (exchange === undefined) throw new Error('a request to Azure outside of an exchange');
  return exchange;
}

/**
 * Runs an SDK's call and hands on the raw answers that it got. What the SDK makes of them is not used: its model drops
 * unknown fields and stumbles over odd rows, so its own errors count only when no good answer came. The first failure that
 * the guards saw is thrown, whatever the SDK wraps it in.
 */
export async function capture(
  what: string,
  expected: Expected,
  call: () => Promise<unknown>,
  ending?: Ending,
): Promise<readonly RawAnswer[]> {
  const exchange: Exchange = { what, expected, answers: [], asked: new Set(), characters: 0, ending };
  try {
    await running.run(exchange, call);
  } catch (error) {
    if (exchange.failure === undefined && exchange.answers.length === 0) throw error;
  }
  if (exchange.failure !== undefined) throw exchange.failure;
  if (exchange.answers.at(-1)?.nextLink !== undefined) throw new Error(`the pages of an answer were left unread: ${what}`);
  return exchange.answers;
}
