import { setTimeout as wait } from 'node:timers/promises';
import { isRestError, type PipelinePolicy, type PipelineRequest, type PipelineResponse, type SendRequest } from '@azure/core-rest-pipeline';
import { currentExchange } from './exchange.ts';
import { type Limits, type Tried, waitBefore } from './retry-rules.ts';

/**
 * Sends a request again as the rules have it. A run that is asked to stop ends a wait. A write then ends as its last try did:
 * the SDK's own policy would drop the answer, and with it all that is known of what was done.
 */
export function repeatPolicy(limits: Limits, isRead: (request: PipelineRequest) => boolean): PipelinePolicy {
  return {
    name: 'keyturnRepeat',
    async sendRequest(request, next) {
      const writing = currentExchange().ending !== undefined;
      for (let count = 0; ; count += 1) {
        const tried = await once(request, next);
        const pause = waitBefore(count, tried, limits, isRead(request));
        if (pause === undefined || (writing && request.abortSignal?.aborted === true)) return endOf(tried);
        try {
          await wait(pause, undefined, request.abortSignal === undefined ? {} : { signal: request.abortSignal as AbortSignal });
        } catch (error) {
          if (writing) return endOf(tried);
          throw error;
        }
      }
    },
  };
}

async function once(request: PipelineRequest, next: SendRequest): Promise<Tried> {
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
