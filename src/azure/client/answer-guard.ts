import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { AzureError, unreadableAnswer } from './azure-error.ts';
import { oneLine } from './error-body.ts';
import { currentExchange, type Exchange, type RawAnswer } from './exchange.ts';
import { isNestedDeeper } from './nesting.ts';
import { outgoingOf } from './request-guard.ts';
import { isRead, type Service } from './request-rules.ts';
import { type Limits, neverSent } from './retry-rules.ts';
import { refusalFrom } from './translate-refusal.ts';

/** Levels of lists and objects: more than any template that a policy deploys has, and few enough for whatever walks down them. */
const deepest = 200;

export interface AnswerGuardOptions {
  readonly limits: Pick<Limits, 'pages' | 'listCharacters'>;
  /** Ends the run. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Judges the final answer to every request before an SDK sees it (after retries, before deserialisation): a refusal becomes
 * a KnownError with all that its body says; a success has to be JSON, a list has to hold `value`, and pages must not go
 * round in circles. The raw answer is kept in the exchange, and the SDK is handed the least it needs to go on paging.
 */
export function answerGuard(service: Service, { limits, signal }: AnswerGuardOptions): PipelinePolicy {
  return {
    name: 'keyturnAnswerGuard',
    async sendRequest(request, next) {
      const exchange = currentExchange();
      try {
        noteAddress(exchange, request, limits.pages);
        const stop = exchange.ending?.waits(isRead(service, outgoingOf(request))) ?? signal;
        stop?.throwIfAborted();
        if (stop !== undefined) request.abortSignal = stop;
        const response = await next(request);
        noteSize(exchange, response, limits.listCharacters);
        const answer = judge(service, exchange, request, response);
        exchange.answers.push(answer);
        return { ...response, bodyAsText: bodyForSdk(exchange, answer) };
      } catch (error) {
        exchange.failure ??= translateFailure(error, exchange.what, isRead(service, outgoingOf(request)));
        throw exchange.failure;
      }
    },
  };
}

function noteAddress(exchange: Exchange, request: PipelineRequest, pages: number): void {
  if (exchange.asked.has(request.url)) throw unreadableAnswer(exchange.what, 'its pages lead back to one that was read already');
  if (exchange.asked.size >= pages) throw unreadableAnswer(exchange.what, `it has more than ${pages} pages`);
  exchange.asked.add(request.url);
}

function noteSize(exchange: Exchange, { bodyAsText = '' }: PipelineResponse, most: number): void {
  exchange.characters += bodyAsText?.length ?? 0;
  if (exchange.characters > most) throw unreadableAnswer(exchange.what, `its pages hold more than ${most / 2 ** 20} MiB together`);
}

function judge(service: Service, exchange: Exchange, request: PipelineRequest, response: PipelineResponse): RawAnswer {
  const { status } = response;
  const text = response.bodyAsText ?? '';
  const reading = isRead(service, outgoingOf(request));
  if (status < 200 || status >= 300) {
    throw refusalFrom({ what: exchange.what, service, reading }, { status, headers: response.headers, body: text });
  }
  if (exchange.expected === 'done') return { status, body: parseAnswer(exchange, reading, text), nextLink: undefined };
  const body = /\bjson\b/i.test(response.headers.get('content-type') ?? '') ? parseAnswer(exchange, reading, text) : undefined;
  if (exchange.expected === 'array') {
    if (!Array.isArray(body)) throw notWhatItShouldBe(exchange, reading, 'the answer is not a JSON list; it is not taken for an empty one');
    return { status, body, nextLink: undefined };
  }
  if (!isObject(body))
    throw notWhatItShouldBe(exchange, reading, 'the answer is not a JSON object; a sign-in page or a proxy may have answered');
  if (exchange.expected === 'object') return { status, body, nextLink: undefined };
  if (!Array.isArray(body.value)) throw notWhatItShouldBe(exchange, reading, 'the answer holds no list; it is not taken for an empty one');
  return { status, body, nextLink: nextLinkOf(exchange.what, body) };
}

/** @returns undefined for what is no JSON. */
function parseAnswer(exchange: Exchange, reading: boolean, text: string): JsonValue | undefined {
  if (isNestedDeeper(text, deepest))
    throw notWhatItShouldBe(exchange, reading, `the answer is nested deeper than ${deepest} levels, and is not looked at`);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** After a write, an answer that cannot be read leaves open what was done. */
function notWhatItShouldBe(exchange: Exchange, reading: boolean, because: string): AzureError {
  return unreadableAnswer(exchange.what, because, { unclear: !reading });
}

/** @throws AzureError for a next page that is not an address: what comes before it is not the whole list. */
export function nextLinkOf(what: string, body: JsonObject): string | undefined {
  const link = body['@odata.nextLink'] ?? body.nextLink;
  if (link === undefined || link === null || link === '') return undefined;
  const text = stringAt({ link }, 'link');
  if (text === undefined || !URL.canParse(text)) throw unreadableAnswer(what, 'it names a next page that is not an address');
  return text;
}

/** Rows are kept from the SDKs: one that their model does not expect would end the paging with rows unread. */
function bodyForSdk(exchange: Exchange, answer: RawAnswer): string {
  if (exchange.expected === 'list')
    return JSON.stringify({ value: [], ...(answer.nextLink !== undefined && { nextLink: answer.nextLink }) });
  return answer.body === undefined ? '' : JSON.stringify(answer.body);
}

const certificateCodes = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|HOSTNAME_MISMATCH|ERR_SSL)/;

/**
 * Gives a failure without an answer (a network error, a timeout, a body that broke off) a person's words. Errors that
 * are known already, and an abort by the person, pass as they are.
 */
export function translateFailure(error: unknown, what: string, reading: boolean): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof KnownError || error.name !== 'RestError') return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const detail = oneLine(`${code} ${error.message}`);
  if (certificateCodes.test(code)) {
    if (/NOT_YET_VALID|HAS_EXPIRED/.test(code)) {
      const clock =
        'set the clock of this machine right; if it is right, the certificate of the server that answered has expired: tell the people who run it';
      return new AzureError(
        'failed',
        'AZURE_CERTIFICATE',
        `could not ${what}: the certificate is not valid at this time: ${detail}`,
        clock,
      );
    }
    const remedy = 'name your proxy’s certificate authority in NODE_EXTRA_CA_CERTS, or the sandbox’s in the cloud profile';
    return new AzureError('failed', 'AZURE_CERTIFICATE', `could not ${what}: the certificate is not trusted: ${detail}`, remedy);
  }
  if (/\b407\b|Proxy Authentication|proxy connection|CONNECT response/i.test(detail)) {
    const remedy = 'have the proxy let the hosts of the cloud through, or set its address and credentials in HTTPS_PROXY';
    return new AzureError('failed', 'AZURE_PROXY', `could not ${what}: the proxy refuses the way: ${detail}`, remedy);
  }
  return new AzureError(
    reading ? 'undetermined' : 'failed',
    'AZURE_NO_ANSWER',
    `could not ${what}: no whole answer came: ${detail}`,
    'check the network and the proxy, and run the same command again: it asks Azure what was done',
    { unclear: !reading && !neverSent.includes(code), detail },
  );
}
