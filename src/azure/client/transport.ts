import { setMaxListeners } from 'node:events';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { CloudProfile } from '../cloud-profile.ts';
import type { Ending } from './ending.ts';
import { capture, type Expected, type RawAnswer } from './exchange.ts';
import { pipelineGuard, type TransportOptions } from './pipeline-guard.ts';
import type { Service } from './request-rules.ts';

export interface RawRequest {
  readonly method: HttpMethods;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The one way to the network: both SDK clients, and requests of our own, go through pipelines with the same guards. */
export interface Transport {
  readonly profile: CloudProfile;
  /** Ends the run. */
  readonly signal: AbortSignal | undefined;
  vaults(subscriptionId: string): KeyVaultManagementClient['vaults'];
  authorization(subscriptionId: string): AuthorizationManagementClient;
  /** Sends one request; for use inside `ask`. */
  send(service: Service, request: RawRequest): Promise<PipelineResponse>;
  /** Runs SDK calls or `send`, and hands on the raw answers. @throws KnownError, or the signal's reason when aborted. */
  ask(what: string, expected: Expected, call: () => Promise<unknown>): Promise<readonly RawAnswer[]>;
  /** One request for one JSON object. */
  askObject(what: string, call: () => Promise<unknown>): Promise<JsonObject>;
  /** One request for one bare JSON list. */
  askArray(what: string, call: () => Promise<unknown>): Promise<readonly JsonValue[]>;
  /** The rows of all pages. */
  askList(what: string, call: () => Promise<unknown>): Promise<readonly JsonValue[]>;
}

interface OpenTransport extends Transport {
  /** The same way for the requests of one write, which end as it says. */
  forWrite(ending: Ending): Transport;
}

/** Makes each client when it is first asked for. */
export function createTransport(options: TransportOptions): OpenTransport {
  const { profile, signal } = options;
  // Every request under way listens to the one signal of the run.
  if (signal !== undefined) setMaxListeners(0, signal);
  const shared = { profile, signal, ...clients(options) };
  return {
    ...shared,
    ...asking(async (what, expected, call) => {
      signal?.throwIfAborted();
      try {
        return await capture(what, expected, call);
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    }),
    forWrite: (ending) => ({ ...shared, ...asking(askingFor(ending)) }),
  };
}

/** Until the write has left, a stop ends everything; after that it ends nothing but by the write's own clocks. */
function askingFor(ending: Ending): Transport['ask'] {
  return async (what, expected, call) => {
    ending.stopUnlessSent();
    try {
      return await capture(what, expected, call, ending);
    } catch (error) {
      ending.stopUnlessSent();
      throw error;
    }
  };
}

function asking(ask: Transport['ask']): Pick<Transport, 'ask' | 'askObject' | 'askArray' | 'askList'> {
  return {
    ask,
    async askObject(what, call) {
      const body = (await ask(what, 'object', call)).at(-1)?.body;
      if (!isObject(body)) throw new Error(`no answer was kept: ${what}`);
      return body;
    },
    async askArray(what, call) {
      const body = (await ask(what, 'array', call)).at(-1)?.body;
      return Array.isArray(body) ? (body as readonly JsonValue[]) : [];
    },
    async askList(what, call) {
      const answers = await ask(what, 'list', call);
      return answers.flatMap(({ body }) => (isObject(body) && Array.isArray(body.value) ? (body.value as readonly JsonValue[]) : []));
    },
  };
}

function clients(options: TransportOptions): Pick<Transport, 'vaults' | 'authorization' | 'send'> {
  const { profile, credential } = options;
  // One object for the whole run: connections are kept by it.
  const tls = profile.caPem === undefined ? {} : { tlsOptions: { ca: profile.caPem } };
  const userAgentOptions = { userAgentPrefix: 'keyturn' };
  const guard = pipelineGuard(options);
  const client = { endpoint: profile.resourceManager, userAgentOptions, ...tls };
  const http = createDefaultHttpClient();
  const raw = memo((service: Service) => {
    const pipeline = createPipelineFromOptions({ userAgentOptions, ...tls });
    guard(pipeline, service);
    return pipeline;
  });
  return {
    vaults: memo((subscriptionId: string) => {
      const made = new KeyVaultManagementClient(credential, subscriptionId, client);
      guard(made.pipeline, 'resourceManager');
      return made.vaults;
    }),
    authorization: memo((subscriptionId: string) => {
      const made = new AuthorizationManagementClient(credential, subscriptionId, client);
      guard(made.pipeline, 'resourceManager');
      return made;
    }),
    send: (service, request) => raw(service).sendRequest(http, toPipelineRequest(request)),
  };
}

function toPipelineRequest({ method, url, headers, body }: RawRequest): ReturnType<typeof createPipelineRequest> {
  const named = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
  return createPipelineRequest({ method, url, headers: createHttpHeaders(named), ...(body !== undefined && { body }) });
}

function memo<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<K, T>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}
