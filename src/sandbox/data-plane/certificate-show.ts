import { type JsonObject, objectAt } from '../../base/json.ts';
import { showAttributes } from './attributes.ts';
import type { Call } from './call.ts';
import { thumbprint } from './certificate-versions.ts';
import { objectId } from './kinds.ts';
import type { CertificateVersion, KeptCertificate } from './vault-object.ts';

/** A certificate as answers show it; its key and secret are named, not shown. */
export function showCertificate(call: Call, certificate: KeptCertificate, version: CertificateVersion): JsonObject {
  const { name } = certificate;
  const { id, der, attributes, tags } = version;
  return {
    id: objectId(call, 'certificates', name, id),
    kid: objectId(call, 'keys', name, id),
    sid: objectId(call, 'secrets', name, id),
    x5t: thumbprint(der),
    cer: der.toString('base64'),
    contentType: objectAt(certificate.policy, 'secret_props').contentType ?? '',
    attributes: showAttributes(attributes, call.vault),
    policy: showPolicy(call, certificate),
    ...(tags !== undefined && { tags }),
    ...(certificate.pending !== undefined && { pending: { id: `${objectId(call, 'certificates', name)}/pending` } }),
  };
}

/** A certificate that nobody has issued yet: its policy, and where to ask how far it is. */
export function showWaiting(call: Call, certificate: KeptCertificate, id: string): JsonObject {
  const seconds = Math.floor(call.now / 1000);
  return {
    id: objectId(call, 'certificates', certificate.name, id),
    attributes: showAttributes({ enabled: false, created: seconds, updated: seconds }, call.vault),
    policy: showPolicy(call, certificate),
    pending: { id: `${objectId(call, 'certificates', certificate.name)}/pending` },
  };
}

export function showPolicy(call: Call, { name, policy }: KeptCertificate): JsonObject {
  return { id: `${objectId(call, 'certificates', name)}/policy`, ...policy };
}
