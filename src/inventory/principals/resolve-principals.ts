import { compareText } from '../../base/compare-text.ts';
import { everyone, type Guid } from '../../base/guid.ts';
import { type JsonObject, stringAt } from '../../base/json.ts';
import type { Reading } from '../../base/reading.ts';
import type { OtherId, Principal, Unresolved } from '../../model/principal.ts';
import type { Directory } from '../directory-ports.ts';
import { parsePrincipal } from '../parse-principal.ts';
import { nameOtherIds } from './name-other-ids.ts';

/** What else is asked for, and what is known without asking. */
export interface FurtherIds {
  /** Ids whose names would be good to have: asked for in the same call, and left out where nothing tells. */
  readonly named?: readonly Guid[];
  /** Those of all these that people wrote, so that another id may stand there in the place of an object id. */
  readonly written?: ReadonlySet<Guid>;
  /** What some ids are that are no principals, by what else was read. */
  readonly others?: ReadonlyMap<Guid, OtherId>;
}

/**
 * Asks the directory who the object ids are, in bulk, and for those it leaves out, whether they lie among its deleted items.
 * Every id is in the answer. What no source knows is `unresolved`, never `deleted` (EA-32). No id, no call.
 */
export async function resolvePrincipals(
  ids: readonly Guid[],
  directory: Directory,
  { named = [], written = new Set(), others: told = new Map() }: FurtherIds = {},
): Promise<ReadonlyMap<Guid, Principal>> {
  // It stands for everyone in a deny assignment only, and for nobody here: programs write it where they have no id (LP-13).
  const others = new Map<Guid, OtherId>([[everyone, { what: 'allZero' }], ...told]);
  const wanted = [...new Set(ids)].sort(compareText);
  if (wanted.length === 0) return new Map();
  const objects = await directory.objectsByIds([...new Set([...wanted, ...named])].sort(compareText));
  if (objects.state === 'unreadable') {
    const unread = (id: Guid) => unresolved(id, { kind: 'directoryUnread', because: objects.because });
    return new Map(wanted.map((id) => [id, otherwise(id, others) ?? unread(id)]));
  }
  const parsed = objects.value.flatMap((raw) => parsePrincipal(raw) ?? []).filter(({ objectId }) => objectId !== everyone);
  const found = new Map(parsed.map((principal) => [principal.objectId, principal]));
  const missing = wanted.filter((id) => !found.has(id));
  const deleted = missing.length === 0 ? new Map<Guid, never>() : await directory.deletedItems(missing);
  const open = [...missing, ...named.filter((id) => !found.has(id))].filter(
    (id) => written.has(id) && deleted.get(id)?.state !== 'read' && !others.has(id),
  );
  const otherIds = await nameOtherIds([...new Set(open)].sort(compareText), directory);
  const more = named.flatMap((id) => found.get(id) ?? []).sort((a, b) => compareText(a.objectId, b.objectId));
  return new Map([
    ...more.map((one) => [one.objectId, one] as const),
    ...otherIds,
    ...wanted.map((id) => [id, found.get(id) ?? otherwise(id, others) ?? otherIds.get(id) ?? whatBecameOf(id, deleted.get(id))] as const),
  ]);
}

function otherwise(objectId: Guid, others: ReadonlyMap<Guid, OtherId>): Principal | undefined {
  const is = others.get(objectId);
  return is === undefined ? undefined : { kind: 'noPrincipal', objectId, displayName: '', is };
}

function whatBecameOf(id: Guid, answer: Reading<JsonObject> | { readonly state: 'absent' } | undefined): Principal {
  switch (answer?.state) {
    case 'read':
      return {
        kind: 'deleted',
        objectId: id,
        displayName: stringAt(answer.value, 'displayName') ?? '',
        ...deletedWhen(answer.value),
      };
    case 'unreadable':
      return unresolved(id, { kind: 'deletedUnread', because: answer.because });
    case 'absent':
      return unresolved(id, { kind: 'absent' });
    case undefined:
      return unresolved(id, { kind: 'unsaid' });
  }
}

function deletedWhen(raw: JsonObject): { readonly since?: string } {
  const since = stringAt(raw, 'deletedDateTime') ?? '';
  return since === '' ? {} : { since };
}

function unresolved(objectId: Guid, why: Unresolved): Principal {
  return { kind: 'unresolved', objectId, why };
}
