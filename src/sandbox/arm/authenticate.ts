import { type Ask, type Caller, ServiceError } from '../exchange.ts';

const audiences = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://management.usgovcloudapi.net',
  'https://management.core.usgovcloudapi.net',
  'https://management.chinacloudapi.cn',
  'https://management.core.chinacloudapi.cn',
];

/** @throws ServiceError 401 when the token is missing, not the sandbox's own, or for another service */
export function authenticate(ask: Ask, tenantId: string): Caller {
  const refuse = (code: string, message: string) => {
    const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
    return new ServiceError(401, code, message, { headers: { 'www-authenticate': challenge } });
  };
  if (ask.headers.authorization === undefined)
    throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  if (ask.caller === undefined) throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  if (ask.caller.tenantId.toLowerCase() !== tenantId.toLowerCase())
    throw refuse('InvalidAuthenticationTokenTenant', `The access token is from the wrong issuer. It must match the tenant '${tenantId}'.`);
  if (![...audiences, ask.origin].includes(ask.caller.audience))
    throw refuse(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${ask.caller.audience}'. It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`,
    );
  return ask.caller;
}
