import type { JsonObject } from '../../base/json.ts';
import { recovery } from './attributes.ts';
import type { Act, Call } from './call.ts';
import { type Collection, deleted, deletion, live, notManaged, purgeAllowed, recoverable, sorted, versionOf } from './kinds.ts';
import { page } from './paging.ts';
import type { Kept } from './vault-object.ts';

/** How one kind of object is kept and shown. */
export interface Kind<Object extends Kept> {
  readonly collection: Collection;
  objects(call: Call): Map<string, Object>;
  /** A line of a list: never a value, and with its version only in a list of versions. */
  item(call: Call, object: Object, version: Object['versions'][number], inVersions: boolean): JsonObject;
  /** The whole object without its value. */
  show(call: Call, object: Object, version: Object['versions'][number]): JsonObject;
  /** Called when objects are deleted, recovered or purged, for what goes along with them. */
  follow?(call: Call, object: Object, change: 'delete' | 'recover' | 'purge'): void;
}

export type LifecycleVerb = 'list' | 'listVersions' | 'delete' | 'getDeleted' | 'listDeleted' | 'recover' | 'purge';

/** What secrets, keys and certificates have in common: lists, and the way through soft delete and back. */
export function lifecycle<Object extends Kept>(kind: Kind<Object>): Readonly<Record<LifecycleVerb, Act>> {
  const { collection } = kind;
  const latest = (object: Object): Object['versions'][number] => versionOf(object, collection, '');
  const showDeleted = (call: Call, object: Object): JsonObject => ({
    ...deletion(call, collection, object),
    ...kind.show(call, object, latest(object)),
  });
  return {
    list: (call) => ({
      body: page(call, sorted(kind.objects(call), 'live'), (object) => kind.item(call, object, latest(object), false)),
    }),
    listVersions(call) {
      const object = live(kind.objects(call), collection, call.name);
      return { body: page(call, object.versions, (version) => kind.item(call, object, version, true)) };
    },
    delete(call) {
      const object = live(kind.objects(call), collection, call.name);
      notManaged(object, collection);
      object.deletedOn = call.now;
      kind.follow?.(call, object, 'delete');
      const body = showDeleted(call, object);
      if (recovery(call.vault).days === 0) purge(kind, call, object);
      return { body };
    },
    getDeleted: (call) => ({ body: showDeleted(call, deleted(kind.objects(call), collection, call.name)) }),
    listDeleted: (call) => ({
      body: page(call, sorted(kind.objects(call), 'deleted'), (object) => ({
        ...deletion(call, collection, object),
        ...kind.item(call, object, latest(object), false),
      })),
    }),
    recover(call) {
      const object = recoverable(kind.objects(call), collection, call.name);
      notManaged(object, collection);
      delete object.deletedOn;
      kind.follow?.(call, object, 'recover');
      return { body: kind.show(call, object, latest(object)) };
    },
    purge(call) {
      const object = deleted(kind.objects(call), collection, call.name);
      notManaged(object, collection);
      purgeAllowed(call.vault);
      purge(kind, call, object);
      return { status: 204 };
    },
  };
}

function purge<Object extends Kept>(kind: Kind<Object>, call: Call, object: Object): void {
  kind.objects(call).delete(object.name.toLowerCase());
  kind.follow?.(call, object, 'purge');
}
