import { type AccessFacts, accessFacts } from '../access/access-facts.ts';
import { membershipIn, shownGroup } from '../access/membership.ts';
import { compareText } from '../base/compare-text.ts';
import { distinct } from '../base/distinct.ts';
import { type Guid, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import type { EntryPlan } from '../formats/plan.ts';
import { entrySubject } from '../model/entry-standing.ts';
import { type Finding, finding } from '../model/finding.ts';
import type { FindingFacts } from '../model/finding-facts.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { type Scope, scopeReaches } from '../model/scope.ts';
import { eligibleWords } from '../words/grant-words.ts';
import type { VaultSetting } from './vault-setting.ts';

type Setting = Pick<VaultSetting, 'vault' | 'subscription' | 'estate' | 'catalogue'>;

/**
 * Somebody may activate through PIM what the plan would make standing: the policy gives it standing today, so both are answers, and a
 * person is asked for one (EA-34). One finding for each role and scope that the principal is eligible for.
 */
export function remarksOnEligible(entry: EntryPlan, { vault, subscription, estate, catalogue }: Setting): readonly Finding[] {
  const principalId = parseGuid(entry.objectId);
  if (principalId === undefined || entry.applicationId !== undefined) return [];
  const grants = eligibleFor(principalId, standingActions(entry), { vault, subscription, estate, catalogue });
  const decided = entry.decision;
  const subject = entrySubject(vault.id, entry);
  return distinct(grants.map(eligibleFacts)).map((facts): Finding => {
    const open = finding(decided === undefined ? 'warning' : 'note', 'PLN-ELIGIBLE', subject, facts);
    return decided === undefined ? open : { ...open, answer: { kind: 'decided', choice: decided.choice, reason: decided.reason } };
  });
}

function eligibleFacts({ throughGroup, groupName = throughGroup, ...grant }: EligibleGrant): FindingFacts['PLN-ELIGIBLE'] {
  return { ...grant, ...(groupName !== undefined && { groupName }) };
}

/** What the entry would have for good and has not yet: what its new roles are for. */
function standingActions({ outcome, required, dropped, held = [], objects = [] }: EntryPlan): readonly string[] {
  if (outcome !== 'reproduce' && outcome !== 'undecided') return [];
  const had = new Set(held.flatMap(({ dataActions }) => dataActions));
  const wide = required.filter((action) => !dropped.includes(action) && !had.has(action));
  return [...wide, ...objects.flatMap(({ dataActions }) => dataActions)];
}

/** A role that PIM would let somebody activate, and what of the asked data actions it gives then. */
export interface EligibleGrant {
  readonly roleName: string;
  readonly scope: Scope;
  /** The group that is eligible, where it is not the principal itself; with `asMember` the group that has the role. */
  readonly throughGroup?: Guid;
  readonly groupName?: string;
  /** What may be activated is a membership of the group (EA-61). */
  readonly asMember?: true;
  /** Names, sorted. */
  readonly dataActions: readonly string[];
}

/** What of the data actions a principal may activate at the vault, or above it (EA-34). */
export function eligibleFor(
  principalId: Guid,
  dataActions: readonly string[],
  { vault, subscription, estate, catalogue }: Setting,
): readonly EligibleGrant[] {
  const facts = accessFacts({ subscription, principals: estate.principals, members: estate.members, catalogue });
  const asked = new Set(dataActions);
  if (asked.size === 0) return [];
  const reaches = ({ scope }: { readonly scope: Scope }) => scopeReaches(scope, vault.scope, subscription.managementGroups);
  const roles = itemsRead(subscription.eligibleInstances)
    .filter(reaches)
    .flatMap((instance) => eligibleGrant(instance, principalId, asked, facts) ?? []);
  const memberships = groupsToJoin(principalId, facts).flatMap((group) => [...(facts.byGrantee.get(group)?.values() ?? [])].flat());
  const ofGroups = memberships.flatMap(({ assignment }): EligibleGrant[] => {
    if (!reaches(assignment)) return [];
    const grant = eligibleGrant(assignment, assignment.principalId, asked, facts);
    const groupName = shownGroup(assignment.principalId, facts);
    return grant === undefined ? [] : [{ ...grant, throughGroup: assignment.principalId, groupName, asMember: true }];
  });
  return [...roles, ...ofGroups].sort((a, b) => compareText(eligibleWords(a), eligibleWords(b)));
}

/** Groups that have roles, of which somebody may activate a membership and has none by now. */
function groupsToJoin(principalId: Guid, facts: AccessFacts): readonly Guid[] {
  const mayJoin = (id: Guid) => {
    const group = facts.principals.get(id);
    const eligible = group?.kind === 'group' ? (group.eligible ?? []) : [];
    return eligible.some((one) => one === principalId || membershipIn(one, '', { principalId }, facts).state === 'member');
  };
  return joinable(facts).flatMap(({ id, declaredType }) =>
    mayJoin(id) && membershipIn(id, declaredType, { principalId }, facts).state === 'notMember' ? [id] : [],
  );
}

const joinableGroups = new WeakMap<AccessFacts, AccessFacts['groupGrantees']>();

/** Groups that have roles, and of which anybody may activate a membership: few, and asked about for every entry. */
function joinable(facts: AccessFacts): AccessFacts['groupGrantees'] {
  const found =
    joinableGroups.get(facts) ??
    facts.groupGrantees.filter(({ id }) => {
      const group = facts.principals.get(id);
      return group?.kind === 'group' && (group.eligible ?? []).length > 0;
    });
  joinableGroups.set(facts, found);
  return found;
}

function eligibleGrant(
  { principalId: grantee, roleDefinitionId, scope }: Pick<ScheduleInstance, 'principalId' | 'roleDefinitionId' | 'scope'>,
  principalId: Guid,
  asked: ReadonlySet<string>,
  facts: AccessFacts,
): EligibleGrant | undefined {
  const membership = membershipIn(grantee, '', { principalId }, facts);
  if (membership.state !== 'self' && membership.state !== 'member') return undefined;
  const dataActions = (facts.dataActionsOf(roleDefinitionId) ?? []).map(({ name }) => name).filter((name) => asked.has(name));
  if (dataActions.length === 0) return undefined;
  const through = membership.state === 'self' ? {} : { throughGroup: grantee, groupName: shownGroup(grantee, facts) };
  return {
    roleName: facts.role(roleDefinitionId)?.name ?? roleDefinitionId,
    scope,
    ...through,
    dataActions: dataActions.sort(compareText),
  };
}
