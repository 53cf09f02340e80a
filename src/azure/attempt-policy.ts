import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';
import { isRestError, RestError } from '@azure/core-rest-pipeline';

/** One try of one request, for metrics and progress: never a header, a query or a body. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** Absent when no whole answer came. */
  readonly status?: number;
}

/**
 * Surrounds every single try: gives it a time limit that holds until the last byte, and makes what ends it early (a
 * timeout, a body that breaks off) a network error that the retry rules can judge.
 */
export function attemptPolicy(tryTimeout: number, onRequest: (sent: SentRequest) => void): PipelinePolicy {
  return {
    name: 'keyturnAttempt',
    async sendRequest(request, next) {
      const sent = { method: request.method, path: new URL(request.url).pathname };
      try {
        const response = await withinTime(request, next, tryTimeout);
        onRequest({ ...sent, status: response.status });
        return response;
      } catch (error) {
        onRequest(sent);
        if (isRestError(error)) throw new RestError(error.message, { code: error.code ?? 'ECONNRESET', request });
        throw error;
      }
    },
  };
}

/** The SDK's own timeout ends with the response's headers; a body that stalls would hang for ever. */
async function withinTime(request: PipelineRequest, next: SendRequest, tryTimeout: number): Promise<PipelineResponse> {
  const outer = request.abortSignal;
  const inner = new AbortController();
  const stop = () => {
    inner.abort();
  };
  if (outer?.aborted === true) stop();
  outer?.addEventListener('abort', stop);
  const timeout = new AbortController();
  timeout.signal.addEventListener('abort', stop);
  const timer = setTimeout(() => {
    timeout.abort();
  }, tryTimeout);
  request.abortSignal = inner.signal;
  try {
    return await next(request);
  } catch (error) {
    if (timeout.signal.aborted && outer?.aborted !== true)
      throw new RestError(`no answer within ${tryTimeout / 1000} seconds`, { code: 'ETIMEDOUT', request });
    throw error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
    if (outer === undefined) delete request.abortSignal;
    else request.abortSignal = outer;
  }
}
