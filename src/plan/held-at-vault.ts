import { type AccessFacts, accessFacts } from '../access/access-facts.ts';
import { judgeVault } from '../access/judge-vault.ts';
import type { PairVerdict } from '../access/judgement.ts';
import { shownGroup } from '../access/membership.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Estate, SubscriptionFacts } from '../model/estate.ts';
import { compareText } from '../model/finding.ts';
import { type Guid, parseGuid } from '../model/guid.ts';
import type { Vault } from '../model/vault.ts';
import type { EntryPlan } from './plan.ts';
import { subscriptionIndex } from './subscription-index.ts';

/** One assignment by which a principal holds data actions already. */
export type HeldGrant = NonNullable<EntryPlan['held']>[number];

export interface HeldAccess {
  /** Names of data actions that are durably held everywhere in the vault, sorted. */
  readonly dataActions: readonly string[];
  /** What gives them; sorted by assignment. */
  readonly by: readonly HeldGrant[];
}

/**
 * What the policies' principals durably hold already, everywhere in the vault: it needs no new assignment and is no excess. Only
 * principals whom an assignment reaches are asked about.
 */
export function heldAtVault(
  vault: Vault,
  subscription: SubscriptionFacts,
  estate: Estate,
  catalogue: Catalogue,
): ReadonlyMap<Guid, HeldAccess> {
  const reached = reachedPrincipals(vault, subscription, estate);
  if (reached.length === 0) return new Map();
  const everything = catalogue.dataActions.map((action) => action.name).sort(compareText);
  const sources = { subscription, principals: estate.principals, members: estate.members, catalogue };
  const { pairs } = judgeVault({
    ...sources,
    vault,
    at: estate.readAt,
    requirements: reached.map((principalId) => ({ principalId, dataActions: everything })),
    planned: [],
  });
  const open = new Set(pairs.filter((pair) => pair.state !== 'covered').map((pair) => `${pair.principalId} ${pair.dataAction}`));
  const facts = accessFacts(sources);
  return new Map(
    reached.map((id) => {
      const dataActions = everything.filter((action) => !open.has(`${id} ${action}`));
      const held = new Set(dataActions);
      const of = pairs.filter(({ principalId, dataAction }) => principalId === id && held.has(dataAction));
      return [id, { dataActions, by: grantsOf(of, facts) }];
    }),
  );
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
