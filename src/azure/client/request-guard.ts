import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import type { JsonValue } from '../../base/json.ts';
import { unreadableAnswer } from './azure-error.ts';
import { currentExchange } from './exchange.ts';
import { type Mode, type OutgoingRequest, refusalOf, type Service } from './request-rules.ts';

/**
 * The outermost policy. Sends nothing to a host other than the service's own, where a `nextLink` could lead a token to, and
 * nothing that the mode does not allow: that one is a bug of ours and ends as one.
 */
export function requestGuard(service: Service, origin: string, mode: Mode): PipelinePolicy {
  return {
    name: 'keyturnRequestGuard',
    sendRequest(request, next) {
      const exchange = currentExchange();
      const outgoing = outgoingOf(request);
      if (outgoing.url.origin !== origin) {
        exchange.failure ??= unreadableAnswer(
          exchange.what,
          `the answer leads to another host, \`${outgoing.url.host}\`; nothing was sent there`,
        );
        throw exchange.failure;
      }
      const refused = refusalOf(service, mode, outgoing);
      if (refused !== undefined) {
        exchange.failure ??= new Error(`a request that must not be sent: ${refused}`);
        throw exchange.failure;
      }
      return next(request);
    },
  };
}

/** The request as the rules see it. A body that is no JSON is as good as none: no rule lets one through. */
export function outgoingOf(request: Pick<PipelineRequest, 'method' | 'url' | 'body'>): OutgoingRequest {
  return { method: request.method, url: new URL(request.url), body: parsed(request.body) };
}

function parsed(body: unknown): JsonValue | undefined {
  if (typeof body !== 'string') return undefined;
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return undefined;
  }
}
