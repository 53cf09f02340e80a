import type { JsonValue } from '../base/json.ts';

/** One exchange as it went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: JsonValue | undefined;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: JsonValue | undefined;
}

const secretHeaders = ['authorization', 'x-ms-authorization-auxiliary', 'cookie', 'secret', 'x-identity-header'];

/** The exchange as one line of JSON without its end, in the form that contract checkers read; tokens are left out. */
export function exchangeLine(exchange: Exchange): string {
  const requestHeaders = Object.fromEntries(
    Object.entries(exchange.requestHeaders).map(([name, value]) => [name, secretHeaders.includes(name.toLowerCase()) ? 'REDACTED' : value]),
  );
  const { method, url, status, responseHeaders } = exchange;
  const [requestBody, responseBody] = [exchange.requestBody ?? null, exchange.responseBody ?? null];
  return JSON.stringify({ method, url, requestHeaders, requestBody, status, responseHeaders, responseBody });
}
