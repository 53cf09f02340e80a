import pLimit from 'p-limit';
import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import { type Reading, read, unreadable } from '../../base/reading.ts';
import type { Estate } from '../../model/estate.ts';
import type { Principal } from '../../model/principal.ts';
import type { Directory, GroupMembers } from '../directory-ports.ts';
import { namePrincipals } from '../principals/name-principals.ts';

export type People = Pick<Estate, 'principals' | 'members'>;

/** Asks for the members of one group, or says why they cannot be asked for. */
export type AskMembers = () => Promise<Reading<GroupMembers>>;

/**
 * Reads who is in groups, and which groups inside them follow a rule: whoever comes through such a one is no firm member of the
 * group around it (EA-37). A call a group, one for all nested groups together, and one for each of those with a rule.
 */
export async function openGroups(asks: ReadonlyMap<Guid, AskMembers>, known: People, directory: Directory): Promise<People> {
  const opened = await readAll(asks);
  const nested = new Set([...opened.values()].flatMap((reading) => (reading.state === 'read' ? [...reading.value.groups] : [])));
  const unnamed = [...nested].filter((id) => !known.principals.has(id));
  const named = [...(await namePrincipals(unnamed, directory))].flatMap(([id, one]): readonly [Guid, Principal][] => [
    [id, hiddenGroup(one)],
  ]);
  const principals = new Map([...named, ...known.principals]);
  const toOpen = [...nested].filter((id) => isDynamic(principals.get(id)) || hidesMembers(principals.get(id)));
  const closed = toOpen.filter((id) => !known.members.has(id) && !opened.has(id));
  const inside = await readAll(new Map(closed.map((id) => [id, () => directory.transitiveMembers(id)])));
  const shown = whatIsShown(new Map([...opened, ...inside]), { principals, members: known.members });
  return { principals, members: new Map([...known.members, ...shown]) };
}

/** An empty list of a group that hides its members says nothing, and neither does the list of a group around such a one. */
function whatIsShown(readings: ReadonlyMap<Guid, Reading<GroupMembers>>, { principals, members }: People): People['members'] {
  const isEmpty = (reading: Reading<GroupMembers>) => reading.state === 'read' && reading.value.ids.size === 0;
  const hidden = new Set([...readings].flatMap(([id, reading]) => (mayHideMembers(principals.get(id)) && isEmpty(reading) ? [id] : [])));
  const hides = (id: Guid) =>
    hidden.has(id) || (hidesMembers(principals.get(id)) && (readings.get(id) ?? members.get(id))?.state === 'unreadable');
  return new Map(
    [...readings].map(([id, reading]): [Guid, Reading<ReadonlySet<Guid>>] => {
      if (reading.state === 'unreadable') return [id, reading];
      const odd = [...reading.value.things].find((one) => asks(principals.get(one)));
      if (odd !== undefined)
        return [id, unreadable(`\`${odd}\` is listed as a device or a contact, and the directory knows it as something else`)];
      if (hidden.has(id)) return [id, unreadable(`it may hide its members, ${takesMore}`)];
      if ([...reading.value.groups].some(hides)) return [id, unreadable(`a group inside it may hide its members, ${takesMore}`)];
      return [id, read(reading.value.ids)];
    }),
  );
}

const takesMore = 'and Graph answers with an empty list without the right to see them (Member.Read.Hidden)';

/** Who may ask a vault for something. */
function asks(principal: Principal | undefined): boolean {
  return principal !== undefined && ['user', 'servicePrincipal', 'group'].includes(principal.kind);
}

function hidesMembers(principal: Principal | undefined): boolean {
  return principal?.kind === 'group' && principal.hiddenMembership === true;
}

/** Of a group that the directory does not show, nobody knows whether it hides its members. */
function mayHideMembers(principal: Principal | undefined): boolean {
  return principal === undefined || principal.kind === 'unresolved' || hidesMembers(principal);
}

/** A nested group of which nobody says more than that it is there may follow a rule. */
function hiddenGroup(principal: Principal): Principal {
  if (principal.kind !== 'unresolved') return principal;
  return { kind: 'group', objectId: principal.objectId, displayName: '', securityEnabled: true, dynamic: true };
}

async function readAll(asks: ReadonlyMap<Guid, AskMembers>): Promise<ReadonlyMap<Guid, Reading<GroupMembers>>> {
  const limit = pLimit(4);
  const sorted = [...asks].sort(([a], [b]) => compareText(a, b));
  return new Map(await limit.map(sorted, async ([id, ask]) => [id, await ask()] as const));
}

function isDynamic(principal: Principal | undefined): boolean {
  return principal?.kind === 'group' && principal.dynamic;
}
