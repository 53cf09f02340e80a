import type { Client } from '@microsoft/microsoft-graph-client';
import type { Guid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import { itemsRead } from '../../base/reading.ts';
import type { OtherIds } from '../../inventory/directory-ports.ts';
import { chunks } from '../client/chunks.ts';
import { followPages } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

/** How many values Graph takes behind one `in`. */
const mostValues = 15;
/** How many ids `getByIds` takes at once. */
const mostIds = 1000;

/**
 * What ids are that nobody has as a user, group or service principal: application ids, or objects of another kind. Each question goes
 * only to what the one before left open. One that fails tells nothing, which is what is known then anyway.
 */
export async function readOtherIds(transport: Transport, graph: Client, ids: readonly Guid[]): Promise<OtherIds> {
  const ask = async (what: string, open: readonly Guid[], most: number, first: (some: readonly Guid[]) => Promise<unknown>) => {
    const parts = chunks(open, most).map((some) =>
      toReading(async () => {
        const rows = await transport.askList(what, async () => followPages(transport, 'graph', await first(some)));
        return parseRows(what, rows, asObject);
      }),
    );
    return (await Promise.all(parts)).flatMap((part) => [...itemsRead(part)]);
  };
  const byAppId = (collection: string) => (some: readonly Guid[]) =>
    graph
      .api(`/${collection}`)
      .filter(`appId in (${some.map((id) => `'${id}'`).join(',')})`)
      .select(['id', 'displayName', 'appId'])
      .get() as Promise<unknown>;
  const without = (open: readonly Guid[], rows: readonly JsonObject[], key: 'id' | 'appId') => {
    const told = new Set(rows.map((row) => (stringAt(row, key) ?? '').toLowerCase()));
    return open.filter((id) => !told.has(id));
  };
  const servicePrincipals = await ask('look for service principals by application id', ids, mostValues, byAppId('servicePrincipals'));
  const unnamed = without(ids, servicePrincipals, 'appId');
  const applications = await ask('look for app registrations by application id', unnamed, mostValues, byAppId('applications'));
  const strange = without(unnamed, applications, 'appId');
  // Without `types` Graph answers for directory objects of every kind.
  const objects = await ask(
    'look up objects of any kind',
    strange,
    mostIds,
    (some) => graph.api('/directoryObjects/getByIds').select(['id', 'displayName']).post({ ids: some }) as Promise<unknown>,
  );
  return { servicePrincipals, applications, objects };
}

function asObject(row: JsonValue): JsonObject | undefined {
  return isObject(row) ? row : undefined;
}
