import { isObject, type JsonObject, objectAt, stringAt, stringsAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { attributesFrom, showAttributes, tagsFrom } from './attributes.ts';
import { backedUp, backUp, copyOf } from './backup.ts';
import type { Act, Call } from './call.ts';
import { cryptoOperations } from './crypto-operations.ts';
import { generateKey, importKey, keyKind, publicJwk } from './key-material.ts';
import { live, nameIsFree, nameIsUnused, newVersionId, notManaged, objectId, versionOf } from './kinds.ts';
import { type Kind, lifecycle } from './lifecycle.ts';
import type { OperationName } from './operations.ts';
import { rotationPolicyOperations } from './rotation-policy.ts';
import type { KeptKey, KeyVersion } from './vault-object.ts';

type KeyOperation = Extract<OperationName, `Key${string}`>;
type Shown = Promise<{ readonly body: JsonObject }>;

const usualOperations = {
  RSA: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
  EC: ['sign', 'verify'],
  oct: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
} as const;

const kind: Kind<KeptKey> = {
  collection: 'keys',
  objects: (call) => call.vault.keys,
  item: (call, key, version, inVersions) => ({
    kid: objectId(call, 'keys', key.name, inVersions ? version.id : undefined),
    ...properties(call, key, version),
  }),
  show,
};

function properties(call: Call, key: KeptKey, { attributes, exportable, tags }: KeyVersion): JsonObject {
  return {
    attributes: { ...showAttributes(attributes, call.vault), exportable: exportable ?? false },
    ...(tags !== undefined && { tags }),
    ...(key.managed === true && { managed: true }),
  };
}

function show(call: Call, key: KeptKey, version: KeyVersion): JsonObject {
  return {
    key: {
      kid: objectId(call, 'keys', key.name, version.id),
      kty: keyType(version),
      key_ops: version.operations,
      ...publicJwk(version.material()),
    },
    ...properties(call, key, version),
    ...(version.releasePolicy !== undefined && { release_policy: version.releasePolicy }),
  };
}

function keyType(version: KeyVersion): string {
  const material = version.material();
  const kind = material.type === 'secret' ? 'oct' : material.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC';
  return version.hsm ? `${kind}-HSM` : kind;
}

/** @throws ServiceError 400 when only a vault of the premium tier has what is asked for. */
function onlyPremium(vault: SandboxVault): void {
  const tier = stringAt(objectAt(objectAt(vault.body, 'properties'), 'sku'), 'name') ?? 'standard';
  if (tier.toLowerCase() !== 'premium')
    throw new ServiceError(400, 'BadParameter', 'Keys of an HSM type need a vault of the premium tier.', {
      innerCode: 'KeyTypeNotSupported',
    });
}

function addVersion(
  call: Call,
  given: Pick<KeyVersion, 'material' | 'hsm'>,
  kty: string,
  wanted: readonly string[],
): { readonly body: JsonObject } {
  nameIsFree(call.vault.keys, 'keys', call.name);
  const existing = call.vault.keys.get(call.name.toLowerCase());
  if (existing !== undefined) notManaged(existing, 'keys');
  const exportable = objectAt(call.body, 'attributes').exportable === true;
  const version: KeyVersion = {
    id: newVersionId(),
    ...given,
    operations: wanted.length > 0 ? wanted : usualOperations[keyKind(kty)],
    ...(exportable && { exportable }),
    ...releasePolicy(call.body),
    attributes: attributesFrom(call.body, call.now),
    ...tagsFrom(call.body),
  };
  const key = existing ?? { name: call.name, versions: [] };
  key.versions.push(version);
  call.vault.keys.set(call.name.toLowerCase(), key);
  return { body: show(call, key, version) };
}

function releasePolicy(body: JsonObject): { readonly releasePolicy?: JsonObject } {
  return isObject(body.release_policy) ? { releasePolicy: body.release_policy } : {};
}

async function create(call: Call): Shown {
  nameIsFree(call.vault.keys, 'keys', call.name);
  const kty = stringAt(call.body, 'kty') ?? '';
  const hsm = kty.endsWith('-HSM');
  if (hsm) onlyPremium(call.vault);
  const size = typeof call.body.key_size === 'number' ? call.body.key_size : undefined;
  const material = await generateKey({ kty, size, curve: stringAt(call.body, 'crv') });
  return addVersion(call, { material: () => material, hsm }, kty, stringsAt(call.body, 'key_ops'));
}

function importOne(call: Call): { readonly body: JsonObject } {
  const jwk = objectAt(call.body, 'key');
  const kty = stringAt(jwk, 'kty') ?? '';
  const hsm = call.body.Hsm === true || kty.endsWith('-HSM');
  if (hsm) onlyPremium(call.vault);
  const material = importKey(jwk);
  return addVersion(call, { material: () => material, hsm }, kty, stringsAt(jwk, 'key_ops'));
}

function get(call: Call): { readonly body: JsonObject } {
  const key = live(call.vault.keys, 'keys', call.name);
  return { body: show(call, key, versionOf(key, 'keys', call.version)) };
}

function update(call: Call): { readonly body: JsonObject } {
  const key = live(call.vault.keys, 'keys', call.name);
  const before = versionOf(key, 'keys', call.version);
  const version: KeyVersion = {
    ...before,
    ...(Array.isArray(call.body.key_ops) && { operations: stringsAt(call.body, 'key_ops') }),
    ...releasePolicy(call.body),
    attributes: attributesFrom(call.body, call.now, before.attributes),
    ...tagsFrom(call.body, before.tags),
  };
  key.versions[key.versions.indexOf(before)] = version;
  return { body: show(call, key, version) };
}

async function rotate(call: Call): Shown {
  const key = live(call.vault.keys, 'keys', call.name);
  notManaged(key, 'keys');
  const before = versionOf(key, 'keys', '');
  const old = before.material();
  const { crv } = publicJwk(old);
  const size = old.asymmetricKeyDetails?.modulusLength ?? (old.symmetricKeySize === undefined ? undefined : old.symmetricKeySize * 8);
  const material = await generateKey({ kty: keyType(before), size, curve: typeof crv === 'string' ? crv : undefined });
  const version: KeyVersion = {
    ...before,
    id: newVersionId(),
    material: () => material,
    attributes: attributesFrom({}, call.now),
  };
  key.versions.push(version);
  return { body: show(call, key, version) };
}

function backup(call: Call): { readonly body: JsonObject } {
  const key = live(call.vault.keys, 'keys', call.name);
  notManaged(key, 'keys');
  return { body: { value: backUp('keys', copyOf(key)) } };
}

function restore(call: Call): { readonly body: JsonObject } {
  const key = copyOf(backedUp('keys', stringAt(call.body, 'value') ?? ''));
  nameIsUnused(call.vault.keys, 'keys', key.name);
  call.vault.keys.set(key.name.toLowerCase(), key);
  return { body: show(call, key, versionOf(key, 'keys', '')) };
}

/** Release hands a key to attested code; the sandbox has nobody whose attestation it could check. */
function release(call: Call): never {
  const version = versionOf(live(call.vault.keys, 'keys', call.name), 'keys', call.version);
  if (version.exportable !== true || version.releasePolicy === undefined)
    throw new ServiceError(403, 'Forbidden', 'The key is not exportable.', { innerCode: 'KeyNotExportable' });
  throw new ServiceError(400, 'AttestationNotSupported', 'the sandbox checks no attestation and releases no key');
}

function attestation(call: Call): never {
  versionOf(live(call.vault.keys, 'keys', call.name), 'keys', call.version);
  throw new ServiceError(400, 'AttestationNotSupported', 'only a Managed HSM attests its keys, and the sandbox is none');
}

const { list, listVersions, delete: remove, getDeleted, listDeleted, recover, purge } = lifecycle(kind);

export const keyOperations: Readonly<Record<KeyOperation, Act>> = {
  KeyCreate: create,
  KeyImport: importOne,
  KeyGet: get,
  KeyList: list,
  KeyListVersions: listVersions,
  KeyUpdate: update,
  KeyRotate: rotate,
  KeyRelease: release,
  KeyAttestationGet: attestation,
  KeyDelete: remove,
  KeyGetDeleted: getDeleted,
  KeyListDeleted: listDeleted,
  KeyRecover: recover,
  KeyPurge: purge,
  KeyBackup: backup,
  KeyRestore: restore,
  ...rotationPolicyOperations,
  ...cryptoOperations,
};
