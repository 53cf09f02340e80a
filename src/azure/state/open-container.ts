import { Agent } from 'node:https';
import type { TokenCredential } from '@azure/core-auth';
import { ContainerClient, newPipeline, type RequestPolicyFactory } from '@azure/storage-blob';
import { type CloudProfile, isSandbox } from '../cloud-profile.ts';
import type { BlobPlace } from './blob-place.ts';

/** A client for a container, signed in as everything else is. */
export function openContainer({ container }: BlobPlace, profile: CloudProfile, credential: TokenCredential): ContainerClient {
  const pipeline = newPipeline(credential, {
    userAgentOptions: { userAgentPrefix: 'keyturn' },
    retryOptions: { maxTries: 5, tryTimeoutInMs: 30_000 },
  });
  if (isSandbox(profile)) pipeline.factories.unshift(onThisMachine(profile));
  return new ContainerClient(container, pipeline);
}

/** A sandbox brings its own certificate authority, and nothing for it goes through a proxy. */
function onThisMachine({ caPem }: CloudProfile): RequestPolicyFactory {
  const agent = new Agent({ keepAlive: true, ...(caPem !== undefined && { ca: caPem }) });
  return {
    create: (next) => ({
      sendRequest(request) {
        request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  };
}
