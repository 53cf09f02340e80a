import { createHmac, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type JsonObject, stringAt } from '../../../src/base/json.ts';
import { createTokenIssuer } from '../../../src/sandbox/identity/tokens.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const objectId = 'aaaaaaaa-0000-4000-8000-000000000001';
const hour = 3600_000;
const clockAt = (offset: number) => {
  let ahead = offset;
  const advance = (more: number): void => {
    ahead += more;
  };
  return { now: () => Date.now() + ahead, advance };
};
const part = (token: string, index: number): JsonObject =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')) as JsonObject;
const recode = (claims: JsonObject): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

describe('an access token of the sandbox', () => {
  const issuer = createTokenIssuer({ tenantId, clock: clockAt(0) });

  test('is an RS256 JWT that the published key verifies', () => {
    const { accessToken } = issuer.issue(objectId, 'https://vault.azure.net');
    const [header, claims, signature] = accessToken.split('.');
    const [jwk] = issuer.jwks.keys as readonly JsonObject[];
    expect(part(accessToken, 0)).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: jwk?.kid });
    const key = createPublicKey({
      key: { kty: 'RSA', n: stringAt(jwk ?? {}, 'n') ?? '', e: stringAt(jwk ?? {}, 'e') ?? '' },
      format: 'jwk',
    });
    expect(verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  test('of a managed identity says which resource it is, and no user', () => {
    const { accessToken, expiresOn } = issuer.issue(objectId, 'https://management.azure.com/', {
      appId: 'app',
      managedIdentity: '/subscriptions/s/mi',
    });
    const claims = part(accessToken, 1);
    expect(claims).toMatchObject({ aud: 'https://management.azure.com/', iss: `https://sts.windows.net/${tenantId}/`, ver: '1.0' });
    expect(claims).toMatchObject({
      oid: objectId,
      sub: objectId,
      tid: tenantId,
      appid: 'app',
      idtyp: 'app',
      xms_mirid: '/subscriptions/s/mi',
    });
    expect(claims.exp).toBe(expiresOn);
    expect(claims).not.toHaveProperty('upn');
  });

  test('of a user carries the name it signs in with and the application it uses', () => {
    const claims = part(issuer.issue(objectId, 'https://vault.azure.net', { upn: 'u@x.example', name: 'U' }).accessToken, 1);
    expect(claims).toMatchObject({ idtyp: 'user', upn: 'u@x.example', name: 'U', scp: 'user_impersonation' });
    expect(claims.appid).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('LP-3: of an application on behalf of a user names both', () => {
    const { accessToken } = issuer.issue(objectId, 'https://vault.azure.net', { appId: 'portal', onBehalfOf: objectId });
    expect(issuer.verify(`Bearer ${accessToken}`)).toEqual({
      objectId,
      appId: 'portal',
      tenantId,
      audience: 'https://vault.azure.net',
      onBehalfOf: objectId,
    });
  });

  test('names its resource without the closing slash, however the client wrote it', () => {
    expect(issuer.verify(issuer.issue(objectId, 'https://management.azure.com/').accessToken)?.audience).toBe(
      'https://management.azure.com',
    );
  });

  test('is refused when a claim was changed, the signature was left out or made with a shared secret, or another sandbox signed it', () => {
    const { accessToken } = issuer.issue(objectId, 'https://vault.azure.net');
    const [header = '', , signature = ''] = accessToken.split('.');
    const changed = recode({ ...part(accessToken, 1), oid: 'somebody-else' });
    const none = `${recode({ alg: 'none', typ: 'JWT' })}.${changed}`;
    const hmacHead = `${recode({ alg: 'HS256', typ: 'JWT' })}.${changed}`;
    const hmac = createHmac('sha256', JSON.stringify(issuer.jwks)).update(hmacHead).digest('base64url');
    const other = createTokenIssuer({ tenantId, clock: clockAt(0) }).issue(objectId, 'https://vault.azure.net').accessToken;
    const forged = [
      `${header}.${changed}.${signature}`,
      `${none}.`,
      `${hmacHead}.${hmac}`,
      other,
      '',
      'Bearer',
      'a.b.c',
      `${accessToken}.x`,
    ];
    expect(forged.map((token) => issuer.verify(token))).toEqual(forged.map(() => undefined));
  });

  test('outlives a jump of the sandbox clock, and is always fresh for a client that goes by real time', () => {
    const clock = clockAt(0);
    const moved = createTokenIssuer({ tenantId, clock });
    const before = moved.issue(objectId, 'https://vault.azure.net');
    clock.advance(100 * hour);
    expect(moved.verify(before.accessToken)?.objectId).toBe(objectId);
    const after = moved.issue(objectId, 'https://vault.azure.net');
    expect(after.expiresOn * 1000).toBeGreaterThan(clock.now() + 23 * hour);
    expect(Number(part(after.accessToken, 1).nbf) * 1000).toBeLessThanOrEqual(Date.now());
    const behind = createTokenIssuer({ tenantId, clock: clockAt(-1000 * hour) }).issue(objectId, 'https://vault.azure.net');
    expect(behind.expiresOn * 1000).toBeGreaterThan(Date.now() + 23 * hour);
  });

  test('ends when both clocks are past its end', () => {
    let now = Date.now() - 48 * hour;
    const advance = (more: number): void => {
      now += more;
    };
    const clock = { now: () => now, advance };
    const realNow = Date.now;
    Date.now = () => now;
    try {
      const ending = createTokenIssuer({ tenantId, clock });
      const { accessToken } = ending.issue(objectId, 'https://vault.azure.net');
      expect(ending.verify(accessToken)?.objectId).toBe(objectId);
      clock.advance(25 * hour);
      expect(ending.verify(accessToken)).toBeUndefined();
    } finally {
      Date.now = realNow;
    }
  });
});
