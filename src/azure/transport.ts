import { setMaxListeners } from 'node:events';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  type PipelineResponse,
  retryPolicy,
} from '@azure/core-rest-pipeline';
import pLimit from 'p-limit';
import { parseGuid } from '../model/guid.ts';
import { isObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { answerGuard, type Limiter } from './answer-guard.ts';
import { attemptPolicy, type SentRequest } from './attempt-policy.ts';
import { type CloudProfile, isSandbox } from './cloud-profile.ts';
import { capture, type Expected, type RawAnswer } from './exchange.ts';
import { outgoingOf, requestGuard } from './request-guard.ts';
import { isRead, type Mode, type Service } from './request-rules.ts';
import { type Limits, retryRules } from './retry-rules.ts';

export interface TransportOptions {
  readonly profile: CloudProfile;
  readonly credential: TokenCredential;
  readonly mode: Mode;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onRequest?: (sent: SentRequest) => void;
}

export interface RawRequest {
  readonly method: HttpMethods;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The one way to the network: both SDK clients, and requests of our own, go through pipelines with the same guards. */
export interface Transport {
  readonly profile: CloudProfile;
  readonly signal: AbortSignal | undefined;
  vaults(subscriptionId: string): KeyVaultManagementClient['vaults'];
  authorization(subscriptionId: string): AuthorizationManagementClient;
  /** Sends one request; for use inside `ask`. */
  send(service: Service, request: RawRequest): Promise<PipelineResponse>;
  /** Runs SDK calls or `send`, and hands on the raw answers. @throws KnownError, or the signal's reason when aborted. */
  ask(what: string, expected: Expected, call: () => Promise<unknown>): Promise<readonly RawAnswer[]>;
  /** One request for one JSON object. */
  askObject(what: string, call: () => Promise<unknown>): Promise<JsonObject>;
  /** The rows of all pages. */
  askList(what: string, call: () => Promise<unknown>): Promise<readonly JsonValue[]>;
}

/** Loads nothing more; makes the clients when they are first asked for. */
export function createTransport(options: TransportOptions): Transport {
  const { profile, credential, signal } = options;
  // One object for the whole run: connections are kept by it.
  const tls = profile.caPem === undefined ? {} : { tlsOptions: { ca: profile.caPem } };
  // Every request under way listens to the one signal of the run.
  if (signal !== undefined) setMaxListeners(0, signal);
  const guard = guardian(options, pLimit(options.limits.concurrency));
  const client = { endpoint: profile.resourceManager, userAgentOptions: { userAgentPrefix: 'keyturn' }, ...tls };
  const vaults = memo((id) => {
    const made = new KeyVaultManagementClient(credential, id, client);
    guard(made.pipeline, 'resourceManager');
    return made.vaults;
  });
  const authorization = memo((id) => {
    const made = new AuthorizationManagementClient(credential, id, client);
    guard(made.pipeline, 'resourceManager');
    return made;
  });
  const http = createDefaultHttpClient();
  const raw = memo((service) => {
    const pipeline = createPipelineFromOptions({ userAgentOptions: client.userAgentOptions, ...tls });
    guard(pipeline, service as Service);
    return pipeline;
  });
  const ask: Transport['ask'] = async (what, expected, call) => {
    signal?.throwIfAborted();
    try {
      return await capture(what, expected, call);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
  return {
    profile,
    signal,
    vaults,
    authorization,
    ask,
    send: (service, request) => raw(service).sendRequest(http, toPipelineRequest(request)),
    async askObject(what, call) {
      const body = (await ask(what, 'object', call)).at(-1)?.body;
      if (!isObject(body)) throw new Error(`no answer was kept: ${what}`);
      return body;
    },
    async askList(what, call) {
      const answers = await ask(what, 'list', call);
      return answers.flatMap(({ body }) => (isObject(body) && Array.isArray(body.value) ? (body.value as readonly JsonValue[]) : []));
    },
  };
}

function toPipelineRequest({ method, url, headers, body }: RawRequest): ReturnType<typeof createPipelineRequest> {
  const named = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
  return createPipelineRequest({ method, url, headers: createHttpHeaders(named), ...(body !== undefined && { body }) });
}

/** Replaces what the SDKs bring along for retries, redirects and signing by one set for all, and adds the guards. */
function guardian(options: TransportOptions, limiter: Limiter): (pipeline: Pipeline, service: Service) => void {
  const { profile, credential, limits, mode, signal } = options;
  const audiences = { resourceManager: profile.resourceManagerAudience, graph: profile.graphAudience };
  return (pipeline, service) => {
    for (const name of ['defaultRetryPolicy', 'redirectPolicy', 'bearerTokenAuthenticationPolicy']) pipeline.removePolicy({ name });
    if (isSandbox(profile)) pipeline.removePolicy({ name: 'proxyPolicy' });
    pipeline.addPolicy(requestGuard(service, profile[service], mode), { phase: 'Serialize', afterPolicies: ['serializationPolicy'] });
    pipeline.addPolicy(answerGuard(service, { limits, limiter, signal }), { afterPhase: 'Deserialize' });
    const reads = (url: string, method: string, body: unknown) =>
      isRead(service, outgoingOf({ url, method: method as HttpMethods, body: body as string }));
    const maxRetries = Math.max(limits.throttledTries, limits.otherTries);
    pipeline.addPolicy(retryPolicy([retryRules(limits, reads)], { maxRetries }), { phase: 'Retry' });
    pipeline.addPolicy(attemptPolicy(limits.tryTimeout, options.onRequest ?? (() => undefined)), { afterPhase: 'Sign' });
    const scopes = [`${audiences[service]}/.default`];
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  };
}

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = parseGuid(key) ?? key;
    const value = made.get(known) ?? make(known);
    made.set(known, value);
    return value;
  };
}
