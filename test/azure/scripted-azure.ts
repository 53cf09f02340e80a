import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AzureDoors } from '../../src/azure/azure-doors.ts';
import { openDoors } from '../../src/azure/client/open-doors.ts';
import type { Limits } from '../../src/azure/client/retry-rules.ts';
import type { CloudProfile } from '../../src/azure/cloud-profile.ts';
import { isObject, type JsonObject, type JsonValue, objectsAt, stringAt } from '../../src/base/json.ts';
import type { AzureWriter } from '../../src/migrate/ports.ts';
import { makeServerIdentity, type ServerIdentity } from './certificate-authority.ts';

export interface Asked {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As it came over the wire. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: JsonValue | undefined;
  readonly text: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: JsonValue;
  /** Sent as it is, as HTML unless the headers say otherwise. */
  readonly text?: string;
  /** Sent as it is, as JSON unless the headers say otherwise. */
  readonly bytes?: Buffer;
  /** `cut` sends half of the body and ends the connection; `reset` answers nothing and ends it; `hang` never answers. */
  readonly how?: 'cut' | 'reset' | 'hang' | 'stall';
}

/** What the service answers; `origin` is its own address, for nextLinks. */
export type Script = (asked: Asked, origin: string) => Reply | Promise<Reply>;

export interface ScriptedAzure extends Omit<AzureDoors, 'operator'> {
  readonly origin: string;
  readonly profile: CloudProfile;
  /** Every request that arrived, in order. */
  readonly asked: Asked[];
  /** The waits that writers and batches asked for, instead of waiting. */
  readonly slept: number[];
  /** `GET /path` of every request that arrived. */
  readonly lines: () => readonly string[];
}

interface Options {
  readonly mode?: 'read' | 'write';
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

let identity: ServerIdentity | undefined;

export const testToken = 'test-token-that-must-never-be-shown';
const quick: Partial<Limits> = { firstWait: 1, longestWait: 2_000, tryTimeout: 20_000 };

/** Doors to a scripted service over real TLS on 127.0.0.1; it ends with the test. */
export async function scriptedAzure(script: Script, options: Options = {}): Promise<ScriptedAzure> {
  const asked: Asked[] = [];
  const slept: number[] = [];
  const { origin, ca } = await serveScript((request, at) => {
    asked.push(request);
    return script(request, at);
  });
  const profile = profileOf(origin, ca);
  const doors = openDoors({
    profile,
    credential: { getToken: () => Promise.resolve({ token: testToken, expiresOnTimestamp: Date.now() + 3600_000 }) },
    mode: options.mode ?? 'read',
    limits: { ...quick, ...options.limits },
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  return { ...doors, origin, profile, asked, slept, lines: () => asked.map(({ method, path }) => `${method} ${path}`) };
}

export function profileOf(origin: string, caPem: string): CloudProfile {
  return {
    name: 'test',
    resourceManager: origin,
    resourceManagerAudience: origin,
    graph: origin,
    graphAudience: origin,
    authority: origin,
    vaultSuffix: 'vault.azure.net',
    caPem,
  };
}

/** The same in write mode, with its writer, and without repeating what fails. */
export async function writableAzure(script: Script): Promise<ScriptedAzure & { readonly writer: AzureWriter }> {
  const azure = await scriptedAzure(script, { mode: 'write', limits: { otherTries: 0, throttledFor: 0, busyTries: 0 } });
  if (azure.writer === undefined) throw new Error('write mode gives a writer');
  return { ...azure, writer: azure.writer };
}

/** An https server that plays a script, until the test ends. */
export async function serveScript(script: Script): Promise<{ readonly origin: string; readonly ca: string }> {
  identity ??= makeServerIdentity();
  const { ca, cert, key } = identity;
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', origin);
      const text = Buffer.concat(chunks).toString('utf8');
      const isJson = request.headers['content-type']?.includes('json') === true;
      const body = isJson && text !== '' ? (JSON.parse(text) as JsonValue) : undefined;
      const { method = '', headers } = request;
      const asked = {
        method,
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        url: request.url ?? '',
        headers,
        body,
        text,
      };
      void Promise.resolve(script(asked, origin)).then((reply) => {
        const whole = reply.bytes ?? Buffer.from(reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)));
        if (reply.how === 'hang') return;
        if (reply.how === 'reset') {
          request.socket.destroy();
          return;
        }
        const type = reply.text === undefined ? 'application/json; charset=utf-8' : 'text/html';
        const length = reply.status === 204 ? {} : { 'content-length': String(whole.length) };
        response.writeHead(reply.status ?? 200, { 'content-type': type, ...length, ...reply.headers });
        if (reply.how === undefined) response.end(whole);
        else response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => reply.how === 'cut' && request.socket.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  );
  return { origin, ca };
}

/** Answers each part of a batch as if it had come alone, and anything else by itself; a part without a reply is left out. */
export function inBatches(respond: (part: Pick<Asked, 'path' | 'query'>, origin: string) => Reply | undefined): Script {
  return (asked, origin) => {
    if (!asked.path.endsWith('/$batch') || !isObject(asked.body)) return respond(asked, origin) ?? {};
    const responses = objectsAt(asked.body, 'requests').flatMap((request): JsonValue[] => {
      const url = new URL(`${origin}/v1.0${stringAt(request, 'url') ?? ''}`);
      const reply = respond({ path: decodeURIComponent(url.pathname), query: url.searchParams }, origin);
      if (reply === undefined) return [];
      const { status = 200, headers = {}, json, text } = reply;
      return [{ id: request.id ?? '', status, headers, body: json ?? text ?? '' }];
    });
    return { json: { responses: responses.reverse() } };
  };
}

/** The usual envelope of a refusal. */
export function refusal(status: number, code: string, message: string, more: JsonObject = {}): Reply {
  return { status, json: { error: { code, message, ...more } } };
}
