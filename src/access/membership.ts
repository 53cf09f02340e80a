import { everyone, type Guid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import type { EndingMembership } from '../model/principal.ts';
import type { NamedGroup, Passing, Reason, Unread } from '../model/reason.ts';
import type { AccessFacts } from './access-facts.ts';
import type { Asker } from './access-request.ts';
import { mayBeGroup } from './rbac/group-kind.ts';

/** Whether the asker is the named principal or, transitively, in it (EA-29). */
export type Membership =
  | { readonly state: 'self' }
  /** `passing`: why the membership is no firm ground (EA-31, EA-37); `ends`: not that it may end, but that it does (EA-61). */
  | { readonly state: 'member'; readonly passing?: Passing; readonly ends?: true }
  | { readonly state: 'notMember' }
  | { readonly state: 'unknown'; readonly because: Reason };

/** @param declaredType what the assignment says of its principal, such as `Group`; empty when it says nothing. */
export function membershipIn(principal: Guid, declaredType: string, asker: Asker, facts: AccessFacts): Membership {
  if (principal === asker.principalId) return { state: 'self' };
  // The all-zero id stands for everyone in a deny assignment (EA-22), and for nobody elsewhere (LP-8).
  if (principal === everyone) return { state: 'notMember' };
  if (facts.principals.get(principal)?.kind === 'deleted') return { state: 'notMember' };
  if (asker.groups?.state === 'read')
    return asker.groups.value.includes(principal) ? memberOf(principal, asker, facts) : { state: 'notMember' };
  const reading = asker.groups === undefined ? facts.members.get(principal) : undefined;
  if (reading === undefined && !mayBeGroup(principal, declaredType, facts)) return { state: 'notMember' };
  if (reading?.state === 'read') return reading.value.has(asker.principalId) ? memberOf(principal, asker, facts) : { state: 'notMember' };
  const why = whyUnread(asker.groups ?? reading);
  return { state: 'unknown', because: { kind: 'membersUnknown', group: namedGroup(principal, facts), why } };
}

/** Tokens carry security groups; whether they ever carry another, or one the directory does not know, nobody says (EA-29). */
function memberOf(group: Guid, asker: Asker, facts: AccessFacts): Membership {
  const known = facts.principals.get(group);
  if (known?.kind === 'group' && !known.securityEnabled)
    return { state: 'unknown', because: { kind: 'groupNotSecurity', group: namedGroup(group, facts) } };
  if (known?.kind === 'unresolved')
    return { state: 'unknown', because: { kind: 'groupUnresolved', group: namedGroup(group, facts), why: known.why } };
  const ending = endingIn(group, asker.principalId, facts);
  if (ending !== undefined) return { state: 'member', passing: untilWhen(ending, namedGroup(group, facts)), ends: true };
  const passing = passingBecause(group, asker, facts);
  return passing === undefined ? { state: 'member' } : { state: 'member', passing };
}

function untilWhen({ until }: EndingMembership, group: NamedGroup): Passing {
  return until === undefined ? { kind: 'membershipActivated', group } : { kind: 'membershipEnds', group, until };
}

function passingBecause(group: Guid, asker: Asker, facts: AccessFacts): Passing | undefined {
  const [known, self] = [facts.principals.get(group), facts.principals.get(asker.principalId)];
  if (known?.kind === 'group' && known.dynamic) return { kind: 'groupDynamic', group: namedGroup(group, facts) };
  if (self?.kind === 'servicePrincipal' && self.managedIdentity) return { kind: 'managedIdentityToken', group: namedGroup(group, facts) };
  const inner = dynamicWithin(group, facts).find((one) => mayContain(one, asker, facts));
  return inner === undefined
    ? undefined
    : { kind: 'dynamicGroupWithin', group: namedGroup(group, facts), within: namedGroup(inner, facts) };
}

/** The membership of the group, as far as PIM for Groups ends it (EA-61). */
export function endingIn(group: Guid, principalId: Guid, { principals }: Pick<AccessFacts, 'principals'>): EndingMembership | undefined {
  const known = principals.get(group);
  return known?.kind === 'group' ? known.ending?.find((one) => one.principalId === principalId) : undefined;
}

const nested = new WeakMap<AccessFacts, Map<Guid, readonly Guid[]>>();

/** Dynamic groups among the transitive members of a group: whoever comes through them is no firm member. */
function dynamicWithin(group: Guid, facts: AccessFacts): readonly Guid[] {
  const remembered = nested.get(facts) ?? new Map<Guid, readonly Guid[]>();
  nested.set(facts, remembered);
  const known = remembered.get(group);
  if (known !== undefined) return known;
  const reading = facts.members.get(group);
  const found = reading?.state !== 'read' ? [] : [...reading.value].filter((id) => isDynamic(id, facts));
  remembered.set(group, found);
  return found;
}

function isDynamic(id: Guid, { principals }: AccessFacts): boolean {
  const principal = principals.get(id);
  return principal?.kind === 'group' && principal.dynamic;
}

function mayContain(group: Guid, asker: Asker, { members }: AccessFacts): boolean {
  if (asker.groups?.state === 'read') return asker.groups.value.includes(group);
  const reading = members.get(group);
  return reading?.state !== 'read' || reading.value.has(asker.principalId);
}

export function namedGroup(id: Guid, { principals }: Pick<AccessFacts, 'principals'>): NamedGroup {
  const known = principals.get(id);
  return { id, name: known === undefined || known.kind === 'unresolved' ? '' : known.displayName };
}

/** What a group is called, or its id. */
export function shownGroup(group: Guid, facts: Pick<AccessFacts, 'principals'>): string {
  const { name } = namedGroup(group, facts);
  return name === '' ? group : name;
}

/** Why a reading is none: it failed, or nobody made it. */
export function whyUnread(reading: Reading<unknown> | undefined): Unread {
  return reading?.state === 'unreadable' ? { kind: 'unreadable', text: reading.because } : { kind: 'notAsked' };
}

export interface Grantee {
  readonly id: Guid;
  readonly membership: Exclude<Membership, { readonly state: 'notMember' }>;
}

const granteesByAsker = new WeakMap<AccessFacts, Grantees>();
/** Of whoever came with groups of his own, such as the operator, by those. */
const granteesByGroups = new WeakMap<AccessFacts, WeakMap<object, Grantees>>();
type Grantees = Map<Guid, readonly Grantee[]>;

/** The asker and every group among the grantees that it is in, or may be in. */
export function granteesOf(asker: Asker, facts: AccessFacts): readonly Grantee[] {
  const remembered = rememberedFor(asker, facts);
  const found = remembered.get(asker.principalId) ?? findGrantees(asker, facts);
  remembered.set(asker.principalId, found);
  return found;
}

function rememberedFor({ groups }: Asker, facts: AccessFacts): Grantees {
  if (groups === undefined) {
    const byAsker = granteesByAsker.get(facts) ?? new Map<Guid, readonly Grantee[]>();
    granteesByAsker.set(facts, byAsker);
    return byAsker;
  }
  const byGroups = granteesByGroups.get(facts) ?? new WeakMap<object, Grantees>();
  granteesByGroups.set(facts, byGroups);
  const byAsker = byGroups.get(groups) ?? new Map<Guid, readonly Grantee[]>();
  byGroups.set(groups, byAsker);
  return byAsker;
}

function findGrantees(asker: Asker, facts: AccessFacts): readonly Grantee[] {
  const groups = facts.groupGrantees.flatMap(({ id, declaredType }): Grantee[] => {
    const membership = membershipIn(id, declaredType, asker, facts);
    return membership.state === 'notMember' || membership.state === 'self' ? [] : [{ id, membership }];
  });
  return [{ id: asker.principalId, membership: { state: 'self' } }, ...groups];
}
