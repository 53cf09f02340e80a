import { type AccessFacts, accessFacts } from '../../access/access-facts.ts';
import { judgePairs } from '../../access/judge-pairs.ts';
import type { PairVerdict } from '../../access/judgement.ts';
import { granteesOf, shownGroup } from '../../access/membership.ts';
import { compareText } from '../../base/compare-text.ts';
import { grouped } from '../../base/grouped.ts';
import { type Guid, parseGuid } from '../../base/guid.ts';
import { countsGroups } from '../../formats/decisions.ts';
import type { Decision, EntryPlan } from '../../formats/plan.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../../model/estate.ts';
import type { RoleAssignment } from '../../model/role.ts';
import type { Vault } from '../../model/vault.ts';
import { subscriptionIndex } from '../subscription-index.ts';

/** One assignment by which a principal holds data actions already. */
export type HeldGrant = NonNullable<EntryPlan['held']>[number];

interface HeldAccess {
  /** Names of data actions that are durably held everywhere in the vault, sorted. */
  readonly dataActions: readonly string[];
  /** What gives them; sorted by assignment. */
  readonly by: readonly HeldGrant[];
}

/** By what is assigned to the principal itself, and by what its groups have besides: that counts by decision alone (EA-53). */
export interface Held {
  readonly own: HeldAccess;
  readonly withGroups: HeldAccess;
}

export const heldNothing: Held = { own: { dataActions: [], by: [] }, withGroups: { dataActions: [], by: [] } };

/**
 * What the policies' principals durably hold already, everywhere in the vault: it needs no new assignment and is no excess. Only
 * principals whom an assignment reaches are asked about.
 */
export function heldAtVault(vault: Vault, subscription: SubscriptionFacts, estate: Estate, catalogue: Catalogue): ReadonlyMap<Guid, Held> {
  const reached = reachedPrincipals(vault, subscription, estate);
  if (reached.length === 0) return new Map();
  const sources = { subscription, principals: estate.principals, members: estate.members, catalogue };
  const facts = accessFacts(sources);
  const touching = subscriptionIndex(subscription).assignmentsTouching(vault.scope);
  const requirements = reached.flatMap((principalId) => {
    const dataActions = actionsWithinReach(principalId, touching, facts);
    return dataActions.length === 0 ? [] : [{ principalId, dataActions, alsoByGroups: true as const }];
  });
  const pairs = judgePairs({ ...sources, vault, at: estate.readAt, requirements, planned: [] }, facts, []);
  return new Map(
    [...grouped(pairs, ({ principalId }) => principalId)].map(([id, all]): [Guid, Held] => {
      const own = all.map((pair) => ({ ...pair, by: pair.by.filter(({ throughGroup }) => throughGroup === undefined) }));
      return [id, { own: heldBy(own, facts), withGroups: heldBy(all, facts) }];
    }),
  );
}

/** What the roles give that reach the principal, in any way: of all other data actions it is known that they are not held. */
function actionsWithinReach(principalId: Guid, touching: readonly RoleAssignment[], facts: AccessFacts): readonly string[] {
  const grantees = new Set(granteesOf({ principalId }, facts).map(({ id }) => id));
  const roles = new Set(touching.filter((one) => grantees.has(one.principalId)).map((one) => one.roleDefinitionId));
  return [...new Set([...roles].flatMap((role) => facts.dataActionsOf(role) ?? []))].map(({ name }) => name);
}

/** An action is held where it is covered at each place where it may be checked. */
function heldBy(pairs: readonly PairVerdict[], facts: AccessFacts): HeldAccess {
  const open = new Set(pairs.filter(({ by }) => by.length === 0).map(({ dataAction }) => dataAction));
  const held = pairs.filter(({ dataAction }) => !open.has(dataAction));
  return { dataActions: [...new Set(held.map(({ dataAction }) => dataAction))], by: grantsOf(held, facts) };
}

/** What reaches the whole vault; an assignment on one object may give the same there, and carries nothing. */
function grantsOf(pairs: readonly PairVerdict[], facts: AccessFacts): readonly HeldGrant[] {
  const grants = new Map<string, HeldGrant & { readonly given: Set<string> }>();
  for (const { dataAction, resource, by } of pairs) {
    if (resource.kind === 'object') continue;
    for (const { assignmentId, roleDefinitionId, scope, throughGroup } of by) {
      const through = throughGroup === undefined ? {} : { throughGroup, groupName: shownGroup(throughGroup, facts) };
      const roleName = facts.role(roleDefinitionId)?.name ?? roleDefinitionId;
      const known = grants.get(assignmentId);
      const grant = known ?? { dataActions: [], assignmentId, roleDefinitionId, roleName, scope, ...through, given: new Set<string>() };
      grants.set(assignmentId, grant);
      grant.given.add(dataAction);
    }
  }
  return [...grants.values()]
    .sort((a, b) => compareText(a.assignmentId, b.assignmentId))
    .map(({ given, ...grant }) => ({ ...grant, dataActions: [...given].sort(compareText) }));
}

/** What of an entry is held already, and by what; undefined when nothing of it is. */
export function heldOf(required: readonly string[], by: readonly HeldGrant[]): HeldGrant[] | undefined {
  const wanted = new Set(required);
  const grants = by.flatMap((grant) => {
    const dataActions = grant.dataActions.filter((action) => wanted.has(action));
    return dataActions.length === 0 ? [] : [{ ...grant, dataActions }];
  });
  return grants.length === 0 ? undefined : grants;
}

function reachedPrincipals(vault: Vault, subscription: SubscriptionFacts, { members }: Estate): readonly Guid[] {
  const grantees = new Set(
    subscriptionIndex(subscription)
      .assignmentsTouching(vault.scope)
      .map((assignment) => assignment.principalId),
  );
  if (grantees.size === 0) return [];
  const groups = [...grantees].flatMap((grantee) => {
    const reading = members.get(grantee);
    return reading?.state === 'read' ? [reading.value] : [];
  });
  const inPolicies = new Set(vault.accessPolicies.flatMap((policy) => parseGuid(policy.objectId) ?? []));
  return [...inPolicies].filter((id) => grantees.has(id) || groups.some((group) => group.has(id)));
}

/**
 * What was held when an earlier plan was made, as its entry records it: of what the entry needs, exactly that; of all else, what is held
 * now. Whether what the plan records is so is not judged here but by whoever relies on it.
 */
export function heldAsRecorded(now: Held, entry: Recorded): Held {
  const wanted = new Set(entry.required);
  const by = entry.held ?? [];
  const then = by.flatMap((grant) => grant.dataActions.filter((action) => wanted.has(action)));
  const counted = countsGroups(entry.decision) ? 'withGroups' : 'own';
  const besides = now[counted].dataActions.filter((action) => !wanted.has(action));
  return { ...now, [counted]: { dataActions: [...new Set([...then, ...besides])].sort(compareText), by } };
}

interface Recorded {
  readonly held?: readonly HeldGrant[];
  readonly required: readonly string[];
  readonly decision: Decision | undefined;
}
