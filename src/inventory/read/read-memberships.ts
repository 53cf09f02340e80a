import pLimit from 'p-limit';
import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import { unreadable } from '../../base/reading.ts';
import type { Estate, UnreadPimForGroups } from '../../model/estate.ts';
import type { PimMembership } from '../../model/pim-membership.ts';
import type { Principal } from '../../model/principal.ts';
import type { RelevantPrincipals } from '../../model/relevant-principals.ts';
import type { Directory, PimList, PimMembershipReading } from '../directory-ports.ts';
import { endingMemberships, type GroupTree } from './ending-memberships.ts';
import type { People } from './open-groups.ts';

/** So many are asked for before it is looked whether all were refused: then a right is missing on all, and the rest is not asked for. */
const batch = 20;

/**
 * What PIM for Groups says of groups that hold data access (EA-61): whose membership ends, of those whom a policy names, and who may
 * activate one. A call for twenty groups of each list, nested ones included, and where a membership ends the members of the nested ones.
 */
export async function readMemberships(
  relevant: RelevantPrincipals,
  known: People,
  directory: Directory,
  now: string,
): Promise<People & Pick<Estate, 'pimForGroups'>> {
  const holding = [...relevant.inAssignments.keys()].filter((id) => isAssigned(known.principals.get(id))).sort(compareText);
  const withNested = (ids: readonly Guid[]) =>
    [...new Set(ids.flatMap((id) => [id, ...nestedGroups(id, known)]))].filter((id) => isAssigned(known.principals.get(id)));
  const active = await readLists('assignment', withNested(holding.filter((id) => holdsSomebody(id, relevant, known))), directory);
  const licensed = ![...active.values()].some(({ state }) => state === 'unlicensed');
  const eligible = licensed ? await readLists('eligibility', withNested(holding), directory) : new Map<Guid, PimMembershipReading>();
  const inside = await openNested(holding, active, known, directory);
  const found = { active: itemsOf(active), eligible: itemsOf(eligible), members: inside };
  const groups = holding.map((id) => [id, withPim(id, relevant, known, { ...found, now })] as const);
  return {
    members: known.members,
    principals: new Map([...known.principals, ...groups.flatMap(([id, group]) => (group === undefined ? [] : [[id, group] as const]))]),
    ...unread(active),
  };
}

/** PIM for Groups has nothing to do with groups that follow a rule. */
function isAssigned(principal: Principal | undefined): boolean {
  return principal?.kind === 'group' && !principal.dynamic;
}

function nestedGroups(group: Guid, { principals, members }: People): readonly Guid[] {
  const reading = members.get(group);
  return reading?.state === 'read' ? [...reading.value].filter((id) => principals.get(id)?.kind === 'group') : [];
}

function holdsSomebody(group: Guid, { inPolicies }: RelevantPrincipals, { members }: People): boolean {
  const reading = members.get(group);
  return reading?.state === 'read' && [...reading.value].some((id) => inPolicies.has(id));
}

type Lists = ReadonlyMap<Guid, PimMembershipReading>;

async function readLists(kind: PimList, groups: readonly Guid[], directory: Directory): Promise<Lists> {
  const sorted = [...groups].sort(compareText);
  const found = new Map<Guid, PimMembershipReading>();
  for (let at = 0; at < sorted.length; at += batch) {
    const some = sorted.slice(at, at + batch);
    const answers = await directory.pimMembershipsOf(some, kind);
    const readings = some.map((id) => [id, answers.get(id) ?? unreadable('its answer was left out')] as const);
    for (const [id, reading] of readings) found.set(id, reading);
    const never = readings.find(([, reading]) => reading.state === 'unlicensed') ?? (readings.every(isRefused) ? readings[0] : undefined);
    if (never === undefined) continue;
    return new Map([...sorted.map((id) => [id, never[1]] as const), ...found]);
  }
  return found;
}

function isRefused([, reading]: readonly [Guid, PimMembershipReading]): boolean {
  return reading.state === 'unreadable' && reading.refused === true;
}

function itemsOf(lists: Lists): ReadonlyMap<Guid, readonly PimMembership[]> {
  return new Map([...lists].map(([id, one]) => [id, one.state === 'read' ? one.value : []]));
}

/** Which way a membership comes matters only where one ends. */
async function openNested(holding: readonly Guid[], active: Lists, known: People, directory: Directory): Promise<Estate['members']> {
  const lists = itemsOf(active);
  const ends = (id: Guid) => lists.get(id)?.some(({ endDateTime, activated }) => endDateTime !== undefined || activated) === true;
  const trees = holding.map((id) => [id, ...nestedGroups(id, known)]).filter((tree) => tree.some(ends));
  const closed = [...new Set(trees.flat())].filter((id) => !known.members.has(id)).sort(compareText);
  const limit = pLimit(4);
  const opened = await limit.map(closed, async (id) => {
    const reading = await directory.transitiveMembers(id);
    return [id, reading.state === 'read' ? { state: 'read' as const, value: reading.value.ids } : reading] as const;
  });
  return new Map([...known.members, ...opened]);
}

interface Found extends Pick<GroupTree, 'members' | 'now'> {
  readonly active: GroupTree['pim'];
  readonly eligible: GroupTree['pim'];
}

function withPim(
  id: Guid,
  { inPolicies }: RelevantPrincipals,
  known: People,
  { active, eligible, members, now }: Found,
): Principal | undefined {
  const group = known.principals.get(id);
  const reading = members.get(id);
  if (group?.kind !== 'group') return undefined;
  const opened = { principals: known.principals, members };
  const nested = nestedGroups(id, opened);
  const nestedIn = (inner: Guid) => nestedGroups(inner, opened);
  const within = reading?.state === 'read' ? [...inPolicies].filter((one) => reading.value.has(one)).sort(compareText) : [];
  const ending = endingMemberships(within, { group: id, nested, pim: active, members, nestedIn, now });
  const may = [id, ...nested].flatMap((one) => eligible.get(one) ?? []).filter((one) => one.access === 'member');
  const whoMay = [...new Set(may.map(({ principalId }) => principalId))].sort(compareText);
  return { ...group, ...(ending.length > 0 && { ending }), ...(whoMay.length > 0 && { eligible: whoMay }) };
}

function unread(active: Lists): Pick<Estate, 'pimForGroups'> {
  const open = [...active].flatMap(([id, reading]) => (reading.state === 'read' ? [] : [{ id, reading }]));
  const [first] = open;
  if (first === undefined) return {};
  const { state, because } = first.reading;
  const pimForGroups: UnreadPimForGroups = { state, because, groups: open.map(({ id }) => id).sort(compareText) };
  return { pimForGroups };
}
