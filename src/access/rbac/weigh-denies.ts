import { compareText } from '../../base/compare-text.ts';
import { grouped } from '../../base/grouped.ts';
import { everyone, type Guid, parseGuid } from '../../base/guid.ts';
import { objectAt, objectsAt, stringAt } from '../../base/json.ts';
import type { DenyAssignment } from '../../model/deny-assignment.ts';
import { type DeniedBy, type NamedGroup, type Reason, reasonKey, type Unread } from '../../model/reason.ts';
import { type AccessFacts, unreadLists } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import type { Truth } from '../condition.ts';
import { membershipIn, namedGroup, whyUnread } from '../membership.ts';
import { blockGives } from '../role-rule.ts';
import { declaredTypeOf, mayBeGroup } from './group-kind.ts';
import type { Reach } from './reach.ts';
import { requestContext } from './request-context.ts';
import { conditionTruth } from './weigh-grants.ts';

/** One deny assignment that takes the action from the asker, surely or perhaps. */
export type Denial = { readonly because: Reason; readonly by?: DeniedBy } & (
  | {
      readonly certainty: 'certain';
      /** It is meant for the asker only through a group that it may not be seen in, or may leave: no ground to hide a gain. */
      readonly passing: boolean;
    }
  /** `partly`: it names members of the group that asks, so the group as a whole is neither denied nor free. */
  | {
      readonly certainty: 'partly' | 'conditional' | 'unread';
      /** Nothing could be read that would tell: Azure does not say what it does with such a deny. */
      readonly open?: true;
    }
);

/** The deny assignments that match or may match (EA-22..27), surest first. */
export function weighDenies(request: AccessRequest, reach: Reach, facts: AccessFacts): readonly Denial[] {
  if (facts.deniesByScope.size === 0 && facts.subscription.denyAssignments.state === 'read') return [];
  const denials = reach.scopes
    .flatMap((scope) => facts.deniesByScope.get(scope) ?? [])
    .flatMap((deny) => weigh(deny, request, reach, facts) ?? []);
  const unread = unreadLists(facts, ['denyAssignments']).map((because): Denial => ({ certainty: 'unread', because }));
  return [...denials, ...unread].sort(surestFirst);
}

function surestFirst(a: Denial, b: Denial): number {
  const rank = ['certain', 'conditional', 'partly', 'unread'];
  const byName = compareText(a.by?.name ?? '', b.by?.name ?? '');
  return rank.indexOf(a.certainty) - rank.indexOf(b.certainty) || byName || compareText(reasonKey(a.because), reasonKey(b.because));
}

function weigh(deny: DenyAssignment, request: AccessRequest, reach: Reach, facts: AccessFacts): Denial | undefined {
  if (deny.doNotApplyToChildScopes && deny.scope !== reach.own) return undefined;
  const holds = conditionHolds(deny, request, facts);
  if (holds === false) return undefined;
  const by = { id: deny.id, name: deny.name === '' ? deny.id : deny.name, everyone: deny.principals.includes(everyone) };
  const named = namesAsker({ ...deny, by }, request, facts);
  if (named.certainty === 'no') return undefined;
  if (named.certainty !== 'certain') return { ...named, by };
  return holds === 'unknown'
    ? { certainty: 'conditional', by, because: { kind: 'denyConditionOpen', deny: by } }
    : { certainty: 'certain', by, passing: named.passing, because: { kind: 'denied', deny: by } };
}

type Denying = DenyAssignment & { readonly by: DeniedBy };

/** Blocks add up here as in a role; a condition stands on the whole deny assignment or on a block. */
function conditionHolds(deny: DenyAssignment, request: AccessRequest, facts: AccessFacts): Truth {
  const blocks = deny.permissions.filter((block) => blockGives(block, request.plane, request.action));
  const read = ({ condition }: { readonly condition?: string }) => (condition === undefined ? undefined : facts.readCondition(condition));
  return conditionTruth(read(deny), blocks.map(read), requestContext(request), 'deny');
}

type Named =
  | { readonly certainty: 'no' }
  | { readonly certainty: 'certain'; readonly passing: boolean }
  | { readonly certainty: 'partly' | 'unread'; readonly because: Reason; readonly open?: true };

/** Whether it is meant for the asker: named, by itself or through a group, and not taken out again (EA-22 d, e). */
function namesAsker(deny: Denying, request: AccessRequest, facts: AccessFacts): Named {
  if (deny.excludePrincipals.includes(request.principalId)) return { certainty: 'no' };
  const named = listNames(deny, 'principals', request, facts);
  if (named.certainty === 'no' || named.certainty === 'unread') return named;
  const excluded = listNames(deny, 'excludePrincipals', request, facts);
  if (excluded.certainty === 'unread') return excluded;
  if (excluded.certainty === 'certain') return { certainty: 'unread', because: { kind: 'denyExcludesGroup', deny: deny.by }, open: true };
  return named.certainty === 'certain' ? (sparesMembers(deny, request.principalId, facts) ?? named) : named;
}

type NamedList = 'principals' | 'excludePrincipals';

function listNames(deny: Denying, list: NamedList, request: AccessRequest, facts: AccessFacts): Named {
  if (deny[list].includes(everyone)) return { certainty: 'certain', passing: false };
  const types = declaredTypes(deny, list);
  const memberships = deny[list].map((id) => membershipIn(id, types.get(id) ?? '', request, facts));
  const hits = memberships.filter(({ state }) => state === 'self' || state === 'member');
  if (hits.length > 0) return { certainty: 'certain', passing: hits.every((hit) => hit.state === 'member' && hit.passing !== undefined) };
  const unknown = memberships.find((membership) => membership.state === 'unknown');
  if (unknown !== undefined) return { certainty: 'unread', because: { kind: 'denyMayConcern', deny: deny.by, doubt: unknown.because } };
  const listed = objectsAt(objectAt(deny.raw, 'properties'), list).length;
  if (listed > deny[list].length) return { certainty: 'unread', because: { kind: 'denyNamesOddId', deny: deny.by } };
  return list === 'principals' ? namesMembers(deny, request.principalId, facts) : { certainty: 'no' };
}

function declaredTypes(deny: DenyAssignment, list: NamedList): ReadonlyMap<Guid | undefined, string> {
  const rows = grouped(objectsAt(objectAt(deny.raw, 'properties'), list), (row) => parseGuid(stringAt(row, 'id') ?? ''));
  return new Map([...rows].map(([id, twins]) => [id, declaredTypeOf(twins.map((row) => stringAt(row, 'type') ?? ''))]));
}

/** A deny on members of the group that asks takes from them what the group's policy gives them today. */
function namesMembers(deny: Denying, asker: Guid, facts: AccessFacts): Named {
  const shared = sharesMembers(deny, 'principals', asker, facts);
  if (shared === undefined) return { certainty: 'no' };
  return shared === 'some'
    ? { certainty: 'partly', because: { kind: 'denyOnMembers', deny: deny.by } }
    : { certainty: 'unread', because: { kind: 'denyMayBeOnMembers', deny: deny.by, ...shared } };
}

/** A deny on the group that asks leaves out those of its members that it excludes: they gain what the group is given. */
function sparesMembers(deny: Denying, asker: Guid, facts: AccessFacts): Named | undefined {
  const shared = sharesMembers(deny, 'excludePrincipals', asker, facts);
  if (shared === undefined) return undefined;
  return shared === 'some'
    ? { certainty: 'partly', because: { kind: 'denySparesMembers', deny: deny.by } }
    : { certainty: 'partly', because: { kind: 'denyMaySpareMembers', deny: deny.by, ...shared } };
}

/** The group whose members are not known. */
interface UnknownMembers {
  readonly group: NamedGroup;
  readonly why: Unread;
}

/** Whether members of the group stand in the list, by themselves or in groups of theirs; undefined when none does. */
function sharesMembers(deny: DenyAssignment, list: NamedList, group: Guid, facts: AccessFacts): 'some' | UnknownMembers | undefined {
  const ids = list === 'principals' ? deny.principals.filter((id) => !deny.excludePrincipals.includes(id)) : deny.excludePrincipals;
  if (ids.length === 0 || facts.principals.get(group)?.kind !== 'group') return undefined;
  const own = facts.members.get(group);
  if (own?.state !== 'read') return { group: namedGroup(group, facts), why: whyUnread(own) };
  const types = declaredTypes(deny, list);
  const shares = ids.map((id) => {
    if (own.value.has(id)) return 'some';
    const other = facts.members.get(id);
    if (other?.state === 'read') return overlap(other.value, own.value) ? 'some' : undefined;
    const unknown = other !== undefined || mayBeGroup(id, types.get(id) ?? '', facts);
    return unknown ? { group: namedGroup(id, facts), why: whyUnread(other) } : undefined;
  });
  return shares.includes('some') ? 'some' : shares.find((share) => share !== undefined);
}

const overlaps = new WeakMap<ReadonlySet<Guid>, WeakMap<ReadonlySet<Guid>, boolean>>();

function overlap(some: ReadonlySet<Guid>, others: ReadonlySet<Guid>): boolean {
  const [small, large] = some.size < others.size ? [some, others] : [others, some];
  const remembered = overlaps.get(small) ?? new WeakMap<ReadonlySet<Guid>, boolean>();
  overlaps.set(small, remembered);
  const found = remembered.get(large) ?? [...small].some((id) => large.has(id));
  remembered.set(large, found);
  return found;
}
