import pLimit from 'p-limit';
import { compareText } from '../base/compare-text.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead, type Reading, read, unreadable } from '../base/reading.ts';
import type { Estate, SubscriptionFacts, VaultFacts } from '../model/estate.ts';
import type { OtherId } from '../model/principal.ts';
import { relevantPrincipals } from '../model/relevant-principals.ts';
import type { Vault } from '../model/vault.ts';
import type { Directory } from './directory-ports.ts';
import type { ResourceReader, SubscriptionRow } from './ports.ts';
import { resolvePrincipals } from './principals/resolve-principals.ts';
import { chooseSubscriptions } from './read/choose-subscriptions.ts';
import { few } from './read/find-vaults.ts';
import { readAssignedTo } from './read/read-assigned-to.ts';
import { readMemberships } from './read/read-memberships.ts';
import { readMembers, readPeople } from './read/read-parts.ts';
import { type ReadSubscription, readSubscriptions } from './read/read-subscriptions.ts';
import { refuseEmptySelectors } from './refuse-empty-selectors.ts';
import { refuseUnknownVaults } from './refuse-unknown-vaults.ts';
import type { Selection } from './selection.ts';

export interface EstateRequest {
  readonly selection: Selection;
  readonly cloud: string;
  readonly tenantId: string;
  /** Object id of who is asking. */
  readonly operatorId: Guid;
  /** The time in ISO 8601; asked for after Azure's first answer, by which it may be set right. */
  readonly now: () => string;
  /** Diagnostic settings cost a call a vault, so they are read for few vaults only; `never` spares even those. */
  readonly diagnosticSettings?: 'whenFew' | 'never';
  /** Without the directory, what Azure lists as assigned costs a call a principal; `never` spares it, for who judges nothing or asks often. */
  readonly assignedTo?: 'whenDirectoryUnread' | 'never';
  /** Puts saved policies in place of those that Azure stores, before anybody whom they name is looked up. */
  readonly asOf?: (vault: Vault) => Vault;
  /** Also reads who is in the groups of policies, and who everybody in such a group is called: calls by members, so only on request. */
  readonly people?: boolean;
  /** Vaults of which decisions name objects: names of secrets and keys cost two calls a vault. */
  readonly objectsOf?: (vault: Vault) => boolean;
  /** Ids whose names are wanted as well, where the directory has them. */
  readonly alsoNamed?: readonly Guid[];
}

export interface EstatePorts {
  readonly resources: ResourceReader;
  readonly directory: Directory;
}

/** How far the reading has come. */
export interface ReadingProgress {
  /** Subscriptions. */
  readonly done: number;
  readonly total: number;
  /** Vaults selected so far. */
  readonly vaults: number;
  /** Principals that Azure is asked about in the directory's place. */
  readonly principals?: { readonly done: number; readonly total: number };
}

/** An estate in one piece, or subscription by subscription, and at last what is known when all were read. */
export type EstatePiece =
  | { readonly kind: 'whole'; readonly estate: Estate }
  /** One subscription with its vaults and whom they name; what could not be read stands in the rest. */
  | { readonly kind: 'part'; readonly estate: Estate }
  | ({ readonly kind: 'rest' } & Pick<Estate, 'unreadable' | 'vaultsInReach'>);

type Progress = (progress: ReadingProgress) => void;

/**
 * Reads everything that bears on the selected vaults: a handful of lists per subscription, whatever the number of vaults (EA-46),
 * and the directory in bulk. What cannot be read stays unreadable and never looks empty. The same facts give the same value.
 * @throws KnownError for vaults and subscriptions that do not exist, and when nothing can be read to find them.
 */
export async function readEstate(request: EstateRequest, ports: EstatePorts, onProgress: Progress = () => undefined): Promise<Estate> {
  for await (const piece of readEstatePieces(request, ports, onProgress, Number.POSITIVE_INFINITY)) {
    if (piece.kind === 'whole') return piece.estate;
  }
  throw new Error('an estate without end is read in one piece');
}

/**
 * The same in pieces, so that what is in memory does not grow with the number of subscriptions.
 * @param whole up to how many vaults the estate comes in one piece.
 * @throws KnownError as `readEstate` does; for what only the end can show, after the last part.
 */
export async function* readEstatePieces(
  request: EstateRequest,
  ports: EstatePorts,
  onProgress: Progress,
  whole: number,
): AsyncGenerator<EstatePiece> {
  const { selection } = request;
  const reachable = await ports.resources.subscriptions();
  const now = request.now();
  const chosen = chooseSubscriptions(selection, reachable);
  const seen: ReadSubscription[] = [];
  const waiting: ReadSubscription[] = [];
  let groups: ReturnType<Directory['memberGroups']> | undefined;
  const context = { now, operatorGroups: () => (groups ??= ports.directory.memberGroups(request.operatorId)) };
  let vaults = 0;
  for await (const found of readSubscriptions({ selection, now }, chosen.rows, ports.resources, onProgress)) {
    vaults += found.selected.length;
    if (vaults <= whole) waiting.push(found);
    else {
      for (const one of [...waiting.splice(0), found]) {
        seen.push(outline(one));
        if (one.selected.length > 0) yield { kind: 'part', estate: await estateOf([one], request, ports, { ...context, many: true }) };
      }
    }
  }
  const all = [...seen, ...waiting];
  const unknown = await refuseUnknownVaults(selection, all, ports.resources);
  const unread = [...chosen.unreadable, ...all.flatMap((item) => item.unreadable), ...unknown];
  if (unread.length === 0) refuseEmptySelectors(selection, { found: all, managementGroups: all.flatMap((one) => one.managementGroups) });
  const rest = { unreadable: unread, ...vaultsInReach(reachable, all) };
  if (seen.length > 0) {
    for (const one of waiting) yield { kind: 'part', estate: await estateOf([one], request, ports, { ...context, many: true }) };
    yield { kind: 'rest', ...rest };
  } else {
    const say = (principals: { readonly done: number; readonly total: number }) => {
      onProgress({ done: all.length, total: all.length, vaults, principals });
    };
    yield { kind: 'whole', estate: { ...(await estateOf(all, request, ports, { ...context, say })), ...rest } };
  }
}

/** What is left of a subscription whose vaults went on: enough to judge the selection by. */
function outline({
  selected,
  seen,
  missing,
  listed,
  listUnread,
  unreadable: unread,
  managementGroups,
}: ReadSubscription): ReadSubscription {
  const found = { missing, listUnread, unreadable: unread, managementGroups, ...(listed === true && { listed }) };
  return { ...found, selected: selected.slice(0, 1), seen: seen.map(({ name, resourceGroup, tags }) => ({ name, resourceGroup, tags })) };
}

interface PieceContext {
  readonly now: string;
  /** Asked for once, for all pieces. */
  readonly operatorGroups: () => ReturnType<Directory['memberGroups']>;
  readonly many?: true;
  readonly say?: (principals: { readonly done: number; readonly total: number }) => void;
}

/** What was found, with whom it names. */
async function estateOf(
  found: readonly ReadSubscription[],
  request: EstateRequest,
  ports: EstatePorts,
  { now, operatorGroups, many, say = () => undefined }: PieceContext,
): Promise<Estate> {
  const selected = found.flatMap((one) => one.selected);
  const vaults = (request.asOf === undefined ? selected : selected.map(request.asOf)).sort((a, b) => compareText(a.scope, b.scope));
  const subscriptions = found.flatMap(({ facts }) => facts ?? []);
  const people =
    vaults.length === 0 ? undefined : await readPrincipals(subscriptions, vaults, { ...request, now, operatorGroups }, ports.directory);
  const asking = people !== undefined && request.assignedTo !== 'never';
  const diagnostics = many === true ? ({ ...request, diagnosticSettings: 'never' } as const) : request;
  return {
    cloud: request.cloud,
    tenantId: request.tenantId,
    operator: { objectId: request.operatorId, groups: people?.groups ?? unreadable('not asked: no vault is in view') },
    readAt: now,
    subscriptions: asking ? await readAssignedTo(subscriptions, vaults, people, ports.resources, say) : subscriptions,
    vaults: await withObjects(await withDiagnostics(vaults, diagnostics, ports.resources), request, ports.resources),
    unreadable: [],
    principals: people?.principals ?? new Map(),
    members: people?.members ?? new Map(),
    ...(people?.pimForGroups !== undefined && { pimForGroups: people.pimForGroups }),
  };
}

/** Only where every subscription in reach was looked through can a name be said to be nowhere. */
function vaultsInReach(reachable: Reading<readonly SubscriptionRow[]>, found: readonly ReadSubscription[]): Pick<Estate, 'vaultsInReach'> {
  const all = new Set(itemsRead(reachable).map((row) => row.subscriptionId)).size;
  if (reachable.state === 'unreadable' || found.length < all || found.some((one) => one.listed !== true)) return {};
  return { vaultsInReach: found.flatMap((one) => one.seen.map(({ name }) => name)).sort(compareText) };
}

async function readPrincipals(
  subscriptions: readonly SubscriptionFacts[],
  vaults: readonly Vault[],
  { tenantId, people, now, operatorGroups, alsoNamed = [] }: Omit<EstateRequest, 'now'> & PieceContext,
  directory: Directory,
) {
  const relevant = relevantPrincipals(subscriptions, vaults);
  const ids = [...relevant.inPolicies, ...relevant.inAssignments.keys(), ...relevant.inDenies];
  const [principals, groups] = await Promise.all([
    resolvePrincipals(ids, directory, {
      named: [...new Set([...relevant.inControl, ...alsoNamed])],
      written: new Set([...relevant.inPolicies, ...alsoNamed]),
      others: otherIds(tenantId, subscriptions),
    }),
    operatorGroups(),
  ]);
  const sortedGroups = groups.state === 'read' ? read([...groups.value].sort(compareText)) : groups;
  const known = await readMembers(relevant, principals, directory);
  const named = people === true ? await readPeople(relevant, known, directory) : known;
  return { ...(await readMemberships(relevant, named, directory, now)), groups: sortedGroups };
}

/** Ids that people copy from the same pages as object ids, and that are known without asking. */
function otherIds(tenantId: string, subscriptions: readonly SubscriptionFacts[]): ReadonlyMap<Guid, OtherId> {
  const named = (id: string, is: OtherId): readonly (readonly [Guid, OtherId])[] => {
    const guid = parseGuid(id);
    return guid === undefined ? [] : [[guid, is]];
  };
  return new Map([
    ...subscriptions.flatMap(({ roleDefinitions }) =>
      itemsRead(roleDefinitions).flatMap(({ id, name }) => named(id, { what: 'role', name })),
    ),
    ...subscriptions.flatMap((one) => named(one.subscriptionId, { what: 'subscription', name: one.displayName })),
    ...subscriptions.flatMap((one) => named(one.tenantId, { what: 'tenant' })),
    ...named(tenantId, { what: 'tenant' }),
  ]);
}

async function withDiagnostics(
  vaults: readonly Vault[],
  request: EstateRequest,
  resources: ResourceReader,
): Promise<readonly VaultFacts[]> {
  if (vaults.length > few || request.diagnosticSettings === 'never') {
    return vaults.map((vault) => ({ vault, diagnosticSettings: { state: 'notAsked' } }));
  }
  const limit = pLimit(4);
  return await limit.map(vaults, async (vault) => ({ vault, diagnosticSettings: await resources.diagnosticSettings(vault.id) }));
}

async function withObjects(
  vaults: readonly VaultFacts[],
  { objectsOf = () => false }: EstateRequest,
  resources: ResourceReader,
): Promise<readonly VaultFacts[]> {
  const limit = pLimit(4);
  return await limit.map(vaults, async (facts) =>
    objectsOf(facts.vault) ? { ...facts, objects: await resources.objectNames(facts.vault) } : facts,
  );
}
