import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { guid, tenant } from './facts.ts';
import type { Asked, Reply } from './scripted-azure.ts';

/** A token in form, signed by nobody. */
export function jwt(claims: JsonObject): string {
  const part = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
}

export const operatorToken = jwt({ oid: guid(0xb1), tid: tenant });

/** What an authority answers to those who ask it for a token; undefined for other paths. */
export function authorityReply(asked: Asked, origin: string): Reply | undefined {
  const base = `${origin}/${tenant}`;
  if (asked.path === `/${tenant}/v2.0/.well-known/openid-configuration`)
    return {
      json: {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
    };
  if (asked.path !== `/${tenant}/oauth2/v2.0/token`) return undefined;
  const form = new URLSearchParams(asked.text);
  if (![form.get('client_secret'), form.get('client_assertion')].includes('right'))
    return { status: 401, json: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' } };
  return { json: { token_type: 'Bearer', expires_in: 3600, access_token: operatorToken } };
}

/** A managed identity endpoint as App Service has it, on http, until the test ends. */
export async function managedIdentity(answer: (request: IncomingMessage) => { status: number; body: JsonObject | string }) {
  const asked: { readonly url: URL; readonly header: string | string[] | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: new URL(request.url ?? '/', 'http://x'), header: request.headers['x-identity-header'] });
    const { status, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const env = { IDENTITY_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`, IDENTITY_HEADER: 'the-secret' };
  return { env, asked };
}

export function identityToken(): { status: number; body: JsonObject } {
  return {
    status: 200,
    body: { access_token: operatorToken, expires_on: String(Math.floor(Date.now() / 1000) + 3600), token_type: 'Bearer', resource: 'x' },
  };
}
