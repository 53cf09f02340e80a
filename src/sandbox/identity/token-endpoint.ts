import { isObject, type JsonObject, stringAt } from '../../base/json.ts';
import type { Answer, Ask, Handler } from '../exchange.ts';
import { type IdentityContext, isKnownResource, issueFor, livePrincipal, oauthError } from './answer-token.ts';
import { managedIdentityToken } from './managed-identity.ts';

/** True for the paths that `tokenEndpoint` answers: `/msi/token`, `/common/discovery/…`, `/{tenant}/oauth2/…` and its discovery. */
export function isIdentityPath(segments: readonly string[]): boolean {
  const [first = '', ...rest] = segments.map((segment) => segment.toLowerCase());
  if (first === 'msi') return true;
  return /^(v2\.0\/)?\.well-known\/|^oauth2\/|^discovery\//.test(rest.join('/'));
}

/**
 * Where clients get tokens: the managed identity endpoint of App Service, and of the authority what client-secret and
 * workload-identity flows ask for. A client secret, and a federated assertion, is the sandbox's identity secret.
 */
export function tokenEndpoint(context: IdentityContext): Handler {
  return (ask) => {
    const path = ask.segments.join('/').toLowerCase();
    if (path === 'msi/token') return managedIdentityToken(context, ask);
    if (path === 'common/discovery/instance') return ok(instanceDiscovery(ask));
    const [tenant = '', ...rest] = ask.segments;
    if (!isTenant(context, tenant)) return oauthError(400, 'invalid_tenant', 90002, `Tenant '${tenant}' not found.`);
    const route = `${ask.method} ${rest.join('/').toLowerCase()}`;
    switch (route) {
      case 'GET v2.0/.well-known/openid-configuration':
        return ok(openidConfiguration(context.state.tenantId, ask.origin, '/v2.0'));
      case 'GET .well-known/openid-configuration':
        return ok(openidConfiguration(context.state.tenantId, ask.origin, ''));
      case 'GET discovery/v2.0/keys':
      case 'GET discovery/keys':
        return ok(context.tokens.jwks);
      case 'POST oauth2/v2.0/token':
        return clientCredentials(context, ask);
      default:
        return oauthError(404, 'invalid_request', 900144, `the sandbox's authority does not know ${route}`);
    }
  };
}

function isTenant(context: IdentityContext, tenant: string): boolean {
  return [context.state.tenantId, 'organizations', 'common'].includes(tenant.toLowerCase());
}

function ok(body: JsonObject): Answer {
  return { status: 200, body };
}

function instanceDiscovery(ask: Ask): JsonObject {
  const host = new URL(ask.origin).host;
  const authorization = ask.query.get('authorization_endpoint') ?? '';
  const tenant = URL.canParse(authorization) ? (new URL(authorization).pathname.split('/')[1] ?? 'common') : 'common';
  return {
    tenant_discovery_endpoint: `${ask.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': ask.query.get('api-version') ?? '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function openidConfiguration(tenantId: string, origin: string, version: string): JsonObject {
  return {
    token_endpoint: `${origin}/${tenantId}/oauth2${version}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${origin}/${tenantId}/discovery${version}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'token'],
    issuer: `${origin}/${tenantId}${version}`,
    authorization_endpoint: `${origin}/${tenantId}/oauth2${version}/authorize`,
    device_authorization_endpoint: `${origin}/${tenantId}/oauth2${version}/devicecode`,
    end_session_endpoint: `${origin}/${tenantId}/oauth2${version}/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(origin).host,
  };
}

function clientCredentials(context: IdentityContext, ask: Ask): Answer {
  const form = formOf(ask);
  const grant = form.get('grant_type') ?? '';
  if (grant !== 'client_credentials')
    return oauthError(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`);
  const resource = (form.get('scope') ?? '').split(' ')[0]?.replace(/\/\.default$/, '') ?? '';
  const clientId = (form.get('client_id') ?? '').toLowerCase();
  const application = livePrincipal(
    context,
    (object) => object.kind === 'servicePrincipal' && stringAt(object.properties, 'appId')?.toLowerCase() === clientId,
  );
  if (application === undefined)
    return oauthError(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory.`);
  if ((form.get('client_secret') ?? form.get('client_assertion')) !== context.identitySecret)
    return oauthError(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
  if (!isKnownResource(resource, ask.origin))
    return oauthError(400, 'invalid_resource', 500011, `The resource principal named ${resource} was not found in the tenant.`);
  const token = issueFor(context, application, resource);
  const expiresIn = token.expiresOn - Math.floor(Date.now() / 1000);
  const body = { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token.accessToken };
  return { status: 200, headers: { 'cache-control': 'no-store' }, body };
}

/** A form arrives as its text, or parsed into an object of strings. */
function formOf(ask: Ask): URLSearchParams {
  if (typeof ask.body === 'string') return new URLSearchParams(ask.body);
  const fields = isObject(ask.body) ? Object.entries(ask.body) : [];
  return new URLSearchParams(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
}
