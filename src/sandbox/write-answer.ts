import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../base/json.ts';
import { type Answer, ServiceError } from './exchange.ts';
import type { FaultAction } from './faults.ts';

/** An answer with its body as the text that goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const json = 'application/json; charset=utf-8';

/** The service's own envelope around an error; anything that is no ServiceError is a fault of the sandbox and says so. */
export function errorAnswer(error: unknown): Answer {
  if (!(error instanceof ServiceError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { error: { code: 'SandboxFault', message } } };
  }
  const body: JsonObject = {
    error: {
      code: error.code,
      message: error.message,
      ...error.extra,
      ...(error.innerCode !== undefined && { innererror: { code: error.innerCode } }),
    },
  };
  return { status: error.status, headers: error.headers, body };
}

export function wireAnswer(answer: Answer): WireAnswer {
  const { status, headers = {}, body } = answer;
  if (body === undefined) return { status, headers, text: '' };
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: typed ? headers : { 'content-type': json, ...headers }, text };
}

/** Sends the whole answer. */
export function send(response: ServerResponse, answer: WireAnswer): void {
  const length = Buffer.byteLength(answer.text);
  // A 204 must not name a length.
  response.writeHead(answer.status, answer.status === 204 ? answer.headers : { ...answer.headers, 'content-length': length });
  response.end(answer.text === '' ? undefined : answer.text);
}

/** Carries out what a fault does to the connection. */
export function misbehave(response: ServerResponse, action: Exclude<FaultAction, { kind: 'answer' | 'change' }>, answer: WireAnswer): void {
  switch (action.kind) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.destroy();
      return;
    case 'cut': {
      const bytes = Buffer.from(answer.text);
      response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
        response.socket?.destroy();
      });
    }
  }
}
