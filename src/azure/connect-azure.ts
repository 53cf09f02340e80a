import type { AzureDoors, ConnectOptions } from './azure-doors.ts';
import { assertProxyAddress } from './client/proxy-address.ts';

/**
 * Signs in and opens the doors to Azure. The SDKs are loaded here and not before.
 * @throws KnownError PROXY_ADDRESS (usage); AZURE_SIGN_IN when no token can be had or it does not say whose it is.
 */
export async function connectAzure(options: ConnectOptions): Promise<AzureDoors> {
  const { profile, auth, env, signal } = options;
  assertProxyAddress(env);
  const { createCredential } = await import('./credential.ts');
  const credential = await createCredential(auth, profile, env);
  // Asked for as the pipelines will ask for it, so that it serves them too.
  const token = await credential.getToken(`${profile.resourceManagerAudience}/.default`, {
    enableCae: true,
    ...(signal !== undefined && { abortSignal: signal }),
  });
  const { operatorOf } = await import('./client/operator.ts');
  const operator = operatorOf(token?.token ?? '');
  const { openDoors } = await import('./client/open-doors.ts');
  return { operator, ...openDoors({ ...options, credential }) };
}
