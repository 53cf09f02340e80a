import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonValue } from '../base/json.ts';
import { UnknownAsk } from './arm/refusals.ts';
import type { RefusedAsk } from './control.ts';
import { operationOf, type Service, serviceOf } from './dispatch.ts';
import { type Answer, type Ask, type Caller, type Handler, ServiceError } from './exchange.ts';
import type { FaultAction, Faults } from './faults.ts';
import type { Metrics } from './metrics.ts';
import { type AskHead, parseBody, readBody, readHead } from './read-ask.ts';
import { exchangeLine } from './record.ts';
import { callKind, type Throttle } from './throttle.ts';
import { errorAnswer, misbehave, send, type WireAnswer, wireAnswer } from './write-answer.ts';

export interface ServeParts {
  readonly handlers: Readonly<Record<Service, Handler>>;
  readonly callerOf: (bearer: string) => Caller | undefined;
  readonly throttle: Throttle;
  readonly faults: Faults;
  readonly metrics: Metrics;
  readonly refusedAsks: RefusedAsk[];
  readonly recordTo: ((line: string) => void) | undefined;
}

/** One request from its first byte to its last: faults, token buckets, the service's handler, headers, counts, recording. */
export async function serveRequest(parts: ServeParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let head: AskHead;
  let text: string;
  try {
    head = readHead(request, 'https', parts.callerOf);
    text = await readBody(request);
  } catch (error) {
    send(response, wireAnswer(errorAnswer(error)));
    return;
  }
  const service = serviceOf(head);
  if (service === 'control') {
    send(response, await answerOf(parts, service, head, text));
    return;
  }
  const operation = operationOf(service, head);
  const fault = parts.faults.meet(operation, head.path);
  const early = fault !== undefined && fault.kind !== 'cut' && fault.kind !== 'change' && fault.afterwards !== true;
  const ordinary: WireAnswer = early ? { status: 0, headers: {}, text: '' } : await answerOf(parts, service, head, text);
  if (fault === undefined) {
    parts.metrics.count(operation, ordinary.status);
    if (service === 'arm') record(parts, head, text, ordinary);
    send(response, ordinary);
    return;
  }
  if (fault.kind === 'change') {
    parts.metrics.count(operation, ordinary.status);
    const body = jsonOrText(ordinary.text);
    send(response, typeof body === 'object' ? { ...ordinary, text: JSON.stringify(fault.change(body)) } : ordinary);
    return;
  }
  parts.metrics.count(operation, fault.kind === 'answer' ? fault.status : 0);
  sendFault(response, fault, ordinary);
}

function sendFault(response: ServerResponse, fault: Exclude<FaultAction, { kind: 'change' }>, ordinary: WireAnswer): void {
  if (fault.kind !== 'answer') {
    misbehave(response, fault, ordinary);
    return;
  }
  const { status, headers, body } = fault;
  send(response, wireAnswer({ status, ...(headers && { headers }), ...(body !== undefined && { body }) }));
}

async function answerOf(parts: ServeParts, service: Service, head: AskHead, text: string): Promise<WireAnswer> {
  const extra: Record<string, string> = service === 'arm' ? commonHeaders() : {};
  let answer: Answer;
  try {
    if (service === 'arm') Object.assign(extra, throttled(parts.throttle, head));
    const ask: Ask = { ...head, body: parseBody(text, head.headers['content-type'] ?? '') };
    answer = await parts.handlers[service](ask);
  } catch (error) {
    if (error instanceof UnknownAsk)
      parts.refusedAsks.push({ method: head.method, path: head.path, code: error.code, message: error.message });
    answer = errorAnswer(error);
  }
  const wire = wireAnswer(answer);
  return { ...wire, headers: { ...extra, ...wire.headers } };
}

function commonHeaders(): Record<string, string> {
  const id = randomUUID();
  return {
    'cache-control': 'no-cache',
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `SANDBOX:${id}`,
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  };
}

/**
 * Takes the call out of its bucket: one per subscription and principal, one per principal for calls outside of
 * subscriptions. Calls without a token are refused for that instead.
 * @returns the header that tells what is left
 * @throws ServiceError 429
 */
function throttled(throttle: Throttle, { method, segments, caller }: AskHead): Record<string, string> {
  if (caller === undefined) return {};
  const [first, id = ''] = segments.map((segment) => segment.toLowerCase());
  const subscription = first === 'subscriptions' && id !== '' ? id : undefined;
  const kind = callKind(method);
  const taken = throttle.take(`${subscription ?? 'tenant'} ${caller.objectId}`, kind);
  const header = `x-ms-ratelimit-remaining-${subscription === undefined ? 'tenant' : 'subscription'}-${kind}`;
  const remaining = { [header]: String(taken.remaining) };
  if (taken.allowed) return remaining;
  const who =
    subscription === undefined ? `principal '${caller.objectId}'` : `subscription '${subscription}' and principal '${caller.objectId}'`;
  throw new ServiceError(
    429,
    subscription === undefined ? 'TenantRequestsThrottled' : 'SubscriptionRequestsThrottled',
    `Number of ${kind} for ${who} exceeded the limit. Please try again after '${taken.retryAfter}' seconds.`,
    { headers: { ...remaining, 'retry-after': String(taken.retryAfter), 'x-ms-failure-cause': 'gateway' } },
  );
}

function record(parts: ServeParts, head: AskHead, text: string, answer: WireAnswer): void {
  if (parts.recordTo === undefined) return;
  const query = head.query.size === 0 ? '' : `?${head.query.toString()}`;
  const line = exchangeLine({
    method: head.method,
    url: `${head.origin}${encodeURI(head.path)}${query}`,
    requestHeaders: head.headers,
    requestBody: jsonOrText(text),
    status: answer.status,
    responseHeaders: answer.headers,
    responseBody: jsonOrText(answer.text),
  });
  parts.recordTo(line);
}

function jsonOrText(text: string): JsonValue | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
