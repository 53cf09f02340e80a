import type { PipelineResponse, RestError } from '@azure/core-rest-pipeline';

/** How one try ended. */
export type Tried = { readonly response: PipelineResponse } | { readonly error: RestError };

export interface Limits {
  /** The longest wait that a `Retry-After` may ask for, in milliseconds; a 429 may ask for `throttledFor`. */
  readonly longestWait: number;
  /** The first wait where the service does not say; it doubles, up to `longestWait`. */
  readonly firstWait: number;
  /** How long a request is tried again while it, or every request like it, is answered 429: throttling passes by itself. */
  readonly throttledFor: number;
  /** Tries again when the service says that it is busy, and until when. */
  readonly busyTries: number;
  readonly otherTries: number;
  /** How long one try may take, from the request to the last byte. */
  readonly tryTimeout: number;
  /** How long a write that is under way is waited for when the run is asked to stop, in milliseconds. */
  readonly finishWithin: number;
  /** How long Azure may take after that to say what became of it. */
  readonly askWithin: number;
  /** Pages that one list may have. */
  readonly pages: number;
  /** How long the body of one answer may be, inflated. */
  readonly answerBytes: number;
  /** How long the bodies of all pages of one list may be together, in characters. */
  readonly listCharacters: number;
  /** The most requests that are under way at once; the buckets of Azure mostly let fewer go. */
  readonly concurrency: number;
}

export const defaultLimits: Limits = {
  longestWait: 60_000,
  firstWait: 1_000,
  throttledFor: 15 * 60_000,
  busyTries: 12,
  otherTries: 3,
  tryTimeout: 30_000,
  // Together less than what runners of pipelines and containers give a process that they end: 7.5 and 10 seconds.
  finishWithin: 5_000,
  askWithin: 2_000,
  pages: 10_000,
  // Azure's longest answer that we know of is the list of its own policy definitions, of some 10 MiB.
  answerBytes: 32 * 2 ** 20,
  listCharacters: 128 * 2 ** 20,
  concurrency: 256,
};

const passing = [408, 500, 502, 503, 504];
/** Codes of failures before the request left: what it asks for was certainly not done. */
export const neverSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
const broken = [...neverSent, 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'PARSE_ERROR'];

/**
 * When a request that was not throttled is sent again: the wait before it, or undefined when it is not. `Retry-After` is obeyed up to a
 * limit. Where no whole answer came, only reads are repeated: a write may have happened, and asking for it is the caller's part.
 */
export function waitBefore(count: number, tried: Tried, limits: Limits, reading: boolean): number | undefined {
  if ('error' in tried) {
    const { code = '' } = tried.error;
    const again = count < limits.otherTries && (neverSent.includes(code) || (broken.includes(code) && reading));
    return again ? backoff(count, limits) : undefined;
  }
  const { status } = tried.response;
  const asked = retryAfter(tried.response);
  const busy = status === 503 && asked !== undefined;
  if (count >= (busy ? limits.busyTries : limits.otherTries) || !passing.includes(status)) return undefined;
  if (asked === undefined) return backoff(count, limits);
  return asked > limits.longestWait ? undefined : asked;
}

/** How long nothing like it leaves after a 429: what the service asks for, or longer and longer where it does not say. */
export function holdAfter(count: number, response: Pick<PipelineResponse, 'headers'>, limits: Backoff): number {
  return retryAfter(response) ?? backoff(count, limits);
}

type Backoff = Pick<Limits, 'firstWait' | 'longestWait'>;

function backoff(retryCount: number, { firstWait, longestWait }: Backoff): number {
  const whole = Math.min(longestWait, firstWait * 2 ** retryCount);
  return whole / 2 + (Math.random() * whole) / 2;
}

/**
 * Milliseconds that the service asks to wait: `retry-after-ms`, `x-ms-retry-after-ms`, or `Retry-After` as seconds or a date.
 * Undefined also for what asks for no wait at all (nothing, less than nothing, a time that is past): tries would follow at once.
 */
export function retryAfter(response: Pick<PipelineResponse, 'headers'>): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = wait(response.headers.get(name), 1);
    if (value !== undefined) return value;
  }
  const header = response.headers.get('retry-after');
  const seconds = wait(header, 1000);
  if (seconds !== undefined || header === undefined) return seconds;
  const left = /^\s*[A-Za-z]{3}/.test(header) ? Date.parse(header) - Date.now() : 0;
  return left > 0 ? left : undefined;
}

function wait(header: string | undefined, unit: number): number | undefined {
  const value = header !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * unit : 0;
  return value > 0 ? value : undefined;
}
