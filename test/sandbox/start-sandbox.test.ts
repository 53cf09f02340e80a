import { X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../../src/base/json.ts';
import { aTenant, groupId, ids, type Running, roleId, roles, runSandbox, vaultId } from './run-sandbox.ts';

const kvA = `${vaultId('kv-a')}?api-version=2026-02-01`;
const flip = { properties: { enableRbacAuthorization: true } };
const flag = async (azure: Running) => objectAt((await azure.call('GET', kvA)).body, 'properties').enableRbacAuthorization;

describe('the running sandbox', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('its authority signs a certificate for loopback and the public names', () => {
    const ca = new X509Certificate(azure.caPem);
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
  });

  test('answers carry the headers that clients log', async () => {
    const { headers } = await azure.call('GET', kvA);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-ms-correlation-request-id']).toBe(headers['x-ms-request-id']);
    expect(Number(headers['x-ms-ratelimit-remaining-subscription-reads'])).toBeLessThan(250);
  });

  test('hosts lead to their services, and so do paths on loopback', async () => {
    const graph = { authorization: `Bearer ${azure.issueToken(ids.reader, 'https://graph.microsoft.com')}` };
    const byPath = await azure.call('GET', '/v1.0/me', { as: null, headers: graph });
    expect(byPath.body.id).toBe(ids.reader);
    const byHost = await azure.call('GET', '/v1.0/me', { as: null, headers: { ...graph, host: 'graph.microsoft.com' } });
    expect(byHost.body.id).toBe(ids.reader);
    const vault = await azure.call('GET', '/secrets?api-version=2025-07-01', { as: null, headers: { host: 'kv-a.vault.azure.net' } });
    expect(vault.status).toBe(401);
    expect(vault.headers['www-authenticate']).toContain('https://vault.azure.net');
    const named = await azure.call('GET', '/secrets?api-version=2025-07-01', {
      as: null,
      headers: { 'x-sandbox-host': 'kv-a.vault.azure.net' },
    });
    expect(named.status).toBe(401);
    const login = await azure.call('GET', `/${ids.tenant}/v2.0/.well-known/openid-configuration`, { as: null });
    expect(login.body.token_endpoint).toContain('/oauth2/v2.0/token');
  });

  test('the managed identity endpoint gives the operator tokens for Azure and for the sandbox’s own address', async () => {
    for (const resource of ['https://management.azure.com/', azure.origin]) {
      const reply = await overHttp(`${azure.identityEndpoint}?resource=${encodeURIComponent(resource)}&api-version=2019-08-01`, {
        'x-identity-header': azure.identitySecret,
      });
      const token = stringAt(reply, 'access_token') ?? '';
      const read = await azure.call('GET', kvA, { as: null, headers: { authorization: `Bearer ${token}` } });
      expect([read.status, azure.context.tokens.verify(token)?.objectId]).toEqual([200, ids.owner]);
    }
  });

  test('the metrics count calls by operation', async () => {
    azure.resetMetrics();
    await azure.call('GET', kvA);
    await azure.call('GET', kvA);
    await azure.call('GET', '/_sandbox/clock', { as: null });
    const metrics = await azure.call('GET', '/_sandbox/metrics', { as: null });
    expect(metrics.body).toEqual({ total: 2, operations: { Vaults_Get: 2 }, statuses: { '200': 2 } });
  });

  test('a refused call of a workload is kept as a denial', async () => {
    const token = azure.issueToken(ids.dana, 'https://vault.azure.net');
    const headers = { authorization: `Bearer ${token}`, host: 'kv-a.vault.azure.net' };
    const refused = await azure.call('GET', '/secrets/db?api-version=2025-07-01', { as: null, headers });
    expect(refused.status).toBe(403);
    const denials = await azure.call('GET', '/_sandbox/denials', { as: null });
    expect(objectsAt(denials.body, 'value')).toMatchObject([{ vault: 'kv-a', objectId: ids.dana, operation: 'SecretGet' }]);
    const audit = await azure.call('GET', '/_sandbox/audit', { as: null });
    expect(objectsAt(audit.body, 'value').at(-1)).toMatchObject({ OperationName: 'SecretGet', HttpStatusCode: 403 });
  });

  test('the clock moves ahead, by steps or to a time, and never back', async () => {
    const now = async (body?: { advanceMilliseconds: number } | { now: string }) => {
      const reply = await azure.call(body === undefined ? 'GET' : 'POST', '/_sandbox/clock', { as: null, ...(body && { body }) });
      return reply.status === 200 ? Date.parse(stringAt(reply.body, 'now') ?? '') : reply.status;
    };
    const start = await now();
    expect(await now({ advanceMilliseconds: 3600_000 })).toBeGreaterThanOrEqual(start + 3600_000);
    expect(await now({ now: new Date(start + 7200_000).toISOString() })).toBeGreaterThanOrEqual(start + 7200_000);
    expect(await now({ now: new Date(start).toISOString() })).toBe(400);
    expect(await now({ advanceMilliseconds: -1 })).toBe(400);
  });

  test('the state is the same text again after a change and its undoing', async () => {
    const before = (await azure.call('GET', '/_sandbox/state', { as: null })).text;
    const client = azure.authorization().roleAssignments;
    const name = '72000000-0000-4000-8000-00000000f001';
    await client.create(vaultId('kv-a'), name, { roleDefinitionId: roleId(roles.reader), principalId: ids.app });
    await azure.call('PATCH', kvA, { body: flip });
    expect((await azure.call('GET', '/_sandbox/state', { as: null })).text).not.toBe(before);
    await azure.call('PATCH', kvA, { body: { properties: { enableRbacAuthorization: false } } });
    await client.delete(vaultId('kv-a'), name);
    expect((await azure.call('GET', '/_sandbox/state', { as: null })).text).toBe(before);
    expect(azure.stateJson()).toBe(before);
  });

  test('an unknown control path and a malformed body are errors', async () => {
    expect((await azure.call('GET', '/_sandbox/weather', { as: null })).status).toBe(404);
    const refused = await azure.call('POST', '/_sandbox/faults', {
      as: null,
      body: { operation: 'Vaults_Get', action: { kind: 'explode' } },
    });
    expect(refused.status).toBe(400);
  });
});

describe('propagation', () => {
  test('a new assignment gives access when it has propagated, and a removed one as long keeps it', async () => {
    const tenant = { ...aTenant(), consistency: { assignmentPropagationSeconds: 300 } };
    const azure = await runSandbox({
      ...tenant,
      vaults: { ...tenant.vaults, 'kv-a': { resourceGroup: 'rg-a', model: 'azureRbac', objects: { secrets: { db: 'x' } } } },
    });
    try {
      const headers = { authorization: `Bearer ${azure.issueToken(ids.app, 'https://vault.azure.net')}`, host: 'kv-a.vault.azure.net' };
      const read = async () => (await azure.call('GET', '/secrets?api-version=2025-07-01', { as: null, headers })).status;
      const client = azure.authorization().roleAssignments;
      const name = '72000000-0000-4000-8000-00000000f002';
      await client.create(groupId, name, { roleDefinitionId: roleId(roles.secretsUser), principalId: ids.app });
      expect(await read()).toBe(403);
      azure.clock.advance(301_000);
      expect(await read()).toBe(200);
      await client.delete(groupId, name);
      expect(await read()).toBe(200);
      azure.clock.advance(301_000);
      expect(await read()).toBe(403);
    } finally {
      await azure.close();
    }
  });
});

describe('throttling', () => {
  test('an empty bucket answers 429 with Retry-After, for one subscription and one principal only', async () => {
    const azure = await runSandbox(aTenant(), { throttle: { reads: { capacity: 3, perSecond: 0.1 } } });
    try {
      const statuses = [];
      for (let n = 0; n < 4; n++) statuses.push(await azure.call('GET', kvA));
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(statuses.map(({ headers }) => headers['x-ms-ratelimit-remaining-subscription-reads'])).toEqual(['2', '1', '0', '0']);
      expect(statuses.map(({ headers }) => headers['x-ms-ratelimit-remaining-subscription-global-reads'])).toEqual([
        '44',
        '43',
        '42',
        '42',
      ]);
      expect(Number(statuses[3]?.headers['retry-after'])).toBeGreaterThan(5);
      expect(objectAt(statuses[3]?.body ?? {}, 'error').code).toBe('SubscriptionRequestsThrottled');
      expect((await azure.call('GET', kvA, { as: ids.reader })).status).toBe(200);
      expect((await azure.call('PATCH', kvA, { body: { tags: {} } })).status).toBe(200);
      expect((await azure.call('GET', '/subscriptions?api-version=2022-12-01')).headers['x-ms-ratelimit-remaining-tenant-reads']).toBe('2');
      azure.clock.advance(10_000);
      expect((await azure.call('GET', kvA)).status).toBe(200);
    } finally {
      await azure.close();
    }
  });
});

describe('the token buckets', () => {
  test('are changed while the sandbox runs, begin full then, and are those of Resource Manager where nothing is said', async () => {
    const azure = await runSandbox(aTenant(), { throttle: { reads: { capacity: 1, perSecond: 0.01 } } });
    try {
      const left = async () => (await azure.call('GET', kvA)).headers['x-ms-ratelimit-remaining-subscription-reads'];
      const set = (body: JsonObject) => azure.call('POST', '/_sandbox/throttle', { as: null, body });
      expect([await left(), (await azure.call('GET', kvA)).status]).toEqual(['0', 429]);
      expect((await set({})).status).toBe(200);
      expect(await left()).toBe('249');
      expect((await set({ reads: { capacity: 9, perSecond: 1 } })).body).toEqual({ reads: { capacity: 9, perSecond: 1 } });
      expect([await left(), (await azure.call('GET', '/_sandbox/throttle', { as: null })).body]).toEqual([
        '8',
        { reads: { capacity: 9, perSecond: 1 } },
      ]);
      expect((await set({ reads: { capacity: 0, perSecond: 1 } })).status).toBe(400);
    } finally {
      await azure.close();
    }
  });
});

describe('faults', () => {
  let azure: Running;
  beforeAll(async () => {
    azure = await runSandbox();
  });
  afterAll(async () => {
    await azure.close();
  });

  test('the n-th call of an operation gets the given answer as it is', async () => {
    const action = {
      kind: 'answer' as const,
      status: 429,
      headers: { 'content-type': 'text/html', 'retry-after': '7' },
      body: '<html>busy</html>',
    };
    await azure.call('POST', '/_sandbox/faults', { as: null, body: { operation: 'vaults_*', path: 'KV-A', nth: 2, times: 2, action } });
    const replies = [];
    for (let n = 0; n < 4; n++) replies.push(await azure.call('GET', kvA));
    expect(replies.map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect([replies[1]?.text, replies[1]?.headers['content-type'], replies[1]?.headers['retry-after']]).toEqual([
      '<html>busy</html>',
      'text/html',
      '7',
    ]);
    expect(azure.faults.pending).toEqual([]);
  });

  test('a JSON body goes out as JSON, an envelope is not added', async () => {
    azure.faults.add({ operation: 'Vaults_Get', action: { kind: 'answer', status: 500, body: { Message: 'An error has occurred.' } } });
    const reply = await azure.call('GET', kvA);
    expect([reply.status, reply.body]).toEqual([500, { Message: 'An error has occurred.' }]);
  });

  test.each([
    ['reset', true, true],
    ['reset', false, false],
    ['cut', undefined, true],
  ] as const)('%s with afterwards %s: the write has happened: %s', async (kind, afterwards, written) => {
    await azure.call('PATCH', kvA, { body: { properties: { enableRbacAuthorization: false } } });
    azure.faults.add({ operation: 'Vaults_Update', action: kind === 'cut' ? { kind } : { kind, afterwards } });
    await expect(azure.call('PATCH', kvA, { body: flip })).rejects.toThrow(/ECONNRESET|aborted|hang up/);
    expect(await flag(azure)).toBe(written);
  });

  test('an answer may lie about a write that took place', async () => {
    await azure.call('PATCH', kvA, { body: { properties: { enableRbacAuthorization: false } } });
    azure.faults.add({ operation: 'Vaults_Update', action: { kind: 'answer', status: 503, afterwards: true } });
    expect((await azure.call('PATCH', kvA, { body: flip })).status).toBe(503);
    expect(await flag(azure)).toBe(true);
  });

  test('a call that hangs never answers, and does not keep the sandbox from closing', async () => {
    const hanging = await runSandbox();
    hanging.faults.add({ operation: 'Vaults_Get', action: { kind: 'hang' } });
    const call = hanging.call('GET', kvA).then(
      () => 'answered',
      () => 'closed',
    );
    while (hanging.metrics().total === 0) await new Promise((resolve) => setImmediate(resolve));
    await hanging.close();
    expect(await call).toBe('closed');
  });
});

describe('recording', () => {
  test('each exchange with Resource Manager is a line without its token; injected answers are none', async () => {
    const lines: string[] = [];
    const azure = await runSandbox(aTenant(), { recordTo: (line) => lines.push(line) });
    try {
      await azure.call('PATCH', kvA, { body: flip });
      azure.faults.add({ operation: '*', action: { kind: 'reset' } });
      await azure.call('GET', kvA).catch(() => undefined);
      await azure.call('GET', '/_sandbox/state', { as: null });
    } finally {
      await azure.close();
    }
    expect(lines).toHaveLength(1);
    const line: unknown = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({
      method: 'PATCH',
      url: `${azure.origin}${kvA}`,
      requestBody: flip,
      status: 200,
      requestHeaders: { authorization: 'REDACTED' },
    });
    expect(stringAt(objectAt(isObject(line) ? line : {}, 'responseBody'), 'name')).toBe('kv-a');
    expect(lines[0]).not.toContain('eyJ');
  });
});

function overHttp(url: string, headers: Readonly<Record<string, string>>): Promise<Record<string, never>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        resolve(JSON.parse(text) as Record<string, never>);
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
