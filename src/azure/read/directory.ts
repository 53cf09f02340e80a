import { Client, type Context } from '@microsoft/microsoft-graph-client';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { isObject, type JsonObject, type JsonValue, stringAt } from '../../base/json.ts';
import type { Directory } from '../../inventory/directory-ports.ts';
import { unreadableAnswer } from '../client/azure-error.ts';
import { chunks } from '../client/chunks.ts';
import { graphBatches } from '../client/graph-batch.ts';
import { followPages } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Sleep } from '../client/sleep.ts';
import type { RawRequest, Transport } from '../client/transport.ts';
import { deletedItemsReader } from './deleted-items.ts';
import { groupPimReader } from './group-pim-reader.ts';
import { readOtherIds } from './other-ids.ts';
import { toReading } from './reading.ts';

/** How many ids `getByIds` takes at once. */
const mostIds = 1000;
const types = ['user', 'group', 'servicePrincipal', 'device', 'application'];
/** Graph answers `userType` only when it is named, and what is named replaces everything that would come unasked. */
const properties = [
  'id',
  'displayName',
  'userType',
  'appId',
  'servicePrincipalType',
  'groupTypes',
  'membershipRule',
  'securityEnabled',
  'visibility',
];

/** Reads Microsoft Graph; ids are GUIDs already, so none can bend an address. */
export function createDirectory(transport: Transport, sleep: Sleep): Directory {
  const graph = createGraphClient(transport);
  const batches = graphBatches(transport, graph, sleep);
  const list = <T>(what: string, first: () => Promise<unknown>, parse: (row: JsonValue) => T | undefined) =>
    transport.askList(what, async () => followPages(transport, 'graph', await first())).then((rows) => parseRows(what, rows, parse));
  return {
    objectsByIds: (ids) =>
      toReading(async () => {
        const what = `look up ${ids.length} object ids in the directory`;
        const pages = await Promise.all(
          chunks(ids, mostIds).map((some) =>
            list(what, () => graph.api('/directoryObjects/getByIds').select(properties).post({ ids: some, types }), asObject),
          ),
        );
        return pages.flat();
      }),
    ...deletedItemsReader(batches),
    otherIds: (ids) => readOtherIds(transport, graph, ids),
    transitiveMembers: (groupId) =>
      toReading(async () => {
        const what = `list the members of group \`${groupId}\``;
        const ask = async (relation: 'transitiveMembers' | 'members') => {
          const first = () => graph.api(`/groups/${groupId}/${relation}`).select('id').top(999).get() as Promise<unknown>;
          return list(what, first, (row) => (isObject(row) && typeof row.id === 'string' ? memberOf(row.id, row) : undefined));
        };
        const listed = await ask('transitiveMembers');
        const asking = listed.filter((member) => !isThing(member));
        // That nobody is in a group decides more than who is, so it has to be said twice.
        if (asking.length === 0 && (await ask('members')).some((member) => !isThing(member)))
          throw unreadableAnswer(what, 'it is empty, and the list of direct members is not');
        const groups = asking.filter(({ kind }) => kind === 'group' || kind === '');
        const idsOf = (members: typeof listed) => new Set(members.map(({ id }) => id));
        return { ids: idsOf(asking), groups: idsOf(groups), things: idsOf(listed.filter(isThing)) };
      }),
    ...groupPimReader(batches),
    memberGroups: (objectId) =>
      toReading(() => {
        const what = `list the groups of \`${objectId}\``;
        // With true, Graph answers for users and service principals only, and groups have groups too.
        const ask = () =>
          graph.api(`/directoryObjects/${objectId}/getMemberGroups`).post({ securityEnabledOnly: false }) as Promise<unknown>;
        return list(what, ask, (row) => (typeof row === 'string' ? parseGuid(row) : undefined));
      }),
  };
}

interface Member {
  readonly id: Guid;
  readonly kind: string;
}

/** Devices and contacts are members of groups as well, and never ask a vault for anything. */
function isThing({ kind }: Member): boolean {
  return kind === 'device' || kind === 'orgcontact';
}

function memberOf(rawId: string, row: JsonObject): Member | undefined {
  const id = parseGuid(rawId);
  const kind = (stringAt(row, '@odata.type') ?? '').toLowerCase().replace(/^#?microsoft\.graph\./, '');
  return id === undefined ? undefined : { id, kind };
}

function asObject(row: JsonValue): JsonObject | undefined {
  return isObject(row) ? row : undefined;
}

interface SimpleContext {
  readonly request: string;
  readonly options?: { readonly method?: RawRequest['method']; readonly body?: unknown };
}

/**
 * The Graph client over our own pipeline: its own middleware signs in anew for every call, follows a foreign `nextLink`,
 * does not repeat after a reset and sleeps through an abort.
 */
function createGraphClient(transport: Transport): Client {
  return Client.initWithMiddleware({
    baseUrl: `${transport.profile.graph}/`,
    defaultVersion: 'v1.0',
    middleware: {
      async execute(context: Context) {
        // The client types these by the browser's fetch; it always gives an address and plain options.
        const { request: url, options } = context as unknown as SimpleContext;
        const { method = 'GET', body } = options ?? {};
        const answer = await transport.send('graph', {
          method,
          url,
          ...(typeof body === 'string' && { body }),
        });
        context.response = new Response(answer.bodyAsText ?? '', {
          status: answer.status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
}
