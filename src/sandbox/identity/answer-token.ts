import { type JsonObject, stringAt, stringsAt } from '../../base/json.ts';
import type { Answer } from '../exchange.ts';
import type { DirectoryObject, TenantState } from '../state.ts';
import type { IssuedToken, TokenDetails, TokenIssuer } from './tokens.ts';

/** What the identity endpoints need of the running sandbox. */
export interface IdentityContext {
  readonly state: Pick<TenantState, 'tenantId' | 'directory'>;
  readonly tokens: TokenIssuer;
  /** Who the managed identity endpoint speaks for when no identity is named. */
  readonly operator: { readonly objectId: string };
  /** Made at start: the managed identity header, every application's client secret, and its federated assertion. */
  readonly identitySecret: string;
}

/** Hosts that a token may be for; anything else is refused, as an unregistered resource is. */
const resourceHosts: readonly string[] = [
  'management.azure.com',
  'management.core.windows.net',
  'graph.microsoft.com',
  'graph.windows.net',
  'vault.azure.net',
  'api.loganalytics.azure.com',
  'api.loganalytics.io',
  'storage.azure.com',
  'management.usgovcloudapi.net',
  'management.core.usgovcloudapi.net',
  'graph.microsoft.us',
  'vault.usgovcloudapi.net',
  'management.chinacloudapi.cn',
  'management.core.chinacloudapi.cn',
  'microsoftgraph.chinacloudapi.cn',
  'vault.azure.cn',
];

/** The sandbox itself counts: a client whose resource manager is `https://127.0.0.1:port` asks for a token for just that. */
export function isKnownResource(resource: string, origin: string): boolean {
  if (!URL.canParse(resource)) return false;
  const url = new URL(resource);
  return url.origin === new URL(origin).origin || (url.protocol === 'https:' && resourceHosts.includes(url.host));
}

/** The claims that a principal's own facts give. */
export function issueFor(context: IdentityContext, principal: DirectoryObject, audience: string): IssuedToken {
  return context.tokens.issue(principal.id, audience, tokenDetails(principal));
}

function tokenDetails(principal: DirectoryObject): TokenDetails {
  if (principal.kind === 'user') {
    const upn = stringAt(principal.properties, 'userPrincipalName');
    return { idtyp: 'user', name: principal.displayName, ...(upn !== undefined && { upn }) };
  }
  const appId = stringAt(principal.properties, 'appId');
  const managedIdentity = stringsAt(principal.properties, 'alternativeNames').find((name) => name.startsWith('/subscriptions/'));
  return {
    idtyp: 'app',
    ...(appId !== undefined && { appId }),
    ...(managedIdentity !== undefined && { managedIdentity }),
  };
}

/** An error in the form of the OAuth endpoints, which is not ARM's. */
export function oauthError(status: number, error: string, code: number, message: string): Answer {
  const body: JsonObject = {
    error,
    error_description: `AADSTS${code}: ${message}`,
    error_codes: [code],
    timestamp: new Date().toISOString().replace('T', ' ').slice(0, 19) + 'Z',
    trace_id: '00000000-0000-0000-0000-000000000000',
    correlation_id: '00000000-0000-0000-0000-000000000000',
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
  return { status, headers: { 'cache-control': 'no-store' }, body };
}

/** Users, and principals that still exist, by object id. */
export function livePrincipal(context: IdentityContext, matches: (object: DirectoryObject) => boolean): DirectoryObject | undefined {
  return [...context.state.directory.values()].find((object) => !object.deleted && object.kind !== 'group' && matches(object));
}
