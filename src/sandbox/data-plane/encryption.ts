import {
  type CipherGCMTypes,
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { ServiceError } from '../exchange.ts';

export interface Ciphertext {
  readonly value: Buffer;
  readonly iv?: Buffer;
  readonly aad?: Buffer;
  readonly tag?: Buffer;
}

const oaepHash: Readonly<Record<string, string>> = { 'RSA-OAEP': 'sha1', 'RSA-OAEP-256': 'sha256' };
const wrapInitial = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');

/** Encrypts or wraps. @throws ServiceError 400 when the key cannot do the algorithm or the input does not fit it. */
export function encryptWith(key: KeyObject, algorithm: string, input: Ciphertext): Ciphertext {
  return judged(algorithm, () => {
    if (key.type === 'secret') return encryptSymmetric(key, algorithm, input);
    const publicKey = createPublicKey(key);
    const { value } = input;
    if (key.asymmetricKeyType === 'rsa') {
      if (algorithm === 'RSA1_5') return { value: publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, value) };
      const hash = oaepHash[algorithm];
      if (hash !== undefined)
        return { value: publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, value) };
    }
    return undefined;
  });
}

/** Decrypts or unwraps. @throws ServiceError 400 as above, and when the ciphertext was not made with the key. */
export function decryptWith(key: KeyObject, algorithm: string, input: Ciphertext): Buffer {
  return judged(algorithm, () => {
    if (key.type === 'secret') return decryptSymmetric(key, algorithm, input);
    if (key.asymmetricKeyType === 'rsa') {
      if (algorithm === 'RSA1_5') return decryptPkcs1(key, input.value);
      const hash = oaepHash[algorithm];
      if (hash !== undefined) return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, input.value);
    }
    return undefined;
  });
}

function judged<Result>(algorithm: string, act: () => Result | undefined): Result {
  let result: Result | undefined;
  try {
    result = act();
  } catch (error) {
    throw new ServiceError(
      400,
      'BadParameter',
      `The input does not fit ${algorithm} and this key: ${error instanceof Error ? error.message : 'refused'}`,
    );
  }
  if (result === undefined) throw unsupported(algorithm);
  return result;
}

export function unsupported(algorithm: string): ServiceError {
  return new ServiceError(400, 'BadParameter', `Key and signing or encryption algorithm are incompatible: ${algorithm}`, {
    innerCode: 'AlgorithmNotSupported',
  });
}

/** Node refuses this padding where its OpenSSL cannot hide why it failed; nobody attacks a sandbox, so it is taken off by hand. */
function decryptPkcs1(key: KeyObject, value: Buffer): Buffer {
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, value);
  const end = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('the padding is not PKCS #1');
  return block.subarray(end + 1);
}

function symmetric(
  key: KeyObject,
  algorithm: string,
): { readonly mode: string; readonly cipher: string; readonly padding: boolean } | undefined {
  const [, bits, mode = ''] = /^A(128|192|256)(GCM|CBC|CBCPAD|KW)$/.exec(algorithm) ?? [];
  if (bits === undefined || Number(bits) !== (key.symmetricKeySize ?? 0) * 8) return undefined;
  if (mode === 'KW') return { mode, cipher: `id-aes${bits}-wrap`, padding: false };
  return { mode: mode.slice(0, 3), cipher: `aes-${bits}-${mode.slice(0, 3).toLowerCase()}`, padding: mode === 'CBCPAD' };
}

function encryptSymmetric(key: KeyObject, algorithm: string, { value, iv, aad }: Ciphertext): Ciphertext | undefined {
  const found = symmetric(key, algorithm);
  if (found === undefined) return undefined;
  if (found.mode === 'KW') return { value: run(createCipheriv(found.cipher, key, wrapInitial), value) };
  if (found.mode === 'CBC') {
    if (iv === undefined) throw new Error('iv is missing');
    return { value: run(createCipheriv(found.cipher, key, iv).setAutoPadding(found.padding), value), iv };
  }
  // The service chooses the nonce: one that a caller repeats would give the key away.
  const nonce = randomBytes(12);
  const cipher = createCipheriv(found.cipher as CipherGCMTypes, key, nonce);
  if (aad !== undefined) cipher.setAAD(aad);
  const sealed = run(cipher, value);
  return { value: sealed, iv: nonce, tag: cipher.getAuthTag(), ...(aad !== undefined && { aad }) };
}

function decryptSymmetric(key: KeyObject, algorithm: string, { value, iv, aad, tag }: Ciphertext): Buffer | undefined {
  const found = symmetric(key, algorithm);
  if (found === undefined) return undefined;
  if (found.mode === 'KW') return run(createDecipheriv(found.cipher, key, wrapInitial), value);
  if (iv === undefined) throw new Error('iv is missing');
  if (found.mode === 'CBC') return run(createDecipheriv(found.cipher, key, iv).setAutoPadding(found.padding), value);
  if (tag === undefined) throw new Error('tag is missing');
  const decipher = createDecipheriv(found.cipher as CipherGCMTypes, key, iv).setAuthTag(tag);
  if (aad !== undefined) decipher.setAAD(aad);
  return run(decipher, value);
}

function run(transform: { update(data: Buffer): Buffer; final(): Buffer }, data: Buffer): Buffer {
  return Buffer.concat([transform.update(data), transform.final()]);
}
