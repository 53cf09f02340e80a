import { stringAt, stringsAt } from '../../base/json.ts';
import type { Answer, Ask } from '../exchange.ts';
import type { DirectoryObject } from '../state.ts';
import { type IdentityContext, isKnownResource, issueFor, livePrincipal } from './answer-token.ts';

const versions = {
  // What @azure/identity speaks.
  '2019-08-01': { header: 'x-identity-header', expires: (seconds: number) => String(seconds) },
  // What Azure CLI speaks; its date format is the one that msrestazure parses.
  '2017-09-01': { header: 'secret', expires: usDate },
} as const;

const identityParameters = ['client_id', 'clientid', 'object_id', 'principal_id', 'mi_res_id', 'msi_res_id'];
const known = ['resource', 'api-version', ...identityParameters];

/**
 * The managed identity endpoint of App Service, both versions in use. Without an identity parameter it speaks for the
 * scenario's operator; with one, for any application or managed identity of the tenant, so that a test can be any of them.
 */
export function managedIdentityToken(context: IdentityContext, ask: Ask): Answer {
  const version = versions[ask.query.get('api-version') as keyof typeof versions] as (typeof versions)['2017-09-01'] | undefined;
  if (ask.method !== 'GET') return refuse(405, `the managed identity endpoint does not know ${ask.method}`);
  if (version === undefined) return refuse(400, `api-version \`${ask.query.get('api-version') ?? ''}\` is not 2019-08-01 or 2017-09-01`);
  if (ask.headers[version.header] !== context.identitySecret) return refuse(401, `the ${version.header} header is missing or wrong`);
  const unknown = [...ask.query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return refuse(400, `the managed identity endpoint does not know the parameter \`${unknown}\``);
  const resource = ask.query.get('resource') ?? '';
  if (!isKnownResource(resource, ask.origin)) return refuse(400, `AADSTS500011: The resource principal named ${resource} was not found`);
  const identity = namedIdentity(context, ask.query);
  if (identity === undefined)
    return refuse(400, 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.');
  const token = issueFor(context, identity, resource);
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: token.accessToken,
      expires_on: version.expires(token.expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: stringAt(identity.properties, 'appId') ?? identity.id,
    },
  };
}

function namedIdentity(context: IdentityContext, query: URLSearchParams): DirectoryObject | undefined {
  const given = identityParameters.flatMap((name) => (query.get(name) === null ? [] : [[name, query.get(name) ?? ''] as const]));
  const [named, second] = given;
  if (second !== undefined) return undefined;
  if (named === undefined) return livePrincipal(context, (object) => same(object.id, context.operator.objectId));
  const [parameter, value] = named;
  return livePrincipal(context, (object) => {
    if (object.kind !== 'servicePrincipal') return false;
    if (parameter.endsWith('res_id')) return stringsAt(object.properties, 'alternativeNames').some((name) => same(name, value));
    return same(parameter.startsWith('client') ? (stringAt(object.properties, 'appId') ?? '') : object.id, value);
  });
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** `11/05/2026 15:18:31 +00:00` */
function usDate(seconds: number): string {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 8)} +00:00`;
}

function refuse(statusCode: number, message: string): Answer {
  return { status: statusCode, body: { statusCode, message, correlationId: '00000000-0000-0000-0000-000000000000' } };
}
