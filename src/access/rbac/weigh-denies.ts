import { compareText } from '../../base/compare-text.ts';
import { grouped } from '../../base/grouped.ts';
import { everyone, type Guid, parseGuid } from '../../base/guid.ts';
import { objectAt, objectsAt, stringAt } from '../../base/json.ts';
import type { DenyAssignment } from '../../model/deny-assignment.ts';
import type { AccessFacts } from '../access-facts.ts';
import type { AccessRequest } from '../access-request.ts';
import type { DeniedBy } from '../answer.ts';
import type { Truth } from '../condition.ts';
import { membershipIn, shownGroup } from '../membership.ts';
import { blockGives } from '../role-rule.ts';
import { declaredTypeOf, mayBeGroup } from './group-kind.ts';
import type { Reach } from './reach.ts';
import { requestContext } from './request-context.ts';
import { conditionTruth } from './weigh-grants.ts';

/** One deny assignment that takes the action from the asker, surely or perhaps. */
export type Denial = { readonly words: string; readonly by?: DeniedBy } & (
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
  const { denyAssignments } = facts.subscription;
  const unread: readonly Denial[] =
    denyAssignments.state === 'unreadable'
      ? [{ certainty: 'unread', words: `deny assignments could not be read: ${denyAssignments.because}` }]
      : [];
  const rank = ['certain', 'conditional', 'partly', 'unread'];
  return [...denials, ...unread].sort((a, b) => rank.indexOf(a.certainty) - rank.indexOf(b.certainty) || compareText(a.words, b.words));
}

function weigh(deny: DenyAssignment, request: AccessRequest, reach: Reach, facts: AccessFacts): Denial | undefined {
  if (deny.doNotApplyToChildScopes && deny.scope !== reach.own) return undefined;
  const holds = conditionHolds(deny, request, facts);
  if (holds === false) return undefined;
  const named = namesAsker(deny, request, facts);
  if (named.certainty === 'no') return undefined;
  const by = { id: deny.id, name: deny.name === '' ? deny.id : deny.name, everyone: deny.principals.includes(everyone) };
  const shown = `the deny assignment \`${by.name}\``;
  if (named.certainty !== 'certain') {
    return { certainty: named.certainty, by, words: `${shown} ${named.words}`, ...(named.open === true && { open: named.open }) };
  }
  return holds === 'unknown'
    ? { certainty: 'conditional', by, words: `${shown} may deny it: its condition cannot be judged` }
    : { certainty: 'certain', by, passing: named.passing, words: `${shown} denies it` };
}

/** Blocks add up here as in a role; a condition stands on the whole deny assignment or on a block. */
function conditionHolds(deny: DenyAssignment, request: AccessRequest, facts: AccessFacts): Truth {
  const blocks = deny.permissions.filter((block) => blockGives(block, request.plane, request.action));
  const read = ({ condition }: { readonly condition?: string }) => (condition === undefined ? undefined : facts.readCondition(condition));
  return conditionTruth(read(deny), blocks.map(read), requestContext(request), 'deny');
}

type Named =
  | { readonly certainty: 'no' }
  | { readonly certainty: 'certain'; readonly passing: boolean }
  | { readonly certainty: 'partly' | 'unread'; readonly words: string; readonly open?: true };

/** Whether it is meant for the asker: named, by itself or through a group, and not taken out again (EA-22 d, e). */
function namesAsker(deny: DenyAssignment, request: AccessRequest, facts: AccessFacts): Named {
  if (deny.excludePrincipals.includes(request.principalId)) return { certainty: 'no' };
  const named = listNames(deny, 'principals', request, facts);
  if (named.certainty === 'no' || named.certainty === 'unread') return named;
  const excluded = listNames(deny, 'excludePrincipals', request, facts);
  if (excluded.certainty === 'unread') return excluded;
  if (excluded.certainty === 'certain')
    return { certainty: 'unread', words: 'takes out a group of the principal, and whether that counts is open', open: true };
  return named.certainty === 'certain' ? (sparesMembers(deny, request.principalId, facts) ?? named) : named;
}

type NamedList = 'principals' | 'excludePrincipals';

function listNames(deny: DenyAssignment, list: NamedList, request: AccessRequest, facts: AccessFacts): Named {
  if (deny[list].includes(everyone)) return { certainty: 'certain', passing: false };
  const types = declaredTypes(deny, list);
  const memberships = deny[list].map((id) => membershipIn(id, types.get(id) ?? '', request, facts));
  const hits = memberships.filter(({ state }) => state === 'self' || state === 'member');
  if (hits.length > 0) return { certainty: 'certain', passing: hits.every((hit) => hit.state === 'member' && hit.passing !== undefined) };
  const unknown = memberships.find((membership) => membership.state === 'unknown');
  if (unknown !== undefined) return { certainty: 'unread', words: `may concern it: ${unknown.because}` };
  const listed = objectsAt(objectAt(deny.raw, 'properties'), list).length;
  if (listed > deny[list].length) return { certainty: 'unread', words: 'names a principal by an id that is not a GUID' };
  return list === 'principals' ? namesMembers(deny, request.principalId, facts) : { certainty: 'no' };
}

function declaredTypes(deny: DenyAssignment, list: NamedList): ReadonlyMap<Guid | undefined, string> {
  const rows = grouped(objectsAt(objectAt(deny.raw, 'properties'), list), (row) => parseGuid(stringAt(row, 'id') ?? ''));
  return new Map([...rows].map(([id, twins]) => [id, declaredTypeOf(twins.map((row) => stringAt(row, 'type') ?? ''))]));
}

/** A deny on members of the group that asks takes from them what the group's policy gives them today. */
function namesMembers(deny: DenyAssignment, asker: Guid, facts: AccessFacts): Named {
  const shared = sharesMembers(deny, 'principals', asker, facts);
  if (shared === undefined) return { certainty: 'no' };
  return shared === 'some'
    ? { certainty: 'partly', words: 'denies it to members of the group' }
    : { certainty: 'unread', words: `may concern members of the group: ${shared.because}` };
}

/** A deny on the group that asks leaves out those of its members that it excludes: they gain what the group is given. */
function sparesMembers(deny: DenyAssignment, asker: Guid, facts: AccessFacts): Named | undefined {
  const shared = sharesMembers(deny, 'excludePrincipals', asker, facts);
  if (shared === undefined) return undefined;
  return {
    certainty: 'partly',
    words:
      shared === 'some' ? 'denies it, but spares members of the group' : `denies it, but may spare members of the group: ${shared.because}`,
  };
}

/** Whether members of the group stand in the list, by themselves or in groups of theirs; undefined when none does. */
function sharesMembers(
  deny: DenyAssignment,
  list: NamedList,
  group: Guid,
  facts: AccessFacts,
): 'some' | { readonly because: string } | undefined {
  const ids = list === 'principals' ? deny.principals.filter((id) => !deny.excludePrincipals.includes(id)) : deny.excludePrincipals;
  if (ids.length === 0 || facts.principals.get(group)?.kind !== 'group') return undefined;
  const own = facts.members.get(group);
  if (own?.state !== 'read') return { because: `\`${shownGroup(group, facts)}\`: ${own?.because ?? 'its members were not asked for'}` };
  const types = declaredTypes(deny, list);
  const shares = ids.map((id) => {
    if (own.value.has(id)) return 'some';
    const other = facts.members.get(id);
    if (other?.state === 'read') return overlap(other.value, own.value) ? 'some' : undefined;
    const unknown = other !== undefined || mayBeGroup(id, types.get(id) ?? '', facts);
    return unknown ? { because: `\`${shownGroup(id, facts)}\`: ${other?.because ?? 'its members were not asked for'}` } : undefined;
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
