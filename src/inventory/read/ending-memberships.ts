import type { Guid } from '../../base/guid.ts';
import type { Estate } from '../../model/estate.ts';
import type { PimMembership } from '../../model/pim-membership.ts';
import type { EndingMembership } from '../../model/principal.ts';

/** One group with the groups inside it, as far as they were read. */
export interface GroupTree {
  readonly group: Guid;
  /** However deep. */
  readonly nested: readonly Guid[];
  /** Active memberships that PIM for Groups manages, by group. */
  readonly pim: ReadonlyMap<Guid, readonly PimMembership[]>;
  readonly members: Estate['members'];
  /** Groups inside a group, however deep. */
  readonly nestedIn: (group: Guid) => readonly Guid[];
  /** ISO 8601. */
  readonly now: string;
}

/**
 * Whose membership of the group ends by PIM for Groups (EA-61): of those who are in it, everybody who comes by a membership that ends
 * and by none that is known to last. A way through groups lasts when each of its steps does.
 */
export function endingMemberships(principals: readonly Guid[], tree: GroupTree): readonly EndingMembership[] {
  if (![tree.group, ...tree.nested].some((id) => rowsIn(id, tree).some(ends))) return [];
  const lasting = lastingGroups(tree);
  return principals.flatMap((principalId): readonly EndingMembership[] => {
    if ([...lasting].some((group) => isLastingMember(principalId, group, tree))) return [];
    const found = endsOf(principalId, tree);
    if (found.length === 0) return [];
    const [until] = found.includes(undefined) ? [] : found;
    return [{ principalId, ...(until !== undefined && { until }) }];
  });
}

/** The group itself, and groups inside that come to it by lasting steps alone. */
function lastingGroups(tree: GroupTree): ReadonlySet<Guid> {
  const found = new Set([tree.group]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const inner of tree.nested) if ([...found].some((group) => isLastingMember(inner, group, tree))) found.add(inner);
  }
  return found;
}

/** One step: PIM lists it without an end, or it does not list it and no group in between explains the membership. */
function isLastingMember(principalId: Guid, group: Guid, tree: GroupTree): boolean {
  if (principalId === group) return false;
  const own = rowsIn(group, tree).filter((row) => row.principalId === principalId);
  if (own.some((row) => lasts(row, tree.now))) return true;
  const reading = tree.members.get(group);
  if (own.length > 0 || reading?.state !== 'read' || !reading.value.has(principalId)) return false;
  return !tree.nestedIn(group).some((inner) => inner !== principalId && mayContain(inner, principalId, tree));
}

/** The ends of its own memberships of the group, the latest first, or those of the steps on the way, the soonest first. */
function endsOf(principalId: Guid, tree: GroupTree): readonly (string | undefined)[] {
  const byTime = (a: string | undefined, b: string | undefined) => Date.parse(a ?? '') - Date.parse(b ?? '');
  const own = rowsIn(tree.group, tree).filter((row) => row.principalId === principalId && ends(row));
  if (own.length > 0) return own.map(({ endDateTime }) => endDateTime).sort((a, b) => byTime(b, a));
  const onTheWay = new Set([principalId, ...tree.nested.filter((inner) => mayContain(inner, principalId, tree))]);
  return [tree.group, ...tree.nested]
    .flatMap((group) => rowsIn(group, tree).filter((row) => onTheWay.has(row.principalId) && ends(row)))
    .map(({ endDateTime }) => endDateTime)
    .sort(byTime);
}

function rowsIn(group: Guid, { pim }: GroupTree): readonly PimMembership[] {
  return pim.get(group)?.filter(({ access }) => access === 'member') ?? [];
}

/** An assignment without an end, made to the principal itself, that has begun. */
function lasts({ activated, derived, startDateTime, endDateTime }: PimMembership, now: string): boolean {
  return !activated && !derived && endDateTime === undefined && !(Date.parse(startDateTime ?? '') > Date.parse(now));
}

function ends({ activated, endDateTime }: PimMembership): boolean {
  return activated || endDateTime !== undefined;
}

/** Of a group that was not opened, nobody knows. */
function mayContain(group: Guid, principalId: Guid, { members }: GroupTree): boolean {
  const reading = members.get(group);
  return reading?.state !== 'read' || reading.value.has(principalId);
}
