import { type KeyObject, randomBytes } from 'node:crypto';
import { type JsonObject, objectAt, stringAt, stringsAt } from '../../base/json.ts';
import { type Answer, ServiceError } from '../exchange.ts';
import { tagsFrom } from './attributes.ts';
import type { Act, Call } from './call.ts';
import { completePolicy } from './certificate-policy.ts';
import { showCertificate } from './certificate-show.ts';
import { addCertificateVersion, companionsAreOurs, fitsKey } from './certificate-versions.ts';
import { selfSigned, signingRequest } from './issue-certificate.ts';
import { generateKey } from './key-material.ts';
import { live, nameIsFree, newVersionId, objectId, versionOf } from './kinds.ts';
import type { KeptCertificate, PendingCertificate } from './vault-object.ts';

/**
 * Starts a certificate. One that issues itself is ready at the next look, as from Azure; one of an `Unknown` issuer waits
 * with its signing request until the signed certificate is merged. The sandbox reaches no other issuer.
 */
async function create(call: Call): Promise<Answer> {
  const { vault, name, body } = call;
  nameIsFree(vault.certificates, 'certificates', name);
  companionsAreOurs(vault, name);
  const existing = vault.certificates.get(name.toLowerCase());
  const policy = completePolicy(objectAt(body, 'policy'), existing?.policy ?? {}, call.now);
  const issuer = stringAt(objectAt(policy, 'issuer'), 'name') ?? '';
  if (!['self', 'unknown'].includes(issuer.toLowerCase()))
    throw new ServiceError(400, 'BadParameter', `the sandbox reaches no certificate issuer \`${issuer}\`: it knows Self and Unknown`);
  const key = await keyFor(call, policy);
  const csr = await signingRequest(policy, key);
  const started = operation(call, issuer, csr);
  if (issuer.toLowerCase() === 'unknown') {
    const certificate: KeptCertificate = existing ?? { name, versions: [], policy };
    certificate.policy = policy;
    certificate.pending = { body: started, waiting: { id: newVersionId(), key, ...tagsFrom(body) } };
    vault.certificates.set(name.toLowerCase(), certificate);
    return { status: 202, body: started };
  }
  const der = await selfSigned(policy, key, call.now);
  const enabled = objectAt(body, 'attributes').enabled !== false;
  const certificate = addCertificateVersion(vault, call.vaultUri, name, {
    key,
    der,
    chain: [],
    policy,
    enabled,
    now: call.now,
    ...tagsFrom(body),
  });
  const target = objectId(call, 'certificates', certificate.name);
  certificate.pending = { body: { ...started, status: 'completed', status_details: null, target } };
  return { status: 202, body: started };
}

/** A new key, or the one that stands there when the policy says to keep it. */
async function keyFor({ vault, name }: Call, policy: JsonObject): Promise<KeyObject> {
  const wish = objectAt(policy, 'key_props');
  const before = vault.keys.get(name.toLowerCase())?.versions.at(-1);
  if (wish.reuse_key === true && before !== undefined) return before.material();
  const size = typeof wish.key_size === 'number' ? wish.key_size : undefined;
  return await generateKey({ kty: stringAt(wish, 'kty') ?? 'RSA', size, curve: stringAt(wish, 'crv') });
}

function operation(call: Call, issuer: string, csr: Buffer): JsonObject {
  return {
    id: `${objectId(call, 'certificates', call.name)}/pending`,
    issuer: { name: issuer },
    csr: csr.toString('base64'),
    cancellation_requested: false,
    status: 'inProgress',
    status_details:
      issuer.toLowerCase() === 'unknown'
        ? 'Pending certificate created. Please Perform Merge to complete the request.'
        : 'Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later.',
    request_id: randomBytes(16).toString('hex'),
  };
}

function pendingOf(call: Call): { readonly certificate: KeptCertificate; readonly pending: PendingCertificate } {
  const certificate = call.vault.certificates.get(call.name.toLowerCase());
  if (certificate?.pending === undefined || certificate.deletedOn !== undefined)
    throw new ServiceError(404, 'PendingCertificateNotFound', `Pending certificate not found: ${call.name}`);
  return { certificate, pending: certificate.pending };
}

function update(call: Call): { readonly body: JsonObject } {
  const { certificate, pending } = pendingOf(call);
  if (pending.waiting === undefined)
    throw new ServiceError(403, 'Forbidden', 'A certificate request that has ended cannot be cancelled.', {
      innerCode: 'OperationNotAllowed',
    });
  const body = { ...pending.body, cancellation_requested: call.body.cancellation_requested === true };
  certificate.pending = { ...pending, body };
  return { body };
}

function remove(call: Call): { readonly body: JsonObject } {
  const { certificate, pending } = pendingOf(call);
  delete certificate.pending;
  // A certificate that never came to a version was nothing but its request.
  if (certificate.versions.length === 0) call.vault.certificates.delete(call.name.toLowerCase());
  return { body: pending.body };
}

function merge(call: Call): Answer {
  const { certificate, pending } = pendingOf(call);
  const [der, ...chain] = stringsAt(call.body, 'x5c').map((text) => Buffer.from(text, 'base64'));
  const { waiting } = pending;
  if (waiting === undefined || der === undefined)
    throw new ServiceError(404, 'PendingCertificateNotFound', `Pending certificate not found: ${call.name}`);
  fitsKey(der, waiting.key);
  const { policy } = certificate;
  const made = { ...waiting, der, chain, policy, enabled: true, now: call.now, ...tagsFrom(call.body, waiting.tags) };
  addCertificateVersion(call.vault, call.vaultUri, call.name, made);
  const target = objectId(call, 'certificates', certificate.name);
  certificate.pending = { body: { ...pending.body, status: 'completed', status_details: null, target } };
  const merged = live(call.vault.certificates, 'certificates', call.name);
  return { status: 201, body: showCertificate(call, merged, versionOf(merged, 'certificates', '')) };
}

type PendingOperation = `Certificate${'Create' | `Pending${'Get' | 'Update' | 'Delete' | 'Merge'}`}`;

export const pendingOperations: Readonly<Record<PendingOperation, Act>> = {
  CertificateCreate: create,
  CertificatePendingGet: (call) => ({ body: pendingOf(call).pending.body }),
  CertificatePendingUpdate: update,
  CertificatePendingDelete: remove,
  CertificatePendingMerge: merge,
};
