import { createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
import { isObject, stringAt } from '../../base/json.ts';
import { type CloudProfile, isSandbox } from '../cloud-profile.ts';
import { signInFailed } from './sign-in-failure.ts';

/** Whom GitHub's token has to be for, so that the authority of a cloud takes it. */
const audiences: Readonly<Record<string, string>> = {
  usgov: 'api://AzureADTokenExchangeUSGov',
  china: 'api://AzureADTokenExchangeChina',
};

interface Request {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN, which a job has with the permission `id-token: write`. */
  readonly url: string;
  readonly bearer: string;
  readonly profile: CloudProfile;
  readonly remedy: string;
}

/**
 * Asks GitHub for a token of the job, anew each time: one lives for a few minutes, and a migration waits longer than that.
 * @throws KnownError AZURE_SIGN_IN when there is none.
 */
export function githubAssertion({ url, bearer, profile, remedy }: Request): () => Promise<string> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const here = isSandbox(profile) && address?.hostname === '127.0.0.1';
  if (address === undefined || (address.protocol !== 'https:' && !here))
    throw signInFailed('ACTIONS_ID_TOKEN_REQUEST_URL is not an address that begins with https://', remedy);
  address.searchParams.set('audience', audiences[profile.name] ?? 'api://AzureADTokenExchange');
  const tls = profile.caPem === undefined ? {} : { tlsOptions: { ca: profile.caPem } };
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 3 }, redirectOptions: { maxRetries: 0 }, ...tls });
  if (isSandbox(profile)) pipeline.removePolicy({ name: 'proxyPolicy' });
  const http = createDefaultHttpClient();
  return async () => {
    const headers = createHttpHeaders({ authorization: `Bearer ${bearer}`, accept: 'application/json' });
    const request = createPipelineRequest({ url: address.href, method: 'GET', headers, timeout: 30_000, allowInsecureConnection: here });
    const { status, bodyAsText } = await pipeline.sendRequest(http, request);
    const token = tokenIn(bodyAsText ?? '');
    if (status !== 200 || token === undefined) throw signInFailed(`GitHub gave no token for this job: it answered ${status}`, remedy);
    return token;
  };
}

function tokenIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? stringAt(body, 'value') : undefined;
  } catch {
    return undefined;
  }
}
