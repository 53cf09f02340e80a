import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface ServerIdentity {
  /** PEM of the authority, for clients to trust. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of its own, and a certificate for 127.0.0.1 that it signed. */
export function makeServerIdentity(): ServerIdentity {
  const [authority, server] = [makeKeys(), makeKeys()];
  const authorityName = [{ name: 'commonName', value: 'test authority' }];
  const ca = certificate('01', authorityName, authorityName, authority.publicKey);
  ca.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
  ca.sign(authority.privateKey, forge.md.sha256.create());
  const cert = certificate('02', [{ name: 'commonName', value: '127.0.0.1' }], authorityName, server.publicKey);
  cert.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }]);
  cert.sign(authority.privateKey, forge.md.sha256.create());
  return { ca: forge.pki.certificateToPem(ca), cert: forge.pki.certificateToPem(cert), key: forge.pki.privateKeyToPem(server.privateKey) };
}

function certificate(
  serialNumber: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  publicKey: forge.pki.rsa.PublicKey,
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.serialNumber = serialNumber;
  made.validity.notBefore = new Date(Date.now() - 3600_000);
  made.validity.notAfter = new Date(Date.now() + 24 * 3600_000);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.publicKey = publicKey;
  return made;
}

function makeKeys(): { readonly publicKey: forge.pki.rsa.PublicKey; readonly privateKey: forge.pki.rsa.PrivateKey } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return { publicKey: forge.pki.publicKeyFromPem(publicKey), privateKey: forge.pki.privateKeyFromPem(privateKey) };
}
