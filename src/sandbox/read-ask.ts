import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '../base/json.ts';
import { type Ask, type Caller, ServiceError } from './exchange.ts';

const largestBody = 8 * 1024 * 1024;

/** What of a request is known before its body is read. */
export type AskHead = Omit<Ask, 'body'>;

/**
 * @param scheme `https` or `http`, as the listener speaks it
 * @throws ServiceError 400 when path or query cannot be decoded
 */
export function readHead(request: IncomingMessage, scheme: string, callerOf: (bearer: string) => Caller | undefined): AskHead {
  const headers = plainHeaders(request);
  const asked = headers.host ?? '127.0.0.1';
  const origin = `${scheme}://${asked}`;
  // A client that cannot resolve a service's public name says it in this header.
  const host = (headers['x-sandbox-host'] ?? asked).replace(/:\d+$/, '').toLowerCase();
  const [rawPath = '/', ...rest] = (request.url ?? '/').split('?');
  const path = decoded(rawPath);
  const segments = path.split('/').filter((segment) => segment !== '');
  const caller = headers.authorization === undefined ? undefined : callerOf(headers.authorization);
  return { method: request.method ?? 'GET', host, origin, path, segments, query: new URLSearchParams(rest.join('?')), headers, caller };
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function decoded(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    throw new ServiceError(400, 'InvalidRequestUri', `The request URI is not valid: \`${rawPath}\` cannot be decoded.`);
  }
}

/** @throws ServiceError 413 for a body that is too large */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody)
      throw new ServiceError(413, 'RequestContentTooLarge', `The request content is larger than ${largestBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * A form stays text for the identity endpoints; everything else is JSON.
 * @throws ServiceError 400 when it is not
 */
export function parseBody(text: string, contentType: string): JsonValue | undefined {
  if (text === '') return undefined;
  if (contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no JSON';
    throw new ServiceError(400, 'InvalidRequestContent', `The request content was invalid and could not be deserialized: '${why}'.`);
  }
}
