import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ServiceError } from '../exchange.ts';
import { type Bundle, readPfx, writePfx } from './pfx.ts';

export const pfxType = 'application/x-pkcs12';
const pemType = 'application/x-pem-file';

/** A certificate with its key and the issuers above it. */
export interface CertificateFile {
  readonly key: KeyObject;
  readonly der: Buffer;
  readonly chain: readonly Buffer[];
  readonly contentType: string;
}

/** The value of the secret that goes with a certificate; without a key when that may not leave the vault. */
export function secretValue(contentType: string, bundle: Bundle): string {
  if (contentType === pfxType) return writePfx(bundle).toString('base64');
  const key = bundle.key?.export({ format: 'pem', type: 'pkcs8' }).toString() ?? '';
  return key + bundle.certificates.map((der) => new X509Certificate(der).toString()).join('');
}

/**
 * Reads what a client imports: PEM as text, PKCS #12 in base64.
 * @throws ServiceError 400 when it cannot be read, or no certificate in it fits its private key.
 */
export function readCertificateFile(value: string, password: string): CertificateFile {
  const isPem = value.includes('-----BEGIN');
  const { key, certificates } = readable(() => (isPem ? readPem(value) : readPfx(Buffer.from(value, 'base64'), password)));
  if (key === undefined) throw unreadable('it holds no private key');
  const der = certificates.find((certificate) => new X509Certificate(certificate).checkPrivateKey(key));
  if (der === undefined) throw unreadable('no certificate in it belongs to its private key');
  return { key, der, chain: certificates.filter((certificate) => certificate !== der), contentType: isPem ? pemType : pfxType };
}

function readPem(text: string): Bundle {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? [];
  const key = blocks.find((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block));
  return {
    certificates: blocks.filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----')).map((block) => new X509Certificate(block).raw),
    ...(key !== undefined && { key: createPrivateKey(key) }),
  };
}

function readable(read: () => Bundle): Bundle {
  try {
    return read();
  } catch {
    // The libraries' messages may quote what was sent.
    throw unreadable('it is neither PEM nor PKCS #12 with this password');
  }
}

function unreadable(why: string): ServiceError {
  return new ServiceError(400, 'BadParameter', `The specified X.509 certificate content can not be read: ${why}.`);
}
