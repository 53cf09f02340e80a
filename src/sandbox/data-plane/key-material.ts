import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { type JsonObject, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';

const generatePair = promisify(generateKeyPair);

/** Names of curves: Key Vault's and OpenSSL's. */
const curves: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  'P-256K': 'secp256k1',
};

export type KeyKind = 'RSA' | 'EC' | 'oct';

export interface KeyWish {
  /** Key Vault's key type, `-HSM` or not. */
  readonly kty: string;
  readonly size?: number | undefined;
  readonly curve?: string | undefined;
}

export function keyKind(kty: string): KeyKind {
  const kind = kty.replace(/-HSM$/, '');
  if (kind === 'RSA' || kind === 'EC' || kind === 'oct') return kind;
  throw invalid(`kty \`${kty}\``);
}

/** @throws ServiceError 400 for a size or curve that Key Vault does not offer. */
export async function generateKey({ kty, size, curve = 'P-256' }: KeyWish): Promise<KeyObject> {
  switch (keyKind(kty)) {
    case 'RSA': {
      const modulusLength = size ?? 2048;
      if (![2048, 3072, 4096].includes(modulusLength)) throw invalid('key_size');
      return (await generatePair('rsa', { modulusLength })).privateKey;
    }
    case 'EC': {
      const namedCurve = curves[curve];
      if (namedCurve === undefined) throw invalid('crv');
      return (await generatePair('ec', { namedCurve })).privateKey;
    }
    case 'oct': {
      const length = size ?? 256;
      if (![128, 192, 256].includes(length)) throw invalid('key_size');
      return createSecretKey(randomBytes(length / 8));
    }
  }
}

/** @throws ServiceError 400 when the JWK holds no private key of its type. */
export function importKey(jwk: JsonObject): KeyObject {
  const kind = keyKind(stringAt(jwk, 'kty') ?? '');
  if (jwk.key_hsm !== undefined)
    throw new ServiceError(400, 'BadParameter', 'the sandbox cannot open a key that is wrapped for an HSM (key_hsm)');
  try {
    if (kind === 'oct') return createSecretKey(Buffer.from(stringAt(jwk, 'k') ?? '', 'base64url'));
    const crv = stringAt(jwk, 'crv');
    return createPrivateKey({ key: { ...jwk, kty: kind, ...(crv === 'P-256K' && { crv: 'secp256k1' }) } as JsonWebKey, format: 'jwk' });
  } catch (error) {
    throw new ServiceError(
      400,
      'BadParameter',
      `Property key is no private ${kind} key: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

/** The public part of a key as the wire shows it; of a symmetric key nothing. */
export function publicJwk(key: KeyObject): JsonObject {
  if (key.type === 'secret') return {};
  const { n, e, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return n === undefined ? { crv: crv === 'secp256k1' ? 'P-256K' : (crv ?? ''), x: x ?? '', y: y ?? '' } : { n, e: e ?? '' };
}

function invalid(what: string): ServiceError {
  return new ServiceError(400, 'BadParameter', `Property ${what} has an invalid value.`);
}
