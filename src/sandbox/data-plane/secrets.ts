import { type JsonObject, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import { attributesFrom, showAttributes, tagsFrom } from './attributes.ts';
import { backedUp, backUp, copyOf } from './backup.ts';
import type { Act, Call } from './call.ts';
import { live, nameIsFree, nameIsUnused, newVersionId, notManaged, objectId, versionOf } from './kinds.ts';
import { type Kind, lifecycle } from './lifecycle.ts';
import type { OperationName } from './operations.ts';
import { usable } from './usable.ts';
import type { KeptSecret, SecretVersion } from './vault-object.ts';

type SecretOperation = Extract<OperationName, `Secret${string}`>;

const kind: Kind<KeptSecret> = {
  collection: 'secrets',
  objects: (call) => call.vault.secrets,
  item: (call, secret, version, inVersions) => ({
    id: objectId(call, 'secrets', secret.name, inVersions ? version.id : undefined),
    ...properties(call, secret, version),
  }),
  show,
};

function properties(call: Call, secret: KeptSecret, version: SecretVersion): JsonObject {
  const { contentType, tags } = version;
  return {
    attributes: showAttributes(version.attributes, call.vault),
    ...(contentType !== undefined && { contentType }),
    ...(tags !== undefined && { tags }),
    ...(secret.managed === true && { managed: true }),
  };
}

function show(call: Call, secret: KeptSecret, version: SecretVersion): JsonObject {
  return {
    id: objectId(call, 'secrets', secret.name, version.id),
    ...properties(call, secret, version),
    ...(version.kid !== undefined && { kid: version.kid }),
  };
}

function set(call: Call): { readonly body: JsonObject } {
  nameIsFree(call.vault.secrets, 'secrets', call.name);
  const existing = call.vault.secrets.get(call.name.toLowerCase());
  if (existing !== undefined) notManaged(existing, 'secrets');
  const contentType = stringAt(call.body, 'contentType');
  const version: SecretVersion = {
    id: newVersionId(),
    value: stringAt(call.body, 'value') ?? '',
    ...(contentType !== undefined && { contentType }),
    attributes: attributesFrom(call.body, call.now),
    ...tagsFrom(call.body),
  };
  const secret = existing ?? { name: call.name, versions: [] };
  secret.versions.push(version);
  call.vault.secrets.set(call.name.toLowerCase(), secret);
  return { body: { value: version.value, ...show(call, secret, version) } };
}

function get(call: Call): { readonly body: JsonObject } {
  if (call.query.get('outContentType') !== null)
    throw new ServiceError(
      400,
      'BadParameter',
      'the sandbox answers a secret in the content type it is stored in: leave outContentType out',
    );
  const secret = live(call.vault.secrets, 'secrets', call.name);
  const version = versionOf(secret, 'secrets', call.version);
  usable('Secret', version.attributes, 'get', call.now);
  return { body: { value: version.value, ...show(call, secret, version) } };
}

function update(call: Call): { readonly body: JsonObject } {
  const secret = live(call.vault.secrets, 'secrets', call.name);
  notManaged(secret, 'secrets');
  const before = versionOf(secret, 'secrets', call.version);
  const contentType = stringAt(call.body, 'contentType') ?? before.contentType;
  const version: SecretVersion = {
    ...before,
    ...(contentType !== undefined && { contentType }),
    attributes: attributesFrom(call.body, call.now, before.attributes),
    ...tagsFrom(call.body, before.tags),
  };
  secret.versions[secret.versions.indexOf(before)] = version;
  return { body: show(call, secret, version) };
}

function backup(call: Call): { readonly body: JsonObject } {
  const secret = live(call.vault.secrets, 'secrets', call.name);
  notManaged(secret, 'secrets');
  return { body: { value: backUp('secrets', copyOf(secret)) } };
}

function restore(call: Call): { readonly body: JsonObject } {
  const secret = copyOf(backedUp('secrets', stringAt(call.body, 'value') ?? ''));
  nameIsUnused(call.vault.secrets, 'secrets', secret.name);
  call.vault.secrets.set(secret.name.toLowerCase(), secret);
  return { body: show(call, secret, versionOf(secret, 'secrets', '')) };
}

const { list, listVersions, delete: remove, getDeleted, listDeleted, recover, purge } = lifecycle(kind);

export const secretOperations: Readonly<Record<SecretOperation, Act>> = {
  SecretSet: set,
  SecretGet: get,
  SecretList: list,
  SecretListVersions: listVersions,
  SecretUpdate: update,
  SecretDelete: remove,
  SecretGetDeleted: getDeleted,
  SecretListDeleted: listDeleted,
  SecretRecover: recover,
  SecretPurge: purge,
  SecretBackup: backup,
  SecretRestore: restore,
};
