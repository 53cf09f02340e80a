import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';
import { isRestError, RestError } from '@azure/core-rest-pipeline';
import type { AzureTime } from '../azure-time.ts';
import { unreadableAnswer } from './azure-error.ts';
import { currentExchange } from './exchange.ts';
import type { Limits } from './retry-rules.ts';
import { AnswerTooLong, wholeAnswer } from './whole-answer.ts';

/** One try of one request, for metrics and progress: never a header, a query or a body. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** Absent when no whole answer came. */
  readonly status?: number;
}

/**
 * Surrounds every single try: gives it limits of time and size that hold until the last byte, and makes what ends it early (a
 * timeout, a body that breaks off) a network error that the rules for repeating can judge. What is too long is not tried again.
 */
export function attemptPolicy(
  limits: Pick<Limits, 'tryTimeout' | 'answerBytes'>,
  isRead: (request: PipelineRequest) => boolean,
  onRequest: (sent: SentRequest) => void,
  time?: AzureTime,
): PipelinePolicy {
  return {
    name: 'keyturnAttempt',
    async sendRequest(request, next) {
      const sent = { method: request.method, path: new URL(request.url).pathname };
      const { ending, what } = currentExchange();
      const writing = ending !== undefined && !isRead(request);
      if (writing) ending.leave();
      const stop = writing ? ending.cut : request.abortSignal;
      const answered = time?.sent();
      const timed: SendRequest = async (asked) => {
        const response = await next(asked);
        answered?.(response.headers.get('date'));
        return response;
      };
      try {
        const response = await withinLimits(request, timed, limits, stop, ending !== undefined);
        onRequest({ ...sent, status: response.status });
        return response;
      } catch (error) {
        onRequest(sent);
        if (error instanceof AnswerTooLong) throw unreadableAnswer(what, error.message, { unclear: !isRead(request) });
        if (isRestError(error)) throw new RestError(error.message, { code: error.code ?? 'ECONNRESET', request });
        throw error;
      }
    },
  };
}

/** The SDK's own timeout ends with the response's headers; a body that stalls would hang for ever. */
async function withinLimits(
  request: PipelineRequest,
  next: SendRequest,
  { tryTimeout, answerBytes }: Pick<Limits, 'tryTimeout' | 'answerBytes'>,
  stop: PipelineRequest['abortSignal'],
  stopIsNoAnswer: boolean,
): Promise<PipelineResponse> {
  const outer = request.abortSignal;
  const inner = new AbortController();
  const end = () => {
    inner.abort();
  };
  if (stop?.aborted === true) end();
  stop?.addEventListener('abort', end);
  const late = new AbortController();
  late.signal.addEventListener('abort', end);
  const timer = setTimeout(() => {
    late.abort();
  }, tryTimeout);
  request.abortSignal = inner.signal;
  try {
    return await wholeAnswer(request, next, { signal: inner.signal, mostBytes: answerBytes });
  } catch (error) {
    const stopped = stop?.aborted === true;
    if (stopped && stopIsNoAnswer) throw new RestError('no answer before the run had to end', { code: 'ETIMEDOUT', request });
    if (late.signal.aborted && !stopped)
      throw new RestError(`no answer within ${tryTimeout / 1000} seconds`, { code: 'ETIMEDOUT', request });
    throw error;
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', end);
    if (outer === undefined) delete request.abortSignal;
    else request.abortSignal = outer;
  }
}
