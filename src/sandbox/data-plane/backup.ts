import { randomBytes } from 'node:crypto';
import { ServiceError } from '../exchange.ts';
import type { Collection } from './kinds.ts';
import type { Kept, KeptCertificate, KeptKey, KeptSecret } from './vault-object.ts';

/** What is backed up: a certificate together with its key and secret. */
export interface BackedUp {
  readonly secrets: KeptSecret;
  readonly keys: KeptKey;
  readonly certificates: {
    readonly name: string;
    readonly certificate: KeptCertificate;
    readonly key: KeptKey;
    readonly secret: KeptSecret;
  };
}

/**
 * A blob is a claim check: what it stands for stays in this process. So a backup can be restored only by the sandbox that
 * made it, as Azure's can only in its own geography, and no secret leaves in it.
 */
const backups = new Map<string, { readonly collection: Collection; readonly content: unknown }>();

export function backUp<Of extends Collection>(collection: Of, content: BackedUp[Of]): string {
  const blob = randomBytes(96).toString('base64url');
  backups.set(blob, { collection, content });
  return blob;
}

/** @throws ServiceError 400 when the blob is not of this sandbox or stands for another kind of object. */
export function backedUp<Of extends Collection>(collection: Of, blob: string): BackedUp[Of] {
  const found = backups.get(blob);
  if (found?.collection !== collection)
    throw new ServiceError(
      400,
      'BadParameter',
      `Backup blob contains invalid or corrupt data, or is no backup of ${collection} made by this sandbox.`,
    );
  return found.content as BackedUp[Of];
}

/** Versions are never changed in place, so a new list of them is a copy. */
export function copyOf<Object extends Kept>(object: Object): Object {
  return { ...object, versions: [...object.versions] };
}
