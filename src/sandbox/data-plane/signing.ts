import { constants, createHash, createPublicKey, type KeyObject, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';
import { ServiceError } from '../exchange.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { unsupported } from './encryption.ts';

/** Key Vault signs digests that the caller made; node:crypto signs messages only. So the padding around the digest is put on here. */

/** Digest algorithm identifiers of PKCS #1 (RFC 8017, 9.2 note 1). */
const digestInfo: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};
const curveOf: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1', ES256K: 'secp256k1' };

interface Scheme {
  readonly family: 'RS' | 'PS' | 'ES';
  readonly hash: string;
  readonly bytes: number;
}

/** @throws ServiceError 400 when the key cannot do the algorithm, or the digest is not as long as the algorithm's. */
function scheme(key: KeyObject, algorithm: string, digest: Buffer): Scheme {
  const [, family, bits] = /^(RS|PS|ES)(256|384|512)K?$/.exec(algorithm) ?? [];
  const fits = family === 'ES' ? key.asymmetricKeyDetails?.namedCurve === curveOf[algorithm] : key.asymmetricKeyType === 'rsa';
  if (bits === undefined || !fits) throw unsupported(algorithm);
  const bytes = Number(bits) / 8;
  if (digest.length !== bytes)
    throw new ServiceError(400, 'BadParameter', `Invalid length of 'value': ${digest.length} bytes. ${algorithm} requires ${bytes} bytes.`);
  return { family: family as Scheme['family'], hash: `sha${bits}`, bytes };
}

/** The signature over a digest, in the form of JSON Web Algorithms: for ES* the two numbers one after the other. */
export function signDigest(key: KeyObject, algorithm: string, digest: Buffer): Buffer {
  const { family, hash, bytes } = scheme(key, algorithm, digest);
  if (family === 'ES') return ecdsaSign(key, digest);
  if (family === 'RS') return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, pkcs1Block(hash, digest));
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncode(hash, digest, randomBytes(bytes), modulusBytes(key)));
}

export function verifyDigest(key: KeyObject, algorithm: string, digest: Buffer, signature: Buffer): boolean {
  const { family, hash, bytes } = scheme(key, algorithm, digest);
  const publicKey = createPublicKey(key);
  if (family === 'ES') return ecdsaVerify(publicKey, digest, signature);
  try {
    if (family === 'RS')
      return publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature).equals(pkcs1Block(hash, digest));
    const block = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);
    return pssFits(hash, bytes, digest, block);
  } catch {
    // OpenSSL reports a signature that cannot even be opened as an error.
    return false;
  }
}

function pkcs1Block(hash: string, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(digestInfo[hash] ?? '', 'hex'), digest]);
}

/** EMSA-PSS (RFC 8017, 9.1.1) with a salt as long as the digest; the modulus is a multiple of 8 bits, so one bit is masked. */
function pssEncode(hash: string, digest: Buffer, salt: Buffer, length: number): Buffer {
  const h = pssHash(hash, digest, salt);
  const data = Buffer.concat([Buffer.alloc(length - h.length - salt.length - 2), Buffer.from([1]), salt]);
  const masked = xor(data, mask(hash, h, data.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return Buffer.concat([masked, h, Buffer.from([0xbc])]);
}

function pssFits(hash: string, bytes: number, digest: Buffer, block: Buffer): boolean {
  const h = block.subarray(block.length - bytes - 1, -1);
  const masked = block.subarray(0, block.length - bytes - 1);
  const salt = xor(masked, mask(hash, h, masked.length)).subarray(-bytes);
  return pssEncode(hash, digest, salt, block.length).equals(block) && pssHash(hash, digest, salt).equals(h);
}

function pssHash(hash: string, digest: Buffer, salt: Buffer): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

/** MGF1 (RFC 8017, B.2.1). */
function mask(hash: string, seed: Buffer, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; parts.reduce((sum, part) => sum + part.length, 0) < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    parts.push(createHash(hash).update(seed).update(count).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}
