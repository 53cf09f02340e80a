import { setTimeout as wait } from 'node:timers/promises';
import { isRestError, type PipelinePolicy, type PipelineRequest, type PipelineResponse, type SendRequest } from '@azure/core-rest-pipeline';
import { currentExchange } from './exchange.ts';
import type { Governor, Place } from './governor.ts';
import type { Service } from './request-rules.ts';
import { holdAfter, type Limits, type Tried, waitBefore } from './retry-rules.ts';
import { type Bucket, goesAhead, heardOf, whichBucket } from './which-bucket.ts';

interface RepeatOptions {
  readonly service: Service;
  readonly limits: Limits;
  readonly governor: Governor;
  readonly isRead: (request: PipelineRequest) => boolean;
}

/** What a request has been through. */
interface Tries {
  readonly bucket: Bucket;
  readonly place: Place;
  failures: number;
  refusals: number;
  /** Of its first 429. */
  refusedAt?: number;
}

/**
 * Sends a request when it is its turn, and again as the rules have it, each time when it is its turn. A run that is asked to stop ends a
 * wait. A write then ends as its last try did: the SDK's own policy would drop the answer, and with it all that is known of what was done.
 */
export function repeatPolicy({ service, limits, governor, isRead }: RepeatOptions): PipelinePolicy {
  return {
    name: 'keyturnRepeat',
    async sendRequest(request, next) {
      const writing = currentExchange().ending !== undefined;
      const stop = request.abortSignal as AbortSignal | undefined;
      const [url, rules] = [new URL(request.url), { limits, reading: isRead(request), now: governor.now }];
      const bucket = whichBucket(service, request.method, url);
      const tries: Tries = { bucket, place: governor.place(bucket, goesAhead(request.method, url, writing)), failures: 0, refusals: 0 };
      let last: Tried | undefined;
      for (;;) {
        try {
          await tries.place.turn(stop);
        } catch (error) {
          if (writing && last !== undefined) return endOf(last);
          throw error;
        }
        const { tried, pause } = await once(request, next, tries, rules);
        if (pause === undefined || (writing && stop?.aborted === true)) return endOf(tried);
        last = tried;
        if (pause === 0) continue;
        try {
          await wait(pause, undefined, stop === undefined ? {} : { signal: stop });
        } catch (error) {
          if (writing) return endOf(tried);
          throw error;
        }
      }
    },
  };
}

interface Rules {
  readonly limits: Limits;
  readonly reading: boolean;
  readonly now: () => number;
}

/** Tries, and tells the governor how it ended. The pause is what has to pass before the next turn, undefined when there is none. */
async function once(
  request: PipelineRequest,
  next: SendRequest,
  tries: Tries,
  { limits, reading, now }: Rules,
): Promise<{ readonly tried: Tried; readonly pause: number | undefined }> {
  const tried = await oneTry(request, next).catch((error: unknown) => {
    tries.place.ended({ kind: 'unanswered' });
    throw error;
  });
  if ('response' in tried && tried.response.status === 429)
    return { tried, pause: pauseAfterRefusal(tried.response, tries, limits, now()) };
  const heard = 'error' in tried ? undefined : heardOf(tries.bucket, tried.response.headers);
  tries.place.ended(heard === undefined ? { kind: 'unanswered' } : { kind: 'answered', ...heard });
  const pause = waitBefore(tries.failures, tried, limits, reading);
  tries.failures += 1;
  return { tried, pause };
}

/** The governor keeps the whole bucket waiting, so the request has nothing to wait for but its turn. */
function pauseAfterRefusal(response: PipelineResponse, tries: Tries, { throttledFor, ...limits }: Limits, now: number): 0 | undefined {
  const { place, bucket } = tries;
  const hold = holdAfter(tries.refusals, response, limits);
  tries.refusals += 1;
  // Others need not wait for what is too long for one.
  place.ended({ kind: 'refused', wait: hold > throttledFor ? 0 : hold, ...heardOf(bucket, response.headers) });
  tries.refusedAt ??= now;
  const since = Math.min(tries.refusedAt, place.shutSince ?? now);
  return now - since + hold > throttledFor ? undefined : 0;
}

async function oneTry(request: PipelineRequest, next: SendRequest): Promise<Tried> {
  try {
    return { response: await next(request) };
  } catch (error) {
    if (isRestError(error)) return { error };
    throw error;
  }
}

function endOf(tried: Tried): PipelineResponse {
  if ('error' in tried) throw tried.error;
  return tried.response;
}
