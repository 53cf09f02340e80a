import { isObject, type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import { attributesFrom, showAttributes, tagsFrom } from './attributes.ts';
import { backedUp, backUp, copyOf } from './backup.ts';
import type { Act, Call } from './call.ts';
import { readCertificateFile } from './certificate-file.ts';
import { issuerOperations } from './certificate-issuers.ts';
import { pendingOperations } from './certificate-pending.ts';
import { completePolicy, policyOf } from './certificate-policy.ts';
import { showCertificate, showPolicy, showWaiting } from './certificate-show.ts';
import { addCertificateVersion, companionsAreOurs, thumbprint } from './certificate-versions.ts';
import { live, nameIsFree, nameIsUnused, objectId, versionOf } from './kinds.ts';
import { type Kind, lifecycle } from './lifecycle.ts';
import type { OperationName } from './operations.ts';
import type { Attributes, KeptCertificate } from './vault-object.ts';

type CertificateOperation = Extract<OperationName, `Certificate${string}`>;
type Shown = { readonly body: JsonObject };

const kind: Kind<KeptCertificate> = {
  collection: 'certificates',
  objects: (call) => call.vault.certificates,
  item: (call, { name }, { id, attributes, tags, der }, inVersions) => ({
    id: objectId(call, 'certificates', name, inVersions ? id : undefined),
    x5t: thumbprint(der),
    attributes: showAttributes(attributes, call.vault),
    ...(tags !== undefined && { tags }),
  }),
  show: showCertificate,
  follow({ vault }, { name, deletedOn }, change) {
    for (const objects of [vault.keys, vault.secrets]) {
      const companion = objects.get(name.toLowerCase());
      if (companion === undefined) continue;
      if (change === 'purge') objects.delete(name.toLowerCase());
      else if (change === 'recover') delete companion.deletedOn;
      else if (deletedOn !== undefined) companion.deletedOn = deletedOn;
    }
  },
};

function importOne(call: Call): Shown {
  nameIsFree(call.vault.certificates, 'certificates', call.name);
  companionsAreOurs(call.vault, call.name);
  const file = readCertificateFile(stringAt(call.body, 'value') ?? '', stringAt(call.body, 'pwd') ?? '');
  const itself = policyOf(file.key, file.der, file.contentType);
  const policy = completePolicy(objectAt(call.body, 'policy'), itself, call.now);
  const enabled = objectAt(call.body, 'attributes').enabled !== false;
  const made = { ...file, policy, enabled, now: call.now, ...tagsFrom(call.body) };
  const certificate = addCertificateVersion(call.vault, call.vaultUri, call.name, made);
  return { body: showCertificate(call, certificate, versionOf(certificate, 'certificates', '')) };
}

function get(call: Call): Shown {
  const certificate = live(call.vault.certificates, 'certificates', call.name);
  const waiting = certificate.pending?.waiting;
  if (waiting !== undefined && (call.version === waiting.id || certificate.versions.length === 0))
    return { body: showWaiting(call, certificate, waiting.id) };
  return { body: showCertificate(call, certificate, versionOf(certificate, 'certificates', call.version)) };
}

function update(call: Call): Shown {
  const certificate = live(call.vault.certificates, 'certificates', call.name);
  const before = versionOf(certificate, 'certificates', call.version);
  const attributes = attributesFrom(call.body, call.now, before.attributes);
  const version = { ...before, attributes, ...tagsFrom(call.body, before.tags) };
  certificate.versions[certificate.versions.indexOf(before)] = version;
  if (isObject(call.body.policy)) certificate.policy = completePolicy(call.body.policy, certificate.policy, call.now);
  updateCompanions(call, before.id, attributes);
  return { body: showCertificate(call, certificate, version) };
}

/** A certificate that is disabled takes its key and secret with it. */
function updateCompanions({ vault, name }: Call, id: string, attributes: Attributes): void {
  const follow = <Version extends { readonly id: string }>(versions: readonly Version[]): Version[] =>
    versions.map((version) => (version.id === id ? { ...version, attributes } : version));
  const key = vault.keys.get(name.toLowerCase());
  if (key !== undefined) key.versions = follow(key.versions);
  const secret = vault.secrets.get(name.toLowerCase());
  if (secret !== undefined) secret.versions = follow(secret.versions);
}

function getPolicy(call: Call): Shown {
  return { body: showPolicy(call, live(call.vault.certificates, 'certificates', call.name)) };
}

function updatePolicy(call: Call): Shown {
  const certificate = live(call.vault.certificates, 'certificates', call.name);
  certificate.policy = completePolicy(call.body, certificate.policy, call.now);
  return { body: showPolicy(call, certificate) };
}

function backup(call: Call): Shown {
  const { vault, name } = call;
  const certificate = live(vault.certificates, 'certificates', name);
  const key = live(vault.keys, 'keys', name);
  const secret = live(vault.secrets, 'secrets', name);
  const content = { name: certificate.name, certificate: copyOf(certificate), key: copyOf(key), secret: copyOf(secret) };
  return { body: { value: backUp('certificates', content) } };
}

function restore(call: Call): Shown {
  const { vault } = call;
  const { name, certificate, key, secret } = backedUp('certificates', stringAt(call.body, 'value') ?? '');
  nameIsUnused(vault.certificates, 'certificates', name);
  nameIsUnused(vault.keys, 'keys', name);
  nameIsUnused(vault.secrets, 'secrets', name);
  const restored = copyOf(certificate);
  vault.certificates.set(name.toLowerCase(), restored);
  vault.keys.set(name.toLowerCase(), copyOf(key));
  vault.secrets.set(name.toLowerCase(), copyOf(secret));
  return { body: showCertificate(call, restored, versionOf(restored, 'certificates', '')) };
}

/** Pending certificates have no version to list; a client that asks for them is told, not given less. */
function withoutPending(list: Act): Act {
  return (call) => {
    if (call.query.get('includePending') === 'true')
      throw new ServiceError(400, 'BadParameter', 'the sandbox does not list pending certificates: leave includePending out');
    return list(call);
  };
}

const { list, listVersions, delete: remove, getDeleted, listDeleted, recover, purge } = lifecycle(kind);

export const certificateOperations: Readonly<Record<CertificateOperation, Act>> = {
  CertificateImport: importOne,
  CertificateGet: get,
  CertificateList: withoutPending(list),
  CertificateListVersions: listVersions,
  CertificateUpdate: update,
  CertificatePolicyGet: getPolicy,
  CertificatePolicyUpdate: updatePolicy,
  CertificateDelete: remove,
  CertificateGetDeleted: getDeleted,
  CertificateListDeleted: withoutPending(listDeleted),
  CertificateRecover: recover,
  CertificatePurge: purge,
  CertificateBackup: backup,
  CertificateRestore: restore,
  ...pendingOperations,
  ...issuerOperations,
};
