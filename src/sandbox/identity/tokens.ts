import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { isObject, type JsonObject, stringAt } from '../../base/json.ts';
import type { Caller } from '../exchange.ts';
import type { SandboxClock } from '../state.ts';

/** What a token says beyond who and for what. */
export interface TokenDetails {
  readonly appId?: string;
  /** The user on whose behalf an application calls (compound identity). */
  readonly onBehalfOf?: string;
  readonly idtyp?: 'app' | 'user';
  readonly name?: string;
  readonly upn?: string;
  /** Resource id of the managed identity, the claim `xms_mirid`. */
  readonly managedIdentity?: string;
}

export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly expiresOn: number;
}

/** Signs and checks the sandbox's access tokens; the key lives and dies with it. */
export interface TokenIssuer {
  issue(objectId: string, audience: string, more?: TokenDetails): IssuedToken;
  /** The caller in an Authorization header or a bare token; undefined unless this issuer signed it and it has not expired. */
  verify(bearer: string): Caller | undefined;
  /** JSON Web Key Set with the public key. */
  readonly jwks: JsonObject;
}

/** The application that users sign in through when nothing else is said: Microsoft Azure CLI. */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const lifetimeSeconds = 24 * 3600;
/** Says on whose behalf an application calls; Azure keeps this inside opaque claims. */
const onBehalfOfClaim = 'sandbox_obo';

/**
 * Clients judge `exp` by real time while the sandbox clock may be moved ahead, so a token lives 24 hours from the later of the
 * two, and is refused only when both are past its end: moving the clock never signs a running client out.
 */
export function createTokenIssuer(options: { readonly tenantId: string; readonly clock: SandboxClock }): TokenIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('base64url');
  const issuer = `https://sts.windows.net/${options.tenantId}/`;
  const seconds = () => {
    const times = [options.clock.now(), Date.now()].map((time) => Math.floor(time / 1000));
    return { earlier: Math.min(...times), later: Math.max(...times) };
  };
  return {
    jwks: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, x5t: kid, n: jwk.n, e: jwk.e }] },
    issue(objectId, audience, more = {}) {
      const { earlier, later } = seconds();
      const expiresOn = later + lifetimeSeconds;
      const times = { iat: earlier, nbf: earlier, exp: expiresOn };
      const claims = { aud: audience, iss: issuer, ...times, ...identityClaims(objectId, options.tenantId, more) };
      return { accessToken: encode({ typ: 'JWT', alg: 'RS256', x5t: kid, kid }, claims, privateKey), expiresOn };
    },
    verify(bearer) {
      const claims = decode(bearer.replace(/^bearer\s+/i, ''), publicKey);
      if (claims?.iss !== issuer || typeof claims.exp !== 'number' || claims.exp <= seconds().earlier) return undefined;
      return callerOf(claims);
    },
  };
}

function identityClaims(objectId: string, tenantId: string, more: TokenDetails): JsonObject {
  const user = more.idtyp === 'user' || more.upn !== undefined || more.onBehalfOf !== undefined;
  const who = user
    ? { idtyp: 'user', scp: 'user_impersonation', name: more.name ?? 'Sandbox User', upn: more.upn ?? `${objectId}@sandbox.example` }
    : { idtyp: 'app', idp: `https://sts.windows.net/${tenantId}/` };
  return {
    appid: more.appId ?? (user ? azureCli : objectId),
    appidacr: user ? '0' : '2',
    ...who,
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    ver: '1.0',
    ...(more.managedIdentity !== undefined && { xms_mirid: more.managedIdentity }),
    ...(more.onBehalfOf !== undefined && { [onBehalfOfClaim]: more.onBehalfOf }),
  };
}

function callerOf(claims: JsonObject): Caller | undefined {
  const [objectId, appId, tenantId, audience] = ['oid', 'appid', 'tid', 'aud'].map((name) => stringAt(claims, name));
  if (objectId === undefined || appId === undefined || tenantId === undefined || audience === undefined) return undefined;
  const onBehalfOf = stringAt(claims, onBehalfOfClaim);
  // Clients ask for `https://management.azure.com/` and for the same without the slash: one resource.
  return { objectId, appId, tenantId, audience: audience.replace(/\/+$/, ''), ...(onBehalfOf !== undefined && { onBehalfOf }) };
}

function encode(header: JsonObject, claims: JsonObject, key: KeyObject): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function decode(token: string, key: KeyObject): JsonObject | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) return undefined;
  if (!verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))) return undefined;
  const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  return isObject(parsed) ? parsed : undefined;
}
