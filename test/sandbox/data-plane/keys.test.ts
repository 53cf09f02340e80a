import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify as verifySignature,
} from 'node:crypto';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { CryptographyClient, KeyClient, type KeyVaultKey, type SignatureAlgorithm } from '@azure/keyvault-keys';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { app, grant, policies, type RunningVaults, runVaults, vaultId } from './harness.ts';
import { all, failure, given } from './outcome.ts';

let vaults: RunningVaults;

beforeAll(async () => {
  vaults = await runVaults();
});
afterAll(() => vaults.close());
afterEach(() => {
  vaults.state.vaults.clear();
  vaults.state.roleAssignments.clear();
});

function clientOf(vault: string): KeyClient {
  const { httpClient, credential } = vaults.client();
  return new KeyClient(`https://${vault}.vault.azure.net`, credential, { httpClient, retryOptions: { maxRetries: 0 } });
}

/** A client that knows a key by its id only, so that every operation goes to the vault. */
function remote(key: KeyVaultKey): CryptographyClient {
  const { httpClient, credential } = vaults.client();
  return new CryptographyClient(given(key.id), credential, { httpClient, retryOptions: { maxRetries: 0 } });
}

/** The public key as node:crypto reads what the vault shows of it. */
function publicKeyOf({ key }: KeyVaultKey): KeyObject {
  const text = (part: Uint8Array | undefined) => Buffer.from(part ?? []).toString('base64url');
  const crv = key?.crv === 'P-256K' ? 'secp256k1' : key?.crv;
  const jwk = key?.n === undefined ? { kty: 'EC', crv, x: text(key?.x), y: text(key?.y) } : { kty: 'RSA', n: text(key.n), e: text(key.e) };
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}

const models = [
  ['access policies', policies({ keys: ['all', 'purge'] })],
  ['Azure RBAC', { enableRbacAuthorization: true }],
] as const;

describe.each(models)('keys under %s, through @azure/keyvault-keys', (model, properties) => {
  let client: KeyClient;

  beforeEach(() => {
    vaults.addVault('kv-a', properties);
    if (model === 'Azure RBAC') grant(vaults.state, 'kv-a', ['keys/*', 'keyrotationpolicies/*']);
    client = clientOf('kv-a');
  });

  test('a key is created, read in each version, listed, updated and rotated', async () => {
    const created = await client.createEcKey('signing', { curve: 'P-384', tags: { of: 'shop' } });
    const rotated = await client.rotateKey('signing');
    expect([rotated.key?.crv, rotated.properties.version === created.properties.version]).toEqual(['P-384', false]);
    const { version = '' } = created.properties;
    expect((await client.getKey('signing', { version })).key?.x).toEqual(created.key?.x);
    expect((await client.getKey('signing')).key?.x).toEqual(rotated.key?.x);
    await client.updateKeyProperties('signing', version, { enabled: false, keyOps: ['verify'] });
    const old = await client.getKey('signing', { version });
    expect([old.properties.enabled, old.keyOperations, old.properties.tags]).toEqual([false, ['verify'], { of: 'shop' }]);
    expect((await all(client.listPropertiesOfKeyVersions('signing'))).map(({ enabled }) => enabled)).toEqual([false, true]);
    expect((await all(client.listPropertiesOfKeys())).map(({ name }) => name)).toEqual(['signing']);
  });

  test('a key is deleted, recovered, deleted again and purged; a backup brings it back', async () => {
    const { key } = await client.createEcKey('k');
    const backup = given(await client.backupKey('k'));
    await (await client.beginDeleteKey('k', { intervalInMs: 1 })).pollUntilDone();
    expect(await failure(client.createEcKey('k'))).toMatchObject({ status: 409, inner: 'ObjectIsDeletedButRecoverable' });
    expect((await all(client.listDeletedKeys())).map(({ name }) => name)).toEqual(['k']);
    await (await client.beginRecoverDeletedKey('k', { intervalInMs: 1 })).pollUntilDone();
    await client.beginDeleteKey('k', { intervalInMs: 1 });
    expect((await client.getDeletedKey('k')).key?.x).toEqual(key?.x);
    await client.purgeDeletedKey('k');
    expect(await failure(client.getKey('k'))).toMatchObject({ status: 404, code: 'KeyNotFound' });
    expect((await client.restoreKeyBackup(backup)).key?.x).toEqual(key?.x);
  });

  test('a rotation policy is read as it was set', async () => {
    await client.createEcKey('k');
    expect((await client.getKeyRotationPolicy('k')).lifetimeActions).toEqual([
      { action: 'Notify', timeBeforeExpiry: 'P30D', timeAfterCreate: undefined },
    ]);
    const lifetimeActions = [{ action: 'Rotate' as const, timeAfterCreate: 'P90D' }];
    await client.updateKeyRotationPolicy('k', { lifetimeActions, expiresIn: 'P2Y' });
    const policy = await client.getKeyRotationPolicy('k');
    expect([policy.expiresIn, policy.lifetimeActions?.[0]?.action, policy.lifetimeActions?.[0]?.timeAfterCreate]).toEqual([
      'P2Y',
      'Rotate',
      'P90D',
    ]);
  });

  test.each(['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256'] as const)(
    '%s: what the public key encrypts the vault decrypts, and the other way round',
    async (algorithm) => {
      const jwk = rsa.privateKey.export({ format: 'jwk' });
      const parts = Object.fromEntries(
        Object.entries(jwk).map(([name, part]) => [name, name === 'kty' ? part : Buffer.from(String(part), 'base64url')]),
      );
      const key = await client.importKey('rsa', parts);
      const padding = algorithm === 'RSA1_5' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING;
      const oaepHash = algorithm === 'RSA-OAEP-256' ? 'sha256' : 'sha1';
      const plain = randomBytes(32);
      const ours = publicEncrypt({ key: publicKeyOf(key), padding, oaepHash }, plain);
      expect(Buffer.from((await remote(key).decrypt({ algorithm, ciphertext: ours })).result)).toEqual(plain);
      expect(Buffer.from((await remote(key).unwrapKey(algorithm, ours)).result)).toEqual(plain);
      // The SDK wraps by itself when it may read the key, so the vault is asked without it.
      const theirs = await ask('kv-a', `keys/rsa/${key.properties.version ?? ''}/wrapkey`, {
        alg: algorithm,
        value: plain.toString('base64url'),
      });
      if (algorithm !== 'RSA1_5')
        expect(privateDecrypt({ key: rsa.privateKey, padding, oaepHash }, Buffer.from(String(theirs.body.value), 'base64url'))).toEqual(
          plain,
        );
      expect(Buffer.from((await remote(key).unwrapKey(algorithm, Buffer.from(String(theirs.body.value), 'base64url'))).result)).toEqual(
        plain,
      );
      expect(await failure(remote(key).unwrapKey(algorithm, randomBytes(10)))).toMatchObject({ status: 400, code: 'BadParameter' });
    },
  );
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A call without an SDK in between. */
async function ask(vault: string, path: string, body?: object, method = 'POST') {
  const { httpClient, credential } = vaults.client();
  const token = await credential.getToken('https://vault.azure.net/.default');
  const headers = createHttpHeaders({ authorization: `Bearer ${token?.token ?? ''}`, 'content-type': 'application/json' });
  const url = `https://${vault}.vault.azure.net/${path}${path.includes('?') ? '&' : '?'}api-version=7.4`;
  const request = createPipelineRequest({
    url,
    method: method as 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, bodyAsText, headers: answered } = await httpClient.sendRequest(request);
  return { status, headers: answered, body: JSON.parse(bodyAsText === '' ? '{}' : (bodyAsText ?? '{}')) as Record<string, unknown> };
}

describe('signatures', () => {
  let client: KeyClient;

  beforeEach(() => {
    vaults.addVault('kv-a', policies({ keys: ['all'] }));
    client = clientOf('kv-a');
  });

  const schemes: readonly [SignatureAlgorithm, string, { curve?: 'P-256' | 'P-384' | 'P-521' | 'P-256K'; keySize?: number }][] = [
    ['RS256', 'sha256', { keySize: 2048 }],
    ['RS384', 'sha384', { keySize: 2048 }],
    ['RS512', 'sha512', { keySize: 3072 }],
    ['PS256', 'sha256', { keySize: 2048 }],
    ['PS384', 'sha384', { keySize: 2048 }],
    ['PS512', 'sha512', { keySize: 2048 }],
    ['ES256', 'sha256', { curve: 'P-256' }],
    ['ES256K', 'sha256', { curve: 'P-256K' }],
    ['ES384', 'sha384', { curve: 'P-384' }],
    ['ES512', 'sha512', { curve: 'P-521' }],
  ];
  test.each(schemes)(
    '%s: node:crypto accepts what the vault signs, and the vault accepts nothing else',
    async (algorithm, hash, { curve, keySize }) => {
      const key =
        curve === undefined ? await client.createRsaKey('k', { keySize: keySize ?? 2048 }) : await client.createEcKey('k', { curve });
      const message = Buffer.from('what is signed');
      const digest = createHash(hash).update(message).digest();
      const path = `keys/k/${key.properties.version ?? ''}`;
      const signed = await ask('kv-a', `${path}/sign`, { alg: algorithm, value: digest.toString('base64url') });
      const signature = Buffer.from(String(signed.body.value), 'base64url');
      const padding = algorithm.startsWith('PS')
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : {};
      expect(verifySignature(hash, message, { key: publicKeyOf(key), dsaEncoding: 'ieee-p1363', ...padding }, signature)).toBe(true);
      const verdict = async (value: Buffer, over = digest) =>
        (await ask('kv-a', `${path}/verify`, { alg: algorithm, digest: over.toString('base64url'), value: value.toString('base64url') }))
          .body.value;
      const other = createHash(hash).update('something else').digest();
      const bent = Buffer.from(signature);
      bent[signature.length - 1] = (bent[signature.length - 1] ?? 0) ^ 1;
      expect([await verdict(signature), await verdict(signature, other), await verdict(bent)]).toEqual([true, false, false]);
      const short = await ask('kv-a', `${path}/sign`, { alg: algorithm, value: 'AAAA' });
      expect([short.status, (short.body.error as { message: string }).message]).toEqual([400, expect.stringContaining('length')]);
    },
  );

  test('the vault accepts what node:crypto signs, for every curve and padding', async () => {
    const message = Buffer.from('signed elsewhere');
    for (const [algorithm, hash, { curve }] of schemes) {
      const named = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1', 'P-256K': 'secp256k1' };
      const privateKey = curve === undefined ? rsa.privateKey : generateKeyPairSync('ec', { namedCurve: named[curve] }).privateKey;
      const jwk = privateKey.export({ format: 'jwk' });
      const wire = { ...jwk, ...(curve !== undefined && { crv: curve }) };
      await ask('kv-a', `keys/imported`, { key: wire }, 'PUT');
      const padding = algorithm.startsWith('PS')
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : {};
      const signature = sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363', ...padding });
      const digest = createHash(hash).update(message).digest('base64url');
      const { body } = await ask('kv-a', 'keys/imported/verify', { alg: algorithm, digest, value: signature.toString('base64url') });
      expect([algorithm, body.value]).toEqual([algorithm, true]);
    }
  });

  test('a key refuses an algorithm of another kind, an operation it is not for, and what its time forbids', async () => {
    await client.createEcKey('ec');
    await client.createRsaKey('wrap-only', { keyOps: ['wrapKey'] });
    await client.createEcKey('late', { expiresOn: new Date('2020-01-01T00:00:00Z') });
    const digest = randomBytes(32).toString('base64url');
    const codes = async (path: string, alg: string) => {
      const { status, body } = await ask('kv-a', path, { alg, value: digest });
      return [status, (body.error as { innererror?: { code: string } }).innererror?.code];
    };
    expect(await codes('keys/ec/sign', 'RS256')).toEqual([400, 'AlgorithmNotSupported']);
    expect(await codes('keys/ec/sign', 'ES384')).toEqual([400, 'AlgorithmNotSupported']);
    expect(await codes('keys/wrap-only/sign', 'RS256')).toEqual([403, 'KeyOperationForbidden']);
    expect(await codes('keys/late/sign', 'ES256')).toEqual([403, 'KeyExpired']);
  });
});

describe('symmetric keys', () => {
  const cases = [
    ['A256KW', 32, 'wrapkey', 'unwrapkey', {}],
    ['A256GCM', 21, 'encrypt', 'decrypt', { aad: 'AAEC' }],
    ['A256CBCPAD', 21, 'encrypt', 'decrypt', { iv: Buffer.alloc(16, 7).toString('base64url') }],
  ] as const;
  test.each(cases)('%s: what goes in comes out again', async (alg, size, there, back, more) => {
    vaults.addVault('kv-a', policies({ keys: ['all'] }));
    await ask('kv-a', 'keys/oct/create', { kty: 'oct', key_size: 256 });
    const value = randomBytes(size).toString('base64url');
    const sealed = (await ask('kv-a', `keys/oct/${there}`, { alg, value, ...more })).body;
    expect(sealed.value).not.toBe(value);
    const sent = { ...sealed, kid: undefined };
    expect((await ask('kv-a', `keys/oct/${back}`, { alg, ...sent })).body.value).toBe(value);
    const spoiled = Buffer.from(String(sealed.value), 'base64url');
    spoiled[0] = (spoiled[0] ?? 0) ^ 1;
    const opened = await ask('kv-a', `keys/oct/${back}`, { alg, ...sent, value: spoiled.toString('base64url') });
    if (alg !== 'A256CBCPAD') expect(opened.status).toBe(400);
    expect(opened.body.value).not.toBe(value);
  });
});

describe('strictness and refusals', () => {
  test('EA-4, EA-14: each operation demands its own data action, on the key and not on a version of it', async () => {
    vaults.addVault('kv-a', { enableRbacAuthorization: true });
    grant(vaults.state, 'kv-a', ['keys/create/action']);
    grant(vaults.state, 'kv-a', ['keys/wrap/action'], { scope: `${vaultId('kv-a')}/keys/k` });
    const created = await ask('kv-a', 'keys/k/create', { kty: 'RSA' });
    const kid = (created.body.key as { kid: string }).kid;
    const value = randomBytes(16).toString('base64url');
    const path = new URL(kid).pathname.slice(1);
    expect((await ask('kv-a', `${path}/wrapkey`, { alg: 'RSA-OAEP', value })).status).toBe(200);
    for (const [operation, action] of [
      ['unwrapkey', 'unwrap'],
      ['encrypt', 'encrypt'],
      ['sign', 'sign'],
    ]) {
      const { status, body } = await ask('kv-a', `${path}/${operation ?? ''}`, { alg: 'RSA-OAEP', value });
      expect([status, (body.error as { message: string }).message]).toEqual([403, expect.stringContaining(`keys/${action ?? ''}/action`)]);
    }
    expect(await failure(clientOf('kv-a').getKey('k'))).toMatchObject({ status: 403, inner: 'ForbiddenByRbac' });
    expect(
      vaults
        .denials()
        .map(({ operation }) => operation)
        .slice(-4),
    ).toEqual(['KeyUnwrap', 'KeyEncrypt', 'KeySign', 'KeyGet']);
  });

  test('LP-6: `wrapKey` in a policy wraps, and unwrapping is refused in the words of policies', async () => {
    vaults.addVault('kv-a', policies({ keys: ['create', 'WrapKey'] }));
    await ask('kv-a', 'keys/k/create', { kty: 'RSA' });
    const value = randomBytes(16).toString('base64url');
    expect((await ask('kv-a', 'keys/k/wrapkey', { alg: 'RSA-OAEP-256', value })).status).toBe(200);
    const { body } = await ask('kv-a', 'keys/k/unwrapkey', { alg: 'RSA-OAEP-256', value });
    expect(body.error).toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining('does not have keys unwrapKey permission on key vault') as string,
      innererror: { code: 'ForbiddenByPolicy' },
    });
  });

  const unknown: readonly [string, string, object | undefined, number, string][] = [
    ['POST', 'keys/k/polish', undefined, 404, 'POST /keys/k/polish'],
    ['POST', 'rng', { count: 8 }, 404, '/rng'],
    ['GET', 'keys?shape=round', undefined, 400, 'shape'],
    ['POST', 'keys/k/create', { kty: 'RSA', colour: 'red' }, 400, 'colour'],
    ['POST', 'keys/k/create', { kty: 'RSA', attributes: { shiny: true } }, 400, 'attributes.shiny'],
    ['POST', 'keys/k/create', { kty: 'RSA', key_size: 1024 }, 400, 'key_size'],
    ['POST', 'keys/k/create', { kty: 'RSA-HSM' }, 400, 'premium'],
    ['POST', 'keys/k/create', { kty: 'AES' }, 400, 'kty'],
    ['PUT', 'keys/a_b', { key: { kty: 'RSA' } }, 400, 'a_b'],
    ['PUT', 'keys/k', { key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 400, 'private RSA key'],
    ['GET', 'keys?maxresults=26', undefined, 400, 'maxresults'],
  ];
  test.each(unknown)('%s %s with %j is %i and names `%s`', async (method, path, body, status, name) => {
    vaults.addVault('kv-a', policies({ keys: ['all'] }));
    const answer = await ask('kv-a', path, body, method);
    expect([answer.status, (answer.body.error as { message: string }).message]).toEqual([status, expect.stringContaining(name)]);
  });

  test('release is refused with what is missing, and never hands a key out', async () => {
    vaults.addVault('kv-a', policies({ keys: ['all'] }));
    await ask('kv-a', 'keys/plain/create', { kty: 'RSA' });
    const release_policy = { data: Buffer.from('{}').toString('base64url') };
    await ask('kv-a', 'keys/open/create', { kty: 'RSA', attributes: { exportable: true }, release_policy });
    const plain = await ask('kv-a', 'keys/plain/release', { target: 'token' });
    const open = await ask('kv-a', 'keys/open/release', { target: 'token' });
    expect([plain.status, open.status, (open.body.error as { code: string }).code]).toEqual([403, 400, 'AttestationNotSupported']);
  });

  test('a token for another audience, a broken one and none are challenged', async () => {
    vaults.addVault('kv-a', policies({ keys: ['list'] }));
    const call = async (authorization?: string) => {
      const headers = createHttpHeaders(authorization === undefined ? {} : { authorization });
      const request = createPipelineRequest({ url: 'https://kv-a.vault.azure.net/keys?api-version=7.4', headers });
      const response = await vaults.client().httpClient.sendRequest(request);
      const { message } = (JSON.parse(response.bodyAsText ?? '') as { error: { message: string } }).error;
      return [response.status, message.slice(0, 8), response.headers.get('www-authenticate')];
    };
    const challenge =
      'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-0000000000aa", resource="https://vault.azure.net"';
    expect(await call()).toEqual([401, 'AKV10000', challenge]);
    expect(await call('Bearer nonsense')).toEqual([401, 'AKV10001', challenge]);
    expect(await call(`Bearer ${vaults.context.tokens.issue(app, 'https://management.azure.com').accessToken}`)).toEqual([
      401,
      'AKV10022',
      challenge,
    ]);
  });
});
