import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { objectAt, stringAt } from '../../base/json.ts';
import type { SandboxVault } from '../state.ts';
import { completePolicy } from './certificate-policy.ts';
import { addCertificateVersion } from './certificate-versions.ts';
import { selfSigned } from './issue-certificate.ts';
import { generateKey } from './key-material.ts';
import { newVersionId } from './kinds.ts';
import type { Attributes } from './vault-object.ts';

/** What a scenario puts into a vault; a bare name is an object of the usual kind. */
export interface ObjectSeeds {
  readonly secrets?: readonly (string | { readonly name: string; readonly value?: string; readonly contentType?: string })[];
  readonly keys?: readonly (string | { readonly name: string; readonly kty?: 'RSA' | 'EC' })[];
  readonly certificates?: readonly (string | { readonly name: string; readonly subject?: string; readonly kty?: 'RSA' | 'EC' })[];
}

/** Fills a vault, past all authorization. `now` is sandbox milliseconds: when the objects were made. */
export async function seedObjects(vault: SandboxVault, seeds: ObjectSeeds, { now }: { readonly now: number }): Promise<void> {
  const seconds = Math.floor(now / 1000);
  const attributes: Attributes = { enabled: true, created: seconds, updated: seconds };
  for (const seed of seeds.secrets ?? []) {
    const { name, value = `value-of-${name}`, contentType } = typeof seed === 'string' ? { name: seed } : seed;
    const version = { id: newVersionId(), value, attributes, ...(contentType !== undefined && { contentType }) };
    vault.secrets.set(name.toLowerCase(), { name, versions: [version] });
  }
  for (const seed of seeds.keys ?? []) {
    const { name, kty = 'RSA' } = typeof seed === 'string' ? { name: seed } : seed;
    const operations = kty === 'RSA' ? ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'] : ['sign', 'verify'];
    const version = { id: newVersionId(), material: onFirstUse(kty), hsm: false, operations, attributes };
    vault.keys.set(name.toLowerCase(), { name, versions: [version] });
  }
  for (const seed of seeds.certificates ?? []) {
    const { name, subject = `CN=${name}`, kty = 'RSA' } = typeof seed === 'string' ? { name: seed } : seed;
    const policy = completePolicy({ x509_props: { subject }, key_props: { kty } }, {}, now);
    const key = await generateKey({ kty });
    const der = await selfSigned(policy, key, now);
    addCertificateVersion(vault, vaultUriOf(vault), name, { key, der, chain: [], policy, enabled: true, now });
  }
}

/** An RSA key takes a tenth of a second to make, and an estate has many that nobody uses. */
function onFirstUse(kty: 'RSA' | 'EC'): () => KeyObject {
  let made: KeyObject | undefined;
  return () => {
    made ??= (kty === 'RSA' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }))
      .privateKey;
    return made;
  };
}

function vaultUriOf(vault: SandboxVault): string {
  const uri = stringAt(objectAt(vault.body, 'properties'), 'vaultUri') ?? `https://${stringAt(vault.body, 'name') ?? ''}.vault.azure.net`;
  return uri.replace(/\/$/, '');
}
