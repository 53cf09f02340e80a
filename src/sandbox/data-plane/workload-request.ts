import { createHash, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../../base/json.ts';
import type { TenantState } from '../state.ts';
import { encryptWith } from './encryption.ts';
import { signDigest } from './signing.ts';
import type { WorkloadCall } from './workload.ts';

export interface WorkloadRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: JsonObject;
}

/** What workloads protect and sign: 32 bytes that are the same in every round. */
const plain = createHash('sha256').update('keyturn workload').digest();

/**
 * The request that an application would send. One that unwraps or verifies holds something that was wrapped or signed
 * long ago; here it is made from the key itself, past the vault, because the application may do no more than unwrap.
 */
export function workloadRequest(call: WorkloadCall, state: TenantState): WorkloadRequest {
  const object = call.object ?? '';
  switch (call.operation) {
    case 'listSecrets':
      return { method: 'GET', path: '/secrets' };
    case 'listKeys':
      return { method: 'GET', path: '/keys' };
    case 'listCertificates':
      return { method: 'GET', path: '/certificates' };
    case 'getSecret':
      return { method: 'GET', path: `/secrets/${object}` };
    case 'getKey':
      return { method: 'GET', path: `/keys/${object}` };
    case 'getCertificate':
      return { method: 'GET', path: `/certificates/${object}` };
    case 'setSecret':
      return { method: 'PUT', path: `/secrets/${object}`, body: { value: plain.toString('base64url') } };
    case 'wrapKey':
    case 'encrypt':
      return keyRequest(call, { alg: encryptionOf(keyOf(call, state)), value: encoded(plain) });
    case 'unwrapKey':
    case 'decrypt':
      return keyRequest(call, wrapped(keyOf(call, state)));
    case 'sign':
      return keyRequest(call, { alg: signatureOf(keyOf(call, state)), value: encoded(digestFor(keyOf(call, state))) });
    case 'verify':
      return keyRequest(call, signed(keyOf(call, state)));
  }
}

function keyRequest({ operation, object }: WorkloadCall, body: JsonObject): WorkloadRequest {
  return { method: 'POST', path: `/keys/${object ?? ''}/${operation.toLowerCase()}`, body };
}

/** Undefined where there is no such key: the call is made all the same, and the vault says what it thinks of it. */
function keyOf({ vault, object }: WorkloadCall, state: TenantState): KeyObject | undefined {
  const found = [...state.vaults.values()].find(({ key }) => key.endsWith(`/vaults/${vault.toLowerCase()}`));
  return found?.keys
    .get((object ?? '').toLowerCase())
    ?.versions.at(-1)
    ?.material();
}

function encryptionOf(key: KeyObject | undefined): string {
  return key?.type === 'secret' ? `A${(key.symmetricKeySize ?? 32) * 8}KW` : 'RSA-OAEP-256';
}

function wrapped(key: KeyObject | undefined): JsonObject {
  const alg = encryptionOf(key);
  const canWrap = key !== undefined && (key.type === 'secret' || key.asymmetricKeyType === 'rsa');
  return { alg, value: encoded(canWrap ? encryptWith(key, alg, { value: plain }).value : plain) };
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512', secp256k1: 'ES256K' };

function signatureOf(key: KeyObject | undefined): string {
  return curves[key?.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'RS256';
}

function digestFor(key: KeyObject | undefined): Buffer {
  const bits = /\d{3}/.exec(signatureOf(key))?.[0] ?? '256';
  return createHash(`sha${bits}`).update(plain).digest();
}

function signed(key: KeyObject | undefined): JsonObject {
  const alg = signatureOf(key);
  const digest = digestFor(key);
  const signature = key === undefined || key.type === 'secret' ? digest : signDigest(key, alg, digest);
  return { alg, digest: encoded(digest), value: encoded(signature) };
}

function encoded(bytes: Buffer): string {
  return bytes.toString('base64url');
}
