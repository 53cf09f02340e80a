import { z } from 'zod';
import type { OperationName } from './operations.ts';

const text = z.string();
const bytes = z.string().regex(/^[A-Za-z0-9_-]*={0,2}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/\s]*={0,2}\s*$/);
const time = z.int();
const tags = z.record(text, text).exactOptional();
const attributes = z.strictObject({
  enabled: z.boolean().exactOptional(),
  nbf: time.exactOptional(),
  exp: time.exactOptional(),
  exportable: z.boolean().exactOptional(),
});
const common = { attributes: attributes.exactOptional(), tags };
const restore = z.strictObject({ value: bytes.min(1) });

const keyOperations = z.array(z.enum(['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey', 'import', 'export']));
const keyTypes = z.enum(['RSA', 'RSA-HSM', 'EC', 'EC-HSM', 'oct', 'oct-HSM']);
const curves = z.enum(['P-256', 'P-384', 'P-521', 'P-256K']);
const releasePolicy = z.strictObject({ contentType: text.exactOptional(), data: bytes, immutable: z.boolean().exactOptional() });
const jwkParts = ['n', 'e', 'd', 'dp', 'dq', 'qi', 'p', 'q', 'k', 'key_hsm', 'x', 'y'] as const;
const jwk = z.strictObject({
  kid: text.exactOptional(),
  kty: keyTypes,
  key_ops: keyOperations.exactOptional(),
  crv: curves.exactOptional(),
  ...Object.fromEntries(jwkParts.map((part) => [part, bytes.exactOptional()])),
});
const cryptography = z.strictObject({
  alg: text,
  value: bytes,
  iv: bytes.exactOptional(),
  aad: bytes.exactOptional(),
  tag: bytes.exactOptional(),
});
const rotationPolicy = z.strictObject({
  id: text.exactOptional(),
  lifetimeActions: z
    .array(
      z.strictObject({
        trigger: z.strictObject({ timeAfterCreate: text.exactOptional(), timeBeforeExpiry: text.exactOptional() }),
        action: z.strictObject({ type: z.string().regex(/^(rotate|notify)$/i) }),
      }),
    )
    .exactOptional(),
  attributes: z
    .strictObject({ expiryTime: text.exactOptional(), created: time.exactOptional(), updated: time.exactOptional() })
    .exactOptional(),
});

const certificatePolicy = z.strictObject({
  id: text.exactOptional(),
  key_props: z
    .strictObject({
      exportable: z.boolean().exactOptional(),
      kty: keyTypes.exactOptional(),
      key_size: z.int().exactOptional(),
      reuse_key: z.boolean().exactOptional(),
      crv: curves.exactOptional(),
    })
    .exactOptional(),
  secret_props: z.strictObject({ contentType: text.exactOptional() }).exactOptional(),
  x509_props: z
    .strictObject({
      subject: text.exactOptional(),
      ekus: z.array(text).exactOptional(),
      sans: z
        .strictObject({
          emails: z.array(text).exactOptional(),
          dns_names: z.array(text).exactOptional(),
          upns: z.array(text).exactOptional(),
          uris: z.array(text).exactOptional(),
          ipAddresses: z.array(text).exactOptional(),
        })
        .exactOptional(),
      key_usage: z.array(text).exactOptional(),
      validity_months: z.int().min(1).exactOptional(),
      basic_constraints: z.strictObject({ ca: z.boolean().exactOptional() }).exactOptional(),
    })
    .exactOptional(),
  lifetime_actions: z
    .array(
      z.strictObject({
        trigger: z
          .strictObject({ lifetime_percentage: z.int().exactOptional(), days_before_expiry: z.int().exactOptional() })
          .exactOptional(),
        action: z.strictObject({ action_type: text.exactOptional() }).exactOptional(),
      }),
    )
    .exactOptional(),
  issuer: z
    .strictObject({ name: text.exactOptional(), cty: text.exactOptional(), cert_transparency: z.boolean().exactOptional() })
    .exactOptional(),
  attributes: attributes.exactOptional(),
});
const issuer = {
  credentials: z.strictObject({ account_id: text.exactOptional(), pwd: text.exactOptional() }).exactOptional(),
  org_details: z
    .strictObject({
      id: text.exactOptional(),
      admin_details: z
        .array(
          z.strictObject({
            first_name: text.exactOptional(),
            last_name: text.exactOptional(),
            email: text.exactOptional(),
            phone: text.exactOptional(),
          }),
        )
        .exactOptional(),
    })
    .exactOptional(),
  attributes: z.strictObject({ enabled: z.boolean().exactOptional() }).exactOptional(),
};
const contact = z.strictObject({ email: text.exactOptional(), name: text.exactOptional(), phone: text.exactOptional() });
const certificateCommon = { ...common, preserveCertOrder: z.boolean().exactOptional() };

/** What the body of each operation may hold; operations that are not here take none. */
export const bodies: Readonly<Partial<Record<OperationName, z.ZodType>>> = {
  SecretSet: z.strictObject({ value: text, contentType: text.exactOptional(), ...common }),
  SecretUpdate: z.strictObject({ contentType: text.exactOptional(), ...common }),
  SecretRestore: restore,
  KeyCreate: z.strictObject({
    kty: keyTypes,
    key_size: z.int().exactOptional(),
    public_exponent: z.int().exactOptional(),
    key_ops: keyOperations.exactOptional(),
    crv: curves.exactOptional(),
    release_policy: releasePolicy.exactOptional(),
    ...common,
  }),
  KeyImport: z.strictObject({ Hsm: z.boolean().exactOptional(), key: jwk, release_policy: releasePolicy.exactOptional(), ...common }),
  KeyUpdate: z.strictObject({ key_ops: keyOperations.exactOptional(), release_policy: releasePolicy.exactOptional(), ...common }),
  KeyRestore: restore,
  KeyRotationPolicySet: rotationPolicy,
  KeyRelease: z.strictObject({ target: text.min(1), nonce: text.exactOptional(), enc: text.exactOptional() }),
  KeyEncrypt: cryptography,
  KeyDecrypt: cryptography,
  KeyWrap: cryptography,
  KeyUnwrap: cryptography,
  KeySign: z.strictObject({ alg: text, value: bytes }),
  KeyVerify: z.strictObject({ alg: text, digest: bytes, value: bytes }),
  CertificateContactsSet: z.strictObject({ id: text.exactOptional(), contacts: z.array(contact) }),
  CertificateIssuerSet: z.strictObject({ provider: text, ...issuer }),
  CertificateIssuerUpdate: z.strictObject({ provider: text.exactOptional(), ...issuer }),
  CertificateRestore: restore,
  CertificateCreate: z.strictObject({ policy: certificatePolicy.exactOptional(), ...certificateCommon }),
  CertificateImport: z.strictObject({
    value: text.min(1),
    pwd: text.exactOptional(),
    policy: certificatePolicy.exactOptional(),
    ...certificateCommon,
  }),
  CertificatePendingUpdate: z.strictObject({ cancellation_requested: z.boolean() }),
  CertificatePendingMerge: z.strictObject({ x5c: z.array(base64).min(1), ...common }),
  CertificatePolicyUpdate: certificatePolicy,
  CertificateUpdate: z.strictObject({ policy: certificatePolicy.exactOptional(), ...common }),
};
