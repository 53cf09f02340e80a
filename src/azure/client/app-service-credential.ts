import { get, type RequestOptions } from 'node:http';
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { isObject, type JsonObject, stringAt } from '../../base/json.ts';
import { signInFailed } from './sign-in-failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Managed identity as App Service offers it, taken from the given environment (IDENTITY_ENDPOINT, IDENTITY_HEADER) and on
 * loopback only. The library reads the process's own environment and keeps tokens for the whole process, which mixes up
 * several sandboxes in one.
 * @throws KnownError AZURE_SIGN_IN when the environment names no such endpoint on 127.0.0.1.
 */
export function appServiceCredential(env: Env, remedy: string): TokenCredential {
  const { IDENTITY_ENDPOINT: endpoint = '', IDENTITY_HEADER: secret = '', AZURE_CLIENT_ID: clientId } = env;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== 'http:' || url.hostname !== '127.0.0.1' || secret === '')
    throw signInFailed('IDENTITY_ENDPOINT and IDENTITY_HEADER do not name a managed identity on http://127.0.0.1', remedy);
  return {
    async getToken(scopes) {
      const [scope = ''] = [scopes].flat();
      const query = new URL(url);
      query.searchParams.set('api-version', '2019-08-01');
      query.searchParams.set('resource', scope.replace(/\/\.default$/, ''));
      if (clientId !== undefined) query.searchParams.set('client_id', clientId);
      const { status, body } = await getJson(query, { headers: { 'x-identity-header': secret } }).catch((error: unknown) => {
        throw signInFailed(`the managed identity did not answer: ${error instanceof Error ? error.message : String(error)}`, remedy);
      });
      const token = tokenFrom(body);
      if (token === undefined) throw signInFailed(`the managed identity answered ${status} ${stringAt(body, 'message') ?? ''}`, remedy);
      return token;
    },
  };
}

function tokenFrom(body: JsonObject): AccessToken | undefined {
  const token = stringAt(body, 'access_token');
  const expiresOn = Number(body.expires_on) * 1000;
  return token === undefined || !Number.isFinite(expiresOn) ? undefined : { token, expiresOnTimestamp: expiresOn };
}

function getJson(url: URL, options: RequestOptions): Promise<{ readonly status: number; readonly body: JsonObject }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...options, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: parseObject(Buffer.concat(chunks).toString('utf8')) });
      });
    });
    request.on('timeout', () => request.destroy(new Error('the managed identity did not answer')));
    request.on('error', reject);
  });
}

function parseObject(text: string): JsonObject {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}
