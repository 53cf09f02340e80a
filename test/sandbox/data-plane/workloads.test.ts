import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedObjects } from '../../../src/sandbox/data-plane/seed.ts';
import type { Workload } from '../../../src/sandbox/data-plane/workload.ts';
import { runWorkload } from '../../../src/sandbox/data-plane/workloads.ts';
import { addPrincipal, guid, tenantId } from '../evaluator/estate.ts';
import { app, appId, grant, policies, type RunningVaults, runVaults } from './harness.ts';

let vaults: RunningVaults;

beforeEach(async () => {
  vaults = await runVaults();
});
afterEach(() => vaults.close());

function run(calls: Workload['calls'], more: Partial<Workload> = {}) {
  return runWorkload({ name: 'shop', principal: app, calls, ...more }, vaults);
}

async function seeded(properties: Parameters<RunningVaults['addVault']>[1]) {
  const vault = vaults.addVault('kv-a', properties);
  await seedObjects(
    vault,
    {
      secrets: ['db', { name: 'api', value: 'x' }],
      keys: ['disk', { name: 'token', kty: 'EC' }],
      certificates: [{ name: 'tls', subject: 'CN=shop.example' }],
    },
    { now: vaults.context.clock.now() },
  );
}

const everything: Workload['calls'] = [
  { vault: 'KV-A', operation: 'getSecret', object: 'db' },
  { vault: 'kv-a', operation: 'getSecret', object: 'tls' },
  { vault: 'kv-a', operation: 'listSecrets' },
  { vault: 'kv-a', operation: 'setSecret', object: 'new' },
  { vault: 'kv-a', operation: 'getKey', object: 'disk' },
  { vault: 'kv-a', operation: 'listKeys' },
  { vault: 'kv-a', operation: 'wrapKey', object: 'disk' },
  { vault: 'kv-a', operation: 'unwrapKey', object: 'disk' },
  { vault: 'kv-a', operation: 'encrypt', object: 'disk' },
  { vault: 'kv-a', operation: 'decrypt', object: 'disk' },
  { vault: 'kv-a', operation: 'sign', object: 'token' },
  { vault: 'kv-a', operation: 'verify', object: 'token' },
  { vault: 'kv-a', operation: 'sign', object: 'tls' },
  { vault: 'kv-a', operation: 'getCertificate', object: 'tls' },
  { vault: 'kv-a', operation: 'listCertificates' },
];

describe('workloads', () => {
  test('every operation works over TLS where it is allowed, under either model', async () => {
    await seeded(policies({ secrets: ['all'], keys: ['all'], certificates: ['all'] }));
    expect(await run(everything)).toEqual({ name: 'shop', ok: everything.length, refused: 0, failed: 0 });
    await seeded({ enableRbacAuthorization: true });
    grant(vaults.state, 'kv-a', ['*']);
    expect(await run(everything)).toEqual({ name: 'shop', ok: everything.length, refused: 0, failed: 0 });
  });

  test('EA-8: what is refused is counted apart from what fails, with the first refusal in the words of the service', async () => {
    await seeded({ enableRbacAuthorization: true });
    grant(vaults.state, 'kv-a', ['secrets/getSecret/action']);
    const result = await run([
      { vault: 'kv-a', operation: 'getSecret', object: 'db' },
      { vault: 'kv-a', operation: 'listSecrets' },
      { vault: 'kv-a', operation: 'getSecret', object: 'none' },
      { vault: 'kv-none', operation: 'listSecrets' },
      { vault: 'kv-a', operation: 'unwrapKey', object: 'none' },
    ]);
    expect(result).toMatchObject({ ok: 1, refused: 2, failed: 2 });
    expect(result.firstRefusal).toContain("Action: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'");
    expect(vaults.denials().map(({ operation, objectId }) => [operation, objectId])).toEqual([
      ['SecretList', app],
      ['KeyUnwrap', app],
    ]);
  });

  test('LP-3: a compound entry lets the user in through its application only, and not at all without it', async () => {
    const user = addPrincipal(vaults.state, guid(0x61));
    await seeded({ accessPolicies: [{ tenantId, objectId: user, applicationId: appId, permissions: { secrets: ['get'] } }] });
    const calls: Workload['calls'] = [{ vault: 'kv-a', operation: 'getSecret', object: 'db' }];
    expect(await run(calls, { principal: user, onBehalfOfApp: appId })).toMatchObject({ ok: 1 });
    expect((await run(calls, { principal: user })).firstRefusal).toContain('to use on-behalf-of (OBO) flow');
    expect(await run(calls, { principal: user, onBehalfOfApp: guid(0x62) })).toMatchObject({ refused: 1 });
  });

  test('EA-32: a deleted principal cannot even sign in', async () => {
    await seeded(policies({ secrets: ['get'] }));
    addPrincipal(vaults.state, app, { deleted: true });
    expect(await run([{ vault: 'kv-a', operation: 'getSecret', object: 'db' }])).toMatchObject({ ok: 0, refused: 0, failed: 1 });
  });
});
