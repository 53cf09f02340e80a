import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type JsonObject, stringAt } from '../../../src/base/json.ts';
import { isIdentityPath, tokenEndpoint } from '../../../src/sandbox/identity/token-endpoint.ts';
import { createTokenIssuer } from '../../../src/sandbox/identity/tokens.ts';
import { type LoadedScenario, loadScenario } from '../../../src/sandbox/scenario/load-scenario.ts';
import { type Loopback, serve } from '../loopback.ts';
import { now, scenarioCatalogue, scenarioFolder } from '../scenario/minimal-scenario.ts';

const identitySecret = 'made-at-start';
const clock = { now: () => Date.now(), advance: () => undefined };
let scenario: LoadedScenario;
let tokens: ReturnType<typeof createTokenIssuer>;
let server: Loopback;

beforeAll(async () => {
  scenario = await loadScenario(scenarioFolder('certificate-consumer'), { catalogue: scenarioCatalogue, now });
  tokens = createTokenIssuer({ tenantId: scenario.tenant.tenantId, clock });
  const handler = tokenEndpoint({ state: scenario.tenant, tokens, operator: scenario.operator, identitySecret });
  server = await serve(handler, (bearer) => tokens.verify(bearer));
});
afterAll(() => server.close());
afterEach(() => vi.unstubAllEnvs());

const named = (displayName: string) => {
  const found = [...scenario.tenant.directory.values()].find((object) => object.displayName === displayName);
  if (found === undefined) throw new Error(displayName);
  return found;
};
const get = async (path: string, headers: Record<string, string> = {}, init: { method?: string; body?: string } = {}) => {
  const { request } = await import('node:https');
  return await new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
    const sent = request(`${server.origin}${path}`, { ca: server.ca, headers, method: init.method ?? 'GET' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> });
      });
    });
    sent.on('error', reject);
    sent.end(init.body);
  });
};
const textAt = (object: object, key: string) => stringAt(object as JsonObject, key) ?? '';
const arm = 'https%3A%2F%2Fmanagement.azure.com%2F';

describe('the managed identity endpoint', () => {
  test('gives @azure/identity in App Service style a token for the operator', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${server.origin}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', identitySecret);
    const token = await new ManagedIdentityCredential({ tlsOptions: { ca: server.ca } }).getToken('https://management.azure.com/.default');
    expect(tokens.verify(token.token)).toMatchObject({ objectId: scenario.operator.objectId, audience: 'https://management.azure.com' });
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 23 * 3600_000);
  });

  test('gives @azure/identity a token for the identity that a client id names', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${server.origin}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', identitySecret);
    const ingress = named('id-ingress');
    const options = { clientId: textAt(ingress.properties, 'appId'), tlsOptions: { ca: server.ca } };
    const token = await new ManagedIdentityCredential(options).getToken('https://vault.azure.net/.default');
    expect(tokens.verify(token.token)).toMatchObject({ objectId: ingress.id, appId: ingress.properties.appId });
  });

  test('speaks the 2017 version to Azure CLI: its header, its path with a slash too many, and its date format', async () => {
    // What msrestazure sends: the endpoint, a slash, and the resource unescaped.
    const { status, body } = await get('/msi/token/?resource=https://management.core.windows.net/&api-version=2017-09-01', {
      secret: identitySecret,
    });
    expect(status).toBe(200);
    expect(body.expires_on).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \+00:00$/);
    expect(Date.parse(textAt(body, 'expires_on'))).toBeGreaterThan(Date.now() + 23 * 3600_000);
    expect(body).toMatchObject({ token_type: 'Bearer', resource: 'https://management.core.windows.net/' });
    expect(tokens.verify(textAt(body, 'access_token'))?.objectId).toBe(scenario.operator.objectId);
  });

  test.each([
    ['no header', `/msi/token?api-version=2019-08-01&resource=${arm}`, {}, 401],
    ['a wrong header', `/msi/token?api-version=2019-08-01&resource=${arm}`, { 'x-identity-header': 'guess' }, 401],
    ['the header of the other version', `/msi/token?api-version=2017-09-01&resource=${arm}`, { 'x-identity-header': identitySecret }, 401],
    ['an unknown version', `/msi/token?api-version=2018-02-01&resource=${arm}`, { secret: identitySecret }, 400],
    [
      'a resource that is none',
      '/msi/token?api-version=2019-08-01&resource=https://evil.example',
      { 'x-identity-header': identitySecret },
      400,
    ],
    ['no resource', '/msi/token?api-version=2019-08-01', { 'x-identity-header': identitySecret }, 400],
    [
      'an unknown identity',
      `/msi/token?api-version=2019-08-01&client_id=nobody&resource=${arm}`,
      { 'x-identity-header': identitySecret },
      400,
    ],
    ['an unknown parameter', `/msi/token?api-version=2019-08-01&bypass=true&resource=${arm}`, { 'x-identity-header': identitySecret }, 400],
  ])('refuses %s, and gives no token', async (_, path, headers, status) => {
    const answer = await get(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toHaveProperty('access_token');
  });

  test('takes an object id and a resource id too', async () => {
    const gateway = named('id-application-gateway');
    const resourceId = (gateway.properties.alternativeNames as readonly string[]).at(-1) ?? '';
    for (const query of [`object_id=${gateway.id}`, `mi_res_id=${encodeURIComponent(resourceId)}`]) {
      const { body } = await get(`/msi/token?api-version=2019-08-01&resource=${arm}&${query}`, { 'x-identity-header': identitySecret });
      expect(tokens.verify(textAt(body, 'access_token'))?.objectId, query).toBe(gateway.id);
    }
  });
});

describe('the authority', () => {
  const credential = (secret: string, appId?: string) =>
    new ClientSecretCredential(scenario.tenant.tenantId, appId ?? textAt(named('sp-renewal').properties, 'appId'), secret, {
      authorityHost: server.origin,
      tlsOptions: { ca: server.ca },
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
    });

  test('gives an application with its client secret a token', async () => {
    const token = await credential(identitySecret).getToken('https://graph.microsoft.com/.default');
    expect(tokens.verify(token.token)).toMatchObject({ objectId: named('sp-renewal').id, audience: 'https://graph.microsoft.com' });
  });

  test('gives a workload with a federated assertion a token', async () => {
    const appId = textAt(named('id-ingress').properties, 'appId');
    const workload = new ClientAssertionCredential(scenario.tenant.tenantId, appId, () => Promise.resolve(identitySecret), {
      authorityHost: server.origin,
      tlsOptions: { ca: server.ca },
      disableInstanceDiscovery: true,
    });
    const token = await workload.getToken('https://management.azure.com/.default');
    expect(tokens.verify(token.token)?.objectId).toBe(named('id-ingress').id);
  });

  test('refuses a wrong secret with AADSTS7000215 and an unknown application with AADSTS700016', async () => {
    await expect(credential('guess').getToken('https://graph.microsoft.com/.default')).rejects.toThrow(/AADSTS7000215/);
    await expect(
      credential(identitySecret, '00000000-0000-4000-8000-00000000dead').getToken('https://graph.microsoft.com/.default'),
    ).rejects.toThrow(/AADSTS700016/);
  });

  test('describes itself where clients look, by its own address', async () => {
    const { tenantId } = scenario.tenant;
    const { body } = await get(`/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect(body.token_endpoint).toBe(`${server.origin}/${tenantId}/oauth2/v2.0/token`);
    const instance = await get(
      `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`${server.origin}/${tenantId}/oauth2/v2.0/authorize`)}`,
    );
    expect(instance.body.tenant_discovery_endpoint).toBe(`${server.origin}/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect((await get(`/${tenantId}/discovery/v2.0/keys`)).body).toEqual(tokens.jwks);
  });

  test('names what it does not know: another tenant, another grant, another path', async () => {
    const { tenantId } = scenario.tenant;
    expect(await get('/22222222-2222-4333-8444-555555555555/v2.0/.well-known/openid-configuration')).toMatchObject({
      status: 400,
      body: { error: 'invalid_tenant' },
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const password = await get(`/${tenantId}/oauth2/v2.0/token`, form, { method: 'POST', body: 'grant_type=password' });
    expect(password).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
    expect((await get(`/${tenantId}/oauth2/v2.0/authorize`)).status).toBe(404);
  });

  test('its paths are told apart from those of Resource Manager and Graph', () => {
    const paths = [
      'msi/token',
      'common/discovery/instance',
      'tid/oauth2/v2.0/token',
      'tid/v2.0/.well-known/openid-configuration',
      'subscriptions/x/providers/y',
      'v1.0/users',
      'providers/x',
      'secrets/oauth2',
    ];
    expect(paths.map((path) => isIdentityPath(path.split('/')))).toEqual([true, true, true, true, false, false, false, false]);
  });
});
