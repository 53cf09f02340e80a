import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { CertificateClient, type CertificatePolicy, type KeyVaultCertificateWithPolicy } from '@azure/keyvault-certificates';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { selfSigned } from '../../../src/sandbox/data-plane/issue-certificate.ts';
import { readPfx, writePfx } from '../../../src/sandbox/data-plane/pfx.ts';
import { grant, policies, type RunningVaults, runVaults, vaultId } from './harness.ts';
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

function options() {
  const { httpClient, credential } = vaults.client();
  return { credential, options: { httpClient, retryOptions: { maxRetries: 0 } } };
}
const url = 'https://kv-a.vault.azure.net';
const certificatesOf = () => new CertificateClient(url, options().credential, options().options);
const keysOf = () => new KeyClient(url, options().credential, options().options);
const secretsOf = () => new SecretClient(url, options().credential, options().options);

const rsaPolicy: CertificatePolicy = {
  issuerName: 'Self',
  subject: 'CN=shop.example',
  subjectAlternativeNames: { dnsNames: ['shop.example', 'www.shop.example'] },
  validityInMonths: 6,
};
const ecPolicy: CertificatePolicy = { ...rsaPolicy, keyType: 'EC', keyCurveName: 'P-256', contentType: 'application/x-pem-file' };

function x509(certificate: KeyVaultCertificateWithPolicy): X509Certificate {
  return new X509Certificate(given(certificate.cer));
}

const models = [
  ['access policies', policies({ secrets: ['all', 'purge'], keys: ['all', 'purge'], certificates: ['all', 'purge'] })],
  ['Azure RBAC', { enableRbacAuthorization: true }],
] as const;

describe.each(models)('certificates under %s, through @azure/keyvault-certificates', (model, properties) => {
  let client: CertificateClient;

  beforeEach(() => {
    vaults.addVault('kv-a', properties);
    if (model === 'Azure RBAC') grant(vaults.state, 'kv-a', ['*']);
    client = certificatesOf();
  });

  async function create(name: string, policy: CertificatePolicy): Promise<KeyVaultCertificateWithPolicy> {
    return await (await client.beginCreateCertificate(name, policy, { intervalInMs: 1, tags: { of: 'shop' } })).pollUntilDone();
  }

  test.each([
    ['RSA', rsaPolicy],
    ['EC', ecPolicy],
  ] as const)('EA-15: an %s certificate is made, and a key and a secret of the same name with it', async (kind, policy) => {
    const made = await create('tls', policy);
    const certificate = x509(made);
    expect([certificate.subject, certificate.subjectAltName]).toEqual(['CN=shop.example', 'DNS:shop.example, DNS:www.shop.example']);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Buffer.from(given(made.properties.x509Thumbprint)).toString('hex').toUpperCase()).toBe(
      certificate.fingerprint.replaceAll(':', ''),
    );
    expect(made.properties.expiresOn).toEqual(new Date(certificate.validTo));
    const key = await keysOf().getKey('tls');
    expect([key.properties.managed, key.keyType, key.properties.version]).toEqual([true, kind, made.properties.version]);
    const secret = await secretsOf().getSecret('tls');
    expect([secret.properties.managed, secret.properties.contentType, secret.properties.certificateKeyId]).toEqual([
      true,
      policy.contentType ?? 'application/x-pkcs12',
      key.id,
    ]);
    const value = given(secret.value);
    const privateKey = kind === 'EC' ? createPrivateKey(value) : given(readPfx(Buffer.from(value, 'base64'), '').key);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(await failure(secretsOf().setSecret('tls', 'x'))).toMatchObject({ status: 403 });
    expect((await client.getCertificate('tls')).policy?.keyType).toBe(kind);
  });

  test('a certificate has versions, a policy, attributes that its key and secret follow, and a way back from deletion', async () => {
    const first = await create('tls', ecPolicy);
    const second = await create('tls', { ...ecPolicy, subject: 'CN=other' });
    const version = given(first.properties.version);
    expect((await all(client.listPropertiesOfCertificateVersions('tls'))).map((each) => each.version)).toEqual([
      version,
      second.properties.version,
    ]);
    expect(new X509Certificate(given((await client.getCertificateVersion('tls', version)).cer)).subject).toBe('CN=shop.example');
    await client.updateCertificateProperties('tls', version, { enabled: false, tags: { of: 'nobody' } });
    expect(await failure(secretsOf().getSecret('tls', { version }))).toMatchObject({ inner: 'SecretDisabled' });
    await client.updateCertificatePolicy('tls', { ...ecPolicy, validityInMonths: 3 });
    expect((await client.getCertificatePolicy('tls')).validityInMonths).toBe(3);
    expect((await all(client.listPropertiesOfCertificates())).map(({ name, tags }) => [name, tags])).toEqual([['tls', { of: 'shop' }]]);
    await (await client.beginDeleteCertificate('tls', { intervalInMs: 1 })).pollUntilDone();
    expect(await failure(keysOf().getKey('tls'))).toMatchObject({ status: 404 });
    expect((await all(client.listDeletedCertificates())).map(({ name }) => name)).toEqual(['tls']);
    await (await client.beginRecoverDeletedCertificate('tls', { intervalInMs: 1 })).pollUntilDone();
    expect((await secretsOf().getSecret('tls')).properties.version).toBe(second.properties.version);
    const backup = given(await client.backupCertificate('tls'));
    await client.beginDeleteCertificate('tls', { intervalInMs: 1 });
    await client.purgeDeletedCertificate('tls');
    expect(await failure(client.getCertificate('tls'))).toMatchObject({ status: 404, code: 'CertificateNotFound' });
    expect(await failure(secretsOf().getSecret('tls'))).toMatchObject({ status: 404 });
    expect((await client.restoreCertificateBackup(backup)).properties.version).toBe(second.properties.version);
    expect((await keysOf().getKey('tls')).properties.version).toBe(second.properties.version);
  });

  test('PEM and PKCS #12 files are imported, and what does not hold together is refused', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    const der = await selfSigned({ x509_props: { subject: 'CN=imported' } }, key, Date.parse('2026-01-01T00:00:00Z'));
    const pem = (of: typeof key) =>
      Buffer.from(of.export({ format: 'pem', type: 'pkcs8' }).toString() + new X509Certificate(der).toString());
    const fromPem = await client.importCertificate('pem', pem(key), {
      policy: { issuerName: 'Unknown', contentType: 'application/x-pem-file', subject: 'CN=imported' },
    });
    const fromPfx = await client.importCertificate('pfx', writePfx({ key, certificates: [der] }));
    expect([x509(fromPem).subject, x509(fromPfx).subject, fromPfx.policy?.issuerName]).toEqual(['CN=imported', 'CN=imported', 'Unknown']);
    expect(createPrivateKey(given((await secretsOf().getSecret('pem')).value)).equals(key)).toBe(true);
    expect(readPfx(Buffer.from(given((await secretsOf().getSecret('pfx')).value), 'base64'), '').key?.equals(key)).toBe(true);
    const asPem = { policy: { issuerName: 'Unknown', contentType: 'application/x-pem-file' as const, subject: 'CN=x' } };
    expect(await failure(client.importCertificate('bad', pem(other), asPem))).toMatchObject({ status: 400, code: 'BadParameter' });
    expect(await failure(client.importCertificate('bad', Buffer.from('nonsense')))).toMatchObject({ status: 400, code: 'BadParameter' });
    expect(await failure(client.getCertificate('bad'))).toMatchObject({ status: 404 });
  });

  test('a certificate of another issuer waits with its request until a certificate for its key is merged', async () => {
    await client.beginCreateCertificate('bought', { ...ecPolicy, issuerName: 'Unknown' }, { intervalInMs: 1 });
    const operation = given((await client.getCertificateOperation('bought', { intervalInMs: 1 })).getOperationState().certificateOperation);
    expect(operation.status).toBe('inProgress');
    expect(given(operation.csr).length).toBeGreaterThan(100);
    expect((await client.getCertificate('bought')).properties.enabled).toBe(false);
    expect(await failure(keysOf().getKey('bought'))).toMatchObject({ status: 404 });
    const stranger = await selfSigned(
      { x509_props: { subject: 'CN=x' } },
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
      Date.now(),
    );
    expect(await failure(client.mergeCertificate('bought', [stranger]))).toMatchObject({
      status: 400,
      message: expect.stringContaining('does not match the public part of the specified private key') as string,
    });
    const waiting = given([...vaults.state.vaults.values()][0]?.certificates.get('bought')?.pending?.waiting?.key);
    const signed = await selfSigned({ x509_props: { subject: 'CN=bought' } }, waiting, Date.now());
    expect(x509(await client.mergeCertificate('bought', [signed])).subject).toBe('CN=bought');
    expect((await keysOf().getKey('bought')).properties.managed).toBe(true);
    await client.deleteCertificateOperation('bought');
    expect(await failure(client.deleteCertificateOperation('bought'))).toMatchObject({ status: 404, code: 'PendingCertificateNotFound' });
  });

  test('contacts and issuers belong to the vault, and an account password never comes out again', async () => {
    expect(await failure(client.getContacts())).toMatchObject({ status: 404, code: 'ContactsNotFound' });
    await client.setContacts([{ email: 'ops@shop.example', name: 'Ops' }]);
    expect(await client.getContacts()).toMatchObject([{ email: 'ops@shop.example', name: 'Ops' }]);
    await client.deleteContacts();
    await client.createIssuer('ca', 'Test', { accountId: 'shop', password: 'hush-hush' });
    await client.updateIssuer('ca', { provider: 'Other' });
    const issuer = await client.getIssuer('ca');
    expect([issuer.provider, issuer.accountId, JSON.stringify(issuer).includes('hush')]).toEqual(['Other', 'shop', false]);
    expect((await all(client.listPropertiesOfIssuers())).map(({ id, provider }) => [id, provider])).toEqual([
      [`${url}/certificates/issuers/ca`, 'Other'],
    ]);
    await client.deleteIssuer('ca');
    expect(await failure(client.getIssuer('ca'))).toMatchObject({ status: 404, code: 'CertificateIssuerNotFound' });
    expect(await failure(client.beginCreateCertificate('tls', { ...rsaPolicy, issuerName: 'DigiCert' }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('DigiCert') as string,
    });
  });
});

describe('who may do what with a certificate', () => {
  test('EA-15: a role on the certificate shows its public part, and neither its secret nor its key', async () => {
    vaults.addVault('kv-a', policies({ certificates: ['create', 'get'] }));
    await (await certificatesOf().beginCreateCertificate('tls', ecPolicy, { intervalInMs: 1 })).pollUntilDone();
    const vault = given([...vaults.state.vaults.values()][0]);
    vault.body = { ...vault.body, properties: { ...(vault.body.properties as object), enableRbacAuthorization: true } };
    grant(vaults.state, 'kv-a', ['*'], { scope: `${vaultId('kv-a')}/certificates/tls` });
    expect((await certificatesOf().getCertificate('tls')).name).toBe('tls');
    expect(await failure(secretsOf().getSecret('tls'))).toMatchObject({ status: 403, inner: 'ForbiddenByRbac' });
    expect(await failure(keysOf().getKey('tls'))).toMatchObject({ status: 403, inner: 'ForbiddenByRbac' });
    grant(vaults.state, 'kv-a', ['secrets/getSecret/action'], { scope: `${vaultId('kv-a')}/secrets/tls` });
    expect((await secretsOf().getSecret('tls')).properties.contentType).toBe('application/x-pem-file');
  });

  test('LP-9: `manageissuers` reads, writes and deletes issuers, `getissuers` only reads one', async () => {
    vaults.addVault('kv-a', policies({ certificates: ['manageissuers'] }));
    const client = certificatesOf();
    await client.createIssuer('ca', 'Test');
    expect((await client.getIssuer('ca')).provider).toBe('Test');
    const vault = given([...vaults.state.vaults.values()][0]);
    vault.body = { ...vault.body, properties: { ...(vault.body.properties as object), ...policies({ certificates: ['getissuers'] }) } };
    expect((await client.getIssuer('ca')).provider).toBe('Test');
    expect(await failure(client.deleteIssuer('ca'))).toMatchObject({ status: 403, inner: 'ForbiddenByPolicy' });
    expect(await failure(client.setContacts([{ email: 'a@b.example' }]))).toMatchObject({
      message: expect.stringContaining('does not have certificates managecontacts permission') as string,
    });
  });

  test('a key that may not leave the vault is not in the secret, and signs in place all the same', async () => {
    vaults.addVault('kv-a', policies({ secrets: ['all'], keys: ['all'], certificates: ['all'] }));
    const poller = await certificatesOf().beginCreateCertificate('tls', { ...ecPolicy, exportable: false }, { intervalInMs: 1 });
    const certificate = x509(await poller.pollUntilDone());
    const value = given((await secretsOf().getSecret('tls')).value);
    expect(value).not.toContain('PRIVATE KEY');
    expect(new X509Certificate(value).fingerprint256).toBe(certificate.fingerprint256);
  });

  test('a name that an own secret holds is not given to a certificate', async () => {
    vaults.addVault('kv-a', policies({ secrets: ['all'], certificates: ['all'] }));
    await secretsOf().setSecret('tls', 'own');
    expect(await failure(certificatesOf().beginCreateCertificate('tls', ecPolicy))).toMatchObject({ status: 409, code: 'Conflict' });
    expect((await secretsOf().getSecret('tls')).value).toBe('own');
  });
});

/** Written by OpenSSL 3 with a password: an EC key and its certificate, encrypted the modern way. */
const opensslFile =
  'MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJPAgEAMIICSAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBK' +
  'MCkGCSqGSIb3DQEFDDAcBAiu+vj8FwNnOwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGkfyugSj4yQbExfoDGqYFKAggHgdue8Z9zJg8EFC/hL' +
  'R1skXiDf7Q+cbnUCgs3KjgbD953Plc0jVhshmhgheRELxdB1cuzPf7yOLDIVZwPNV61NCwuHZjO/h/P6VohxDKzdnVrqgOXHekSLGfrd6/xWh+CXChJxz02F' +
  'e+Q88FN/GDafZVbC+iaFgqyQQsxUCuAH9Y3/DRMXSI+zl4Ox5/joMKXID6LftvmllAKotFheyUilBFjVT4ZsXJCcgjUeJogCPZOsx+Lin9Zd4J7mDADeJNhz' +
  'x/yWxH91NTYo0oODacUkD+DdGLRpV11QgAuvcVOlLxI65Dzmv7NhXas5xSUneKounoo3ZaqmrAN9TowKptEUT5KtJxi8QP9nY6o+S5Cq0K14SR5J8u2edqn6' +
  'dBYBj24Lf3r89EYmQaHIU1vklal5+4Lc6Z8aq+lX9rY8+P43WuCCrPpar2nxkKw4BdKGS2S4O1vMlo3h3DwFsGZgPWuKqvBMNTAaHBVtdFvZRSnuecKNcO/K' +
  'mJ8/dBQcNmAS6gJ0qNzSVq1AsyxajYjuPs7v98Lh68B/Oo1whjHrwHxOiJycu4/roF53RvlT4+YATC6LkBxPvh9FhIORu3eXqcamUhaPUq6pr8BsInNhzWr4' +
  'pZjS36eBl3PHqbVL9jmm72/+MIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEqMIIBJgYLKoZIhvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZI' +
  'hvcNAQUMMBwECFqzhASN8w+aAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQNT6eHAVgO8YplXqGhpAmfwSBkEs83KwFuPD9ALHWb5cdPaoCMDvu' +
  'WVcHXFVyHAx+IPzxcGPdQ3EwmkESaFsjMu586OUHryVgZgAMnkHNa0eEXlmc5XgRTw4Q0fC7Xs5v+FN5FaTm44wZ5qjBiEDIKxdb6+MoVPJnkx6seFf3P6Nw' +
  'ZVrlkI6R9qLpmILrG+au5wXtew06Cj7f41KUsWSMtmwtczElMCMGCSqGSIb3DQEJFTEWBBRCGv9Renzc7JmLFZotkjPEf7h5bjBBMDEwDQYJYIZIAWUDBAIB' +
  'BQAEIPLRXSh7xIjR9JOa7bfVnwwNLaqc9ZhrxPBTzmbeVVdzBAiopajMbvYsNAICCAA=';

describe('PKCS #12 files', () => {
  test.each(['rsa', 'ec'] as const)('the OpenSSL inside Node opens what the vault writes for an %s key', async (type) => {
    const key =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    const der = await selfSigned({ x509_props: { subject: 'CN=a' } }, key, Date.now());
    const file = writePfx({ key, certificates: [der] });
    expect(() => createSecureContext({ pfx: file, passphrase: '' })).not.toThrow();
    expect(() => createSecureContext({ pfx: file, passphrase: 'wrong' })).toThrow(/mac verify/);
    const read = readPfx(file, '');
    expect([read.key?.equals(key), read.certificates.map((each) => each.equals(der))]).toEqual([true, [true]]);
  });

  test('the vault opens what OpenSSL writes, with the right password only', () => {
    const file = Buffer.from(opensslFile, 'base64');
    const { key, certificates } = readPfx(file, 'geheim');
    const certificate = new X509Certificate(given(certificates[0]));
    expect([certificate.subject, certificate.checkPrivateKey(given(key))]).toEqual(['CN=openssl', true]);
    expect(() => readPfx(file, 'wrong')).toThrow();
  });
});
