import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';
import { type JsonObject, objectAt, stringAt, stringsAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import { loadX509 } from './x509.ts';

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

interface Signer {
  readonly algorithm: { readonly name: string; readonly hash: string; readonly namedCurve?: string };
  readonly keys: webcrypto.CryptoKeyPair;
}

/** A certificate that is its own issuer, as DER. @throws ServiceError 400 for a subject or key that cannot be certified. */
export async function selfSigned(policy: JsonObject, key: KeyObject, now: number): Promise<Buffer> {
  const x509 = await loadX509();
  const { algorithm, keys } = await signer(key);
  const wish = objectAt(policy, 'x509_props');
  const months = typeof wish.validity_months === 'number' ? wish.validity_months : 12;
  const notBefore = new Date(Math.floor(now / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCMonth(notAfter.getUTCMonth() + months);
  const serialNumber = randomBytes(16);
  serialNumber[0] = (serialNumber[0] ?? 0) & 0x7f; // A serial number is positive.
  const certificate = await named(() =>
    x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber.toString('hex'),
      name: stringAt(wish, 'subject') ?? '',
      notBefore,
      notAfter,
      signingAlgorithm: algorithm,
      keys,
      extensions: extensions(x509, wish),
    }),
  );
  return Buffer.from(certificate.rawData);
}

/** A signing request for an issuer elsewhere, as DER. */
export async function signingRequest(policy: JsonObject, key: KeyObject): Promise<Buffer> {
  const x509 = await loadX509();
  const { algorithm, keys } = await signer(key);
  const wish = objectAt(policy, 'x509_props');
  const request = await named(() =>
    x509.Pkcs10CertificateRequestGenerator.create({
      name: stringAt(wish, 'subject') ?? '',
      keys,
      signingAlgorithm: algorithm,
      extensions: extensions(x509, wish),
    }),
  );
  return Buffer.from(request.rawData);
}

async function named<Result>(make: () => Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    throw new ServiceError(
      400,
      'BadParameter',
      `Property policy has an invalid value: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

async function signer(key: KeyObject): Promise<Signer> {
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType !== 'rsa' && namedCurve === undefined)
    throw new ServiceError(400, 'BadParameter', 'the sandbox makes certificates for RSA, P-256, P-384 and P-521 keys only');
  const algorithm =
    namedCurve === undefined ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : { name: 'ECDSA', hash: 'SHA-256', namedCurve };
  const { subtle } = webcrypto;
  const privateKey = await subtle.importKey('pkcs8', key.export({ format: 'der', type: 'pkcs8' }), algorithm, true, ['sign']);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = await subtle.importKey('spki', spki, algorithm, true, ['verify']);
  return { algorithm, keys: { privateKey, publicKey } };
}

function extensions(x509: Awaited<ReturnType<typeof loadX509>>, wish: JsonObject): X509.Extension[] {
  const made: X509.Extension[] = [new x509.BasicConstraintsExtension(objectAt(wish, 'basic_constraints').ca === true, undefined, true)];
  const usages = stringsAt(wish, 'key_usage').map((usage) => x509.KeyUsageFlags[usage as keyof typeof X509.KeyUsageFlags]);
  const [first, ...others] = usages;
  if (first !== undefined)
    made.push(
      new x509.KeyUsagesExtension(
        others.reduce((sum, usage) => sum | usage, first),
        true,
      ),
    );
  const ekus = stringsAt(wish, 'ekus');
  if (ekus.length > 0) made.push(new x509.ExtendedKeyUsageExtension([...ekus]));
  const names = alternativeNames(objectAt(wish, 'sans'));
  if (names.length > 0) made.push(new x509.SubjectAlternativeNameExtension(names));
  return made;
}

function alternativeNames(sans: JsonObject): X509.JsonGeneralName[] {
  const of = (key: string, type: X509.JsonGeneralName['type']) => stringsAt(sans, key).map((value) => ({ type, value }));
  const addresses = of('ipAddresses', 'ip').filter(({ value }) => isIP(value) !== 0);
  return [...of('dns_names', 'dns'), ...of('emails', 'email'), ...of('upns', 'upn'), ...of('uris', 'url'), ...addresses];
}
