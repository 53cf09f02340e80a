import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { secretValue } from './certificate-file.ts';
import { nameIsUnused, newVersionId, objectId } from './kinds.ts';
import type { Attributes, CertificateVersion, KeptCertificate, KeyVersion, SecretVersion } from './vault-object.ts';

export interface NewVersion {
  /** Given when it was promised before. */
  readonly id?: string;
  readonly key: KeyObject;
  readonly der: Buffer;
  readonly chain: readonly Buffer[];
  readonly policy: JsonObject;
  readonly tags?: JsonObject;
  readonly enabled: boolean;
  /** Sandbox milliseconds. */
  readonly now: number;
}

/**
 * Adds a version to a certificate, made if need be, and with it to the key and the secret of the same name, which are
 * objects of their own to everybody who is authorized (EA-15).
 * @throws ServiceError 409 when a key or secret that is not the certificate's has the name.
 */
export function addCertificateVersion(vault: SandboxVault, vaultUri: string, name: string, made: NewVersion): KeptCertificate {
  companionsAreOurs(vault, name);
  const id = made.id ?? newVersionId();
  const lower = name.toLowerCase();
  const attributes = attributesOf(made);
  const tags = made.tags === undefined ? {} : { tags: made.tags };
  const version: CertificateVersion = { id, der: made.der, chain: made.chain, attributes, ...tags };
  const certificate = vault.certificates.get(lower) ?? { name, versions: [], policy: made.policy };
  certificate.policy = made.policy;
  certificate.versions.push(version);
  vault.certificates.set(lower, certificate);
  const key = vault.keys.get(lower) ?? { name, versions: [], managed: true };
  key.versions.push(keyVersion(id, made, attributes));
  vault.keys.set(lower, key);
  const secret = vault.secrets.get(lower) ?? { name, versions: [], managed: true };
  secret.versions.push(secretVersion(id, made, attributes, objectId({ vaultUri }, 'keys', name, id)));
  vault.secrets.set(lower, secret);
  return certificate;
}

/** @throws ServiceError 409 as above. */
export function companionsAreOurs(vault: SandboxVault, name: string): void {
  const lower = name.toLowerCase();
  for (const collection of ['keys', 'secrets'] as const) {
    if (vault[collection].get(lower)?.managed !== true) nameIsUnused(vault[collection], collection, name);
  }
}

function keyVersion(id: string, { key, policy }: NewVersion, attributes: Attributes): KeyVersion {
  const kty = stringAt(objectAt(policy, 'key_props'), 'kty') ?? 'RSA';
  const operations = kty.startsWith('EC') ? ['sign', 'verify'] : ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];
  return { id, material: () => key, hsm: kty.endsWith('-HSM'), operations, attributes };
}

function secretVersion(id: string, { key, der, chain, policy }: NewVersion, attributes: Attributes, kid: string): SecretVersion {
  const contentType = stringAt(objectAt(policy, 'secret_props'), 'contentType') ?? '';
  const exportable = objectAt(policy, 'key_props').exportable !== false;
  const value = secretValue(contentType, { certificates: [der, ...chain], ...(exportable && { key }) });
  return { id, value, contentType, kid, attributes };
}

function attributesOf({ der, enabled, now }: NewVersion): Attributes {
  const { validFrom, validTo } = new X509Certificate(der);
  const seconds = Math.floor(now / 1000);
  return { enabled, nbf: Date.parse(validFrom) / 1000, exp: Date.parse(validTo) / 1000, created: seconds, updated: seconds };
}

/** The SHA-1 of the certificate, by which Key Vault's clients know it. */
export function thumbprint(der: Buffer): string {
  return createHash('sha1').update(der).digest('base64url');
}

/** @throws ServiceError 400 in Azure's words when a certificate does not belong to the key that waits for it. */
export function fitsKey(der: Buffer, key: KeyObject): void {
  if (new X509Certificate(der).checkPrivateKey(key)) return;
  const what = 'The public key of the end-entity certificate in the specified X.509 certificate content';
  throw new ServiceError(
    400,
    'BadParameter',
    `${what} does not match the public part of the specified private key. Please check if certificate is valid.`,
  );
}
