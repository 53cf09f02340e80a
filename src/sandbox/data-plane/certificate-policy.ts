import { type KeyObject, X509Certificate } from 'node:crypto';
import { type JsonObject, objectAt, objectsAt } from '../../base/json.ts';
import { pfxType } from './certificate-file.ts';
import { publicJwk } from './key-material.ts';

/** A policy with everything that Key Vault fills in, over what was asked for and what stood there before. */
export function completePolicy(wish: JsonObject, before: JsonObject, now: number): JsonObject {
  const seconds = Math.floor(now / 1000);
  const actions = objectsAt(wish, 'lifetime_actions').length > 0 ? wish.lifetime_actions : before.lifetime_actions;
  const part = (name: string) => ({ ...objectAt(before, name), ...objectAt(wish, name) });
  const keyProperties = part('key_props');
  return {
    key_props: { exportable: true, reuse_key: false, ...keySize(keyProperties), ...keyProperties },
    secret_props: { contentType: pfxType, ...part('secret_props') },
    x509_props: {
      subject: '',
      ekus: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      key_usage: ['digitalSignature', 'keyEncipherment'],
      validity_months: 12,
      basic_constraints: { ca: false },
      ...part('x509_props'),
    },
    lifetime_actions: actions ?? [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
    issuer: { name: 'Self', ...part('issuer') },
    attributes: { enabled: true, created: seconds, ...part('attributes'), updated: seconds },
  };
}

function keySize({ kty, crv }: JsonObject): JsonObject {
  if (typeof kty !== 'string' || !kty.startsWith('EC')) return { kty: 'RSA', key_size: 2048 };
  const curve = typeof crv === 'string' ? crv : 'P-256';
  return { crv: curve, key_size: Number(/\d+/.exec(curve)?.[0]) };
}

/** What an imported certificate says of itself. */
export function policyOf(key: KeyObject, der: Buffer, contentType: string): JsonObject {
  const { crv } = publicJwk(key);
  const size = key.asymmetricKeyDetails?.modulusLength;
  const certificate = new X509Certificate(der);
  const months = Math.round((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (30.44 * 24 * 3600 * 1000));
  return {
    key_props: size === undefined ? { kty: 'EC', crv: crv ?? '' } : { kty: 'RSA', key_size: size },
    secret_props: { contentType },
    x509_props: { subject: certificate.subject.split('\n').join(', '), validity_months: Math.max(1, months) },
    issuer: { name: 'Unknown' },
  };
}
