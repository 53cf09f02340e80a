import type { KeyObject } from 'node:crypto';
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

/** ECDSA over a digest that is already made, which node:crypto does not offer. */

/** By OpenSSL's names. */
const curves: Readonly<Record<string, ECDSA>> = { prime256v1: p256, secp384r1: p384, secp521r1: p521, secp256k1 };

/** The digest is signed as it is; Key Vault gives the two numbers as they come, small `s` or not. */
const asGiven = { prehash: false, lowS: false, format: 'compact' } as const;

export function ecdsaSign(key: KeyObject, digest: Buffer): Buffer {
  const { d = '' } = key.export({ format: 'jwk' });
  return Buffer.from(curveFor(key).sign(digest, Buffer.from(d, 'base64url'), asGiven));
}

export function ecdsaVerify(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const uncompressed = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return curveFor(key).verify(signature, digest, uncompressed, asGiven);
}

function curveFor(key: KeyObject): ECDSA {
  const found = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (found === undefined) throw new Error(`no parameters for the curve ${key.asymmetricKeyDetails?.namedCurve ?? 'unknown'}`);
  return found;
}
