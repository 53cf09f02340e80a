import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '../../base/json.ts';

/** Times are seconds since 1970, as on the wire. */
export interface Attributes {
  readonly enabled: boolean;
  readonly nbf?: number;
  readonly exp?: number;
  readonly created: number;
  readonly updated: number;
}

interface AnyVersion {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly attributes: Attributes;
  readonly tags?: JsonObject;
}

export interface SecretVersion extends AnyVersion {
  readonly value: string;
  readonly contentType?: string;
  /** The key of the certificate that this secret belongs to. */
  readonly kid?: string;
}

export interface KeyVersion extends AnyVersion {
  /** A private or a symmetric key; made when first asked for, because scenarios hold many that nobody uses. */
  readonly material: () => KeyObject;
  readonly hsm: boolean;
  readonly operations: readonly string[];
  readonly exportable?: boolean;
  readonly releasePolicy?: JsonObject;
}

export interface CertificateVersion extends AnyVersion {
  readonly der: Buffer;
  /** Issuers above it, nearest first. */
  readonly chain: readonly Buffer[];
}

/** What a vault keeps under one name. A deleted object holds on to its name until it is purged. */
export interface Kept<Version extends AnyVersion = AnyVersion> {
  /** As it was first written; names compare without case. */
  readonly name: string;
  /** Oldest first, never empty except for a certificate that is still pending. */
  versions: Version[];
  /** Sandbox milliseconds. */
  deletedOn?: number;
  /** Belongs to the certificate of the same name. */
  readonly managed?: boolean;
}

export type KeptSecret = Kept<SecretVersion>;

export interface KeptKey extends Kept<KeyVersion> {
  rotationPolicy?: JsonObject;
}

export interface KeptCertificate extends Kept<CertificateVersion> {
  policy: JsonObject;
  pending?: PendingCertificate;
}

export interface PendingCertificate {
  readonly body: JsonObject;
  /** What waits for an issuer that is not the vault itself. */
  readonly waiting?: {
    /** The id that the merged version will have. */
    readonly id: string;
    /** The key that the merged certificate has to fit. */
    readonly key: KeyObject;
    readonly tags?: JsonObject;
  };
}
