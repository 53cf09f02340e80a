import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonValue } from '../base/json.ts';
import { UnknownAsk } from './arm/refusals.ts';
import type { RefusedAsk } from './control.ts';
import { operationOf, type Service, serviceOf } from './dispatch.ts';
import { type Answer, type Ask, type Caller, type Handler, ServiceError } from './exchange.ts';
import type { FaultAction, Faults } from './faults.ts';
import type { Latency } from './latency.ts';
import type { Metrics } from './metrics.ts';
import { type AskHead, parseBody, readBody, readHead } from './read-ask.ts';
import { exchangeLine } from './record.ts';
import { type CallOwner, callKind, type Taken, type Throttle } from './throttle.ts';
import { errorAnswer, misbehave, send, type WireAnswer, wireAnswer } from './write-answer.ts';

export interface ServeParts {
  readonly handlers: Readonly<Record<Service, Handler>>;
  readonly callerOf: (bearer: string) => Caller | undefined;
  readonly throttle: Throttle;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly metrics: Metrics;
  readonly refusedAsks: RefusedAsk[];
  readonly recordTo: ((line: string) => void) | undefined;
}

/** One request from its first byte to its last: latency, faults, token buckets, the service's handler, headers, counts, recording. */
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
  // As on a network, half of it on the way there and half on the way back.
  const half = parts.latency.next(operation) / 2;
  await pass(half);
  const fault = parts.faults.meet(operation, head.path);
  const early = fault !== undefined && fault.kind !== 'cut' && fault.kind !== 'change' && fault.afterwards !== true;
  const ordinary: WireAnswer = early ? { status: 0, headers: {}, text: '' } : await answerOf(parts, service, head, text);
  await pass(half);
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

/** Real time, whatever the sandbox's clock does meanwhile; a sandbox that is closed does not wait for it. */
async function pass(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { ref: false });
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
 * Takes the call out of its buckets. Calls without a token are refused for that instead.
 * @returns the headers that tell what is left
 * @throws ServiceError 429
 */
function throttled(throttle: Throttle, { method, segments, caller }: AskHead): Record<string, string> {
  if (caller === undefined) return {};
  const [first, id = ''] = segments.map((segment) => segment.toLowerCase());
  const owner: CallOwner = { principal: caller.objectId, ...(first === 'subscriptions' && id !== '' && { subscription: id }) };
  const kind = callKind(method);
  const taken = throttle.take(owner, kind);
  const remaining = remainingHeaders(owner, kind, taken);
  if (taken.allowed) return remaining;
  const { principal, subscription } = owner;
  const who = subscription === undefined ? `principal '${principal}'` : `subscription '${subscription}' and principal '${principal}'`;
  throw new ServiceError(
    429,
    subscription === undefined ? 'TenantRequestsThrottled' : 'SubscriptionRequestsThrottled',
    `Number of ${kind} for ${who} exceeded the limit. Please try again after '${taken.retryAfter}' seconds.`,
    { headers: { ...remaining, 'retry-after': String(taken.retryAfter), 'x-ms-failure-cause': 'gateway' } },
  );
}

function remainingHeaders({ subscription }: CallOwner, kind: string, { remaining, remainingForAll }: Taken): Record<string, string> {
  const left = `x-ms-ratelimit-remaining-${subscription === undefined ? 'tenant' : 'subscription'}`;
  return {
    [`${left}-${kind}`]: String(remaining),
    ...(remainingForAll !== undefined && { [`${left}-global-${kind}`]: String(remainingForAll) }),
  };
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
