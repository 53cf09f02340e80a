import type { JsonObject, JsonValue } from '../base/json.ts';

/** One request as the sandbox's handlers see it: path decoded and split, double slashes folded, bearer token verified. */
export interface Ask {
  readonly method: string;
  /** Host without port, lower case: `127.0.0.1`, `kv-a.vault.azure.net`. */
  readonly host: string;
  /** Scheme, host and port as the client wrote them, for nextLinks and challenges. */
  readonly origin: string;
  /** Decoded path as sent, without the query. */
  readonly path: string;
  /** Non-empty path segments, decoded, casing kept. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON body, or undefined when there was none. */
  readonly body: JsonValue | undefined;
  /** Claims of the bearer token when one of the sandbox's own tokens came along, else undefined. */
  readonly caller: Caller | undefined;
}

export interface Caller {
  readonly objectId: string;
  readonly appId: string;
  readonly tenantId: string;
  /** The resource the token is for, such as `https://vault.azure.net`. */
  readonly audience: string;
  /** Set when an application calls on behalf of the user (compound identity). */
  readonly onBehalfOf?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a string sent as it is; undefined is an empty body. */
  readonly body?: JsonValue;
}

export type Handler = (ask: Ask) => Answer | Promise<Answer>;

/** Thrown by handlers; the server answers with the service's own error envelope. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly innerCode: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the error object, such as `additionalInfo`. */
  readonly extra: JsonObject;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { innerCode?: string; headers?: Readonly<Record<string, string>>; extra?: JsonObject } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerCode = more.innerCode;
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }
}
