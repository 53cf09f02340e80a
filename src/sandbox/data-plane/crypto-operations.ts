import type { KeyObject } from 'node:crypto';
import { type JsonObject, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { Act, Call } from './call.ts';
import { type Ciphertext, decryptWith, encryptWith } from './encryption.ts';
import { live, objectId, versionOf } from './kinds.ts';
import { signDigest, verifyDigest } from './signing.ts';
import { usable } from './usable.ts';

interface Ready {
  readonly key: KeyObject;
  readonly kid: string;
  readonly algorithm: string;
}

/** The key for one use of it. @throws ServiceError 403 when its attributes or its permitted operations forbid the use. */
function ready(call: Call, use: string): Ready {
  const key = live(call.vault.keys, 'keys', call.name);
  const version = versionOf(key, 'keys', call.version);
  usable('Key', version.attributes, use, call.now);
  if (!version.operations.includes(use))
    throw new ServiceError(403, 'Forbidden', `Operation ${use} is not permitted on this key.`, { innerCode: 'KeyOperationForbidden' });
  return { key: version.material(), kid: objectId(call, 'keys', key.name, version.id), algorithm: stringAt(call.body, 'alg') ?? '' };
}

function bytes(call: Call, property: string): Buffer | undefined {
  const text = stringAt(call.body, property);
  return text === undefined ? undefined : Buffer.from(text, 'base64url');
}

function given(call: Call): Ciphertext {
  const [iv, aad, tag] = ['iv', 'aad', 'tag'].map((name) => bytes(call, name));
  return {
    value: bytes(call, 'value') ?? Buffer.alloc(0),
    ...(iv !== undefined && { iv }),
    ...(aad !== undefined && { aad }),
    ...(tag !== undefined && { tag }),
  };
}

function shown(kid: string, { value, ...others }: Ciphertext): { readonly body: JsonObject } {
  const more = Object.entries(others).map(([name, part]: [string, Buffer]) => [name, part.toString('base64url')]);
  return { body: { kid, value: value.toString('base64url'), ...(Object.fromEntries(more) as JsonObject) } };
}

function encrypting(use: 'encrypt' | 'wrapKey'): Act {
  return (call) => {
    const { key, kid, algorithm } = ready(call, use);
    return shown(kid, encryptWith(key, algorithm, given(call)));
  };
}

function decrypting(use: 'decrypt' | 'unwrapKey'): Act {
  return (call) => {
    const { key, kid, algorithm } = ready(call, use);
    return shown(kid, { value: decryptWith(key, algorithm, given(call)) });
  };
}

function sign(call: Call): { readonly body: JsonObject } {
  const { key, kid, algorithm } = ready(call, 'sign');
  return shown(kid, { value: signDigest(key, algorithm, given(call).value) });
}

function verify(call: Call): { readonly body: JsonObject } {
  const { key, algorithm } = ready(call, 'verify');
  return { body: { value: verifyDigest(key, algorithm, bytes(call, 'digest') ?? Buffer.alloc(0), given(call).value) } };
}

type CryptoOperation = 'KeyEncrypt' | 'KeyDecrypt' | 'KeyWrap' | 'KeyUnwrap' | 'KeySign' | 'KeyVerify';

export const cryptoOperations: Readonly<Record<CryptoOperation, Act>> = {
  KeyEncrypt: encrypting('encrypt'),
  KeyDecrypt: decrypting('decrypt'),
  KeyWrap: encrypting('wrapKey'),
  KeyUnwrap: decrypting('unwrapKey'),
  KeySign: sign,
  KeyVerify: verify,
};
