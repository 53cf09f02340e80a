import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../base/json.ts';
import { ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { recovery } from './attributes.ts';
import type { Call } from './call.ts';
import type { Kept } from './vault-object.ts';

export type Collection = 'secrets' | 'keys' | 'certificates';
const labels = { secrets: 'Secret', keys: 'Key', certificates: 'Certificate' } as const;

type VersionOf<Object extends Kept> = Object['versions'][number];

/** The URL by which an object is known, with its version if there is one. */
export function objectId(call: Pick<Call, 'vaultUri'>, collection: Collection, name: string, version?: string): string {
  return [call.vaultUri, collection, name, ...(version === undefined ? [] : [version])].join('/');
}

export function newVersionId(): string {
  return randomBytes(16).toString('hex');
}

/** @throws ServiceError 404 when there is no such object, or only a deleted one. */
export function live<Object extends Kept>(objects: ReadonlyMap<string, Object>, collection: Collection, name: string): Object {
  const found = objects.get(name.toLowerCase());
  if (found !== undefined && found.deletedOn === undefined) return found;
  throw notFound(collection, name);
}

/** @throws ServiceError 404 when the object has no such version; an empty one is the latest. */
export function versionOf<Object extends Kept>(object: Object, collection: Collection, version: string): VersionOf<Object> {
  const found = version === '' ? object.versions.at(-1) : object.versions.find(({ id }) => id === version.toLowerCase());
  if (found === undefined) throw notFound(collection, version === '' ? object.name : `${object.name}/${version}`);
  return found;
}

function notFound(collection: Collection, name: string): ServiceError {
  const label = labels[collection];
  const article = `A ${label.toLowerCase()} with (name/id) ${name} was not found in this key vault.`;
  const advice = `If you recently deleted this ${label.toLowerCase()} you may be able to recover it using the correct recovery command.`;
  return new ServiceError(404, `${label}NotFound`, `${article} ${advice}`);
}

/** @throws ServiceError 409 when a deleted object still holds the name. */
export function nameIsFree(objects: ReadonlyMap<string, Kept>, collection: Collection, name: string): void {
  if (objects.get(name.toLowerCase())?.deletedOn === undefined) return;
  const state = 'is currently in a deleted but recoverable state, and its name cannot be reused';
  throw new ServiceError(
    409,
    'Conflict',
    `${labels[collection]} ${name} ${state}; in this state, the ${labels[collection].toLowerCase()} can only be recovered or purged.`,
    { innerCode: 'ObjectIsDeletedButRecoverable' },
  );
}

/** @throws ServiceError 409 when any object, deleted or not, holds the name. */
export function nameIsUnused(objects: ReadonlyMap<string, Kept>, collection: Collection, name: string): void {
  nameIsFree(objects, collection, name);
  if (!objects.has(name.toLowerCase())) return;
  throw new ServiceError(409, 'Conflict', `${labels[collection]} ${name} already exists.`, { innerCode: 'ObjectAlreadyExists' });
}

/** The object and not its certificate is meant: what belongs to a certificate changes with the certificate. */
export function notManaged(object: Kept, collection: Collection): void {
  if (object.managed !== true) return;
  throw new ServiceError(
    403,
    'Forbidden',
    `${labels[collection]} ${object.name} belongs to the certificate of that name and is managed with it.`,
    { innerCode: 'OperationNotAllowedOnManagedObject' },
  );
}

/** @throws ServiceError 404 when no deleted object has the name. */
export function deleted<Object extends Kept>(objects: ReadonlyMap<string, Object>, collection: Collection, name: string): Object {
  const found = objects.get(name.toLowerCase());
  if (found?.deletedOn !== undefined) return found;
  throw new ServiceError(404, `${labels[collection]}NotFound`, `Deleted ${labels[collection]} not found: ${name}`);
}

/** @throws ServiceError 400 when the object is there and not deleted, 404 when it never was. */
export function recoverable<Object extends Kept>(objects: ReadonlyMap<string, Object>, collection: Collection, name: string): Object {
  const found = objects.get(name.toLowerCase());
  if (found === undefined || found.deletedOn !== undefined) return deleted(objects, collection, name);
  throw new ServiceError(400, 'MethodNotAllowed', `${labels[collection]} exists already: ${name}`, {
    innerCode: 'RequestNotAllowedOnNonDeletedObject',
  });
}

/** @throws ServiceError 403 when the vault protects deleted objects from being purged. */
export function purgeAllowed(vault: SandboxVault): void {
  if (recovery(vault).purgeable) return;
  throw new ServiceError(403, 'Forbidden', 'Operation "purge" is not allowed because purge protection is enabled for this vault.', {
    innerCode: 'PurgeProtectionEnabled',
  });
}

/** What answers about deleted objects add: where it can be recovered, since when, until when. */
export function deletion(call: Call, collection: Collection, object: Kept): JsonObject {
  const since = Math.floor((object.deletedOn ?? 0) / 1000);
  return {
    recoveryId: `${call.vaultUri}/deleted${collection}/${object.name}`,
    deletedDate: since,
    scheduledPurgeDate: since + recovery(call.vault).days * 24 * 3600,
  };
}

/** Objects in the order of their names; `managed` ones are listed like the others. */
export function sorted<Object extends Kept>(objects: ReadonlyMap<string, Object>, state: 'live' | 'deleted'): readonly Object[] {
  return [...objects]
    .filter(([, object]) => (object.deletedOn !== undefined) === (state === 'deleted') && object.versions.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, object]) => object);
}
