import type { TokenCredential } from '@azure/core-auth';
import { bearerTokenAuthenticationPolicy, type Pipeline, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { AzureTime } from '../azure-time.ts';
import { type CloudProfile, isSandbox } from '../cloud-profile.ts';
import { answerGuard } from './answer-guard.ts';
import { attemptPolicy, type SentRequest } from './attempt-policy.ts';
import { createGovernor, type Pace } from './governor.ts';
import { repeatPolicy } from './repeat-policy.ts';
import { outgoingOf, requestGuard } from './request-guard.ts';
import { isRead, type Mode, type Service } from './request-rules.ts';
import type { Limits } from './retry-rules.ts';

const replaced = ['defaultRetryPolicy', 'redirectPolicy', 'bearerTokenAuthenticationPolicy', 'decompressResponsePolicy'];

export interface TransportOptions {
  readonly profile: CloudProfile;
  readonly credential: TokenCredential;
  readonly mode: Mode;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  readonly onRequest?: (sent: SentRequest) => void;
  /** Told the time of every answer of Resource Manager. */
  readonly time?: AzureTime;
  /** What turns are waited for by; real time when not given. */
  readonly pace?: Pace;
}

/**
 * Gives the pipelines of both SDK clients and of Graph the same guards and one governor over all of them, in place of what each
 * brings along for retries, redirects, signing and zipped bodies. From the outside in: which requests may go at all; what answers count;
 * repeating, with a turn of the governor's for each try; signing, so that no token grows old while a request waits; the limits of a
 * single try.
 */
export function pipelineGuard(options: TransportOptions): (pipeline: Pipeline, service: Service) => void {
  const { profile, credential, limits, mode, signal, onRequest = () => undefined } = options;
  const governor = createGovernor(limits.concurrency, options.pace);
  const audiences = { resourceManager: profile.resourceManagerAudience, graph: profile.graphAudience };
  return (pipeline, service) => {
    for (const name of replaced) pipeline.removePolicy({ name });
    // Nothing for a sandbox on this machine goes through a proxy.
    if (isSandbox(profile)) pipeline.removePolicy({ name: 'proxyPolicy' });
    pipeline.addPolicy(requestGuard(service, profile[service], mode), { phase: 'Serialize', afterPolicies: ['serializationPolicy'] });
    pipeline.addPolicy(answerGuard(service, { limits, signal }), { afterPhase: 'Deserialize' });
    const reads = (request: PipelineRequest) => isRead(service, outgoingOf(request));
    pipeline.addPolicy(repeatPolicy({ service, limits, governor, isRead: reads }), { phase: 'Retry' });
    const scopes = [`${audiences[service]}/.default`];
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
    pipeline.addPolicy(attemptPolicy(limits, reads, onRequest, service === 'resourceManager' ? options.time : undefined), {
      afterPhase: 'Sign',
    });
  };
}
