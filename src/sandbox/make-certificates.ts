import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { loadX509 } from './data-plane/x509.ts';

/** What a TLS server needs, and what its clients have to trust. */
export interface Certificates {
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

type X509 = Awaited<ReturnType<typeof loadX509>>;
type Extension = InstanceType<X509['Extension']>;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 3600_000;

const dnsNames = [
  'localhost',
  'management.azure.com',
  'graph.microsoft.com',
  'login.microsoftonline.com',
  'vault.azure.net',
  '*.vault.azure.net',
];

/**
 * A certificate authority and a server certificate signed by it, new at every start and never written anywhere by the
 * sandbox itself. OpenSSL's strict mode, which Python uses, asks for the key identifiers and the critical constraints.
 */
export async function makeCertificates(): Promise<Certificates> {
  const x509 = await loadX509();
  const [authority, server] = await Promise.all([makeKeys(), makeKeys()]);
  const authorityName = 'CN=keyturn sandbox authority';
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 365 * day) };
  const caExtensions: Extension[] = [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
  ];
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    { name: authorityName, keys: authority, serialNumber: '01', signingAlgorithm: algorithm, extensions: caExtensions, ...validity },
    webcrypto,
  );
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: 'CN=keyturn sandbox',
      issuer: authorityName,
      serialNumber: '02',
      publicKey: server.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
      extensions: await serverExtensions(x509, authority, server),
      ...validity,
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', server.privateKey);
  const [caPem, certificatePem] = [ca, certificate].map((each) => new NodeCertificate(Buffer.from(each.rawData)).toString());
  return { caPem: caPem ?? '', certificatePem: certificatePem ?? '', keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function serverExtensions(x509: X509, authority: webcrypto.CryptoKeyPair, server: webcrypto.CryptoKeyPair): Promise<Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], false),
    new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ]),
    await x509.SubjectKeyIdentifierExtension.create(server.publicKey, false, webcrypto),
    await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey, false, webcrypto),
  ];
}
