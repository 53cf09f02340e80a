import { parseGuid } from '../base/guid.ts';
import type { Reading } from '../base/reading.ts';
import { makeRoleStep } from '../formats/make-steps.ts';
import type { RoleStep } from '../formats/plan.ts';
import { type CustomRole, customRole } from '../mapping/custom-role.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { RoleDefinition } from '../model/role.ts';
import { parseScope, type Scope, subscriptionScope } from '../model/scope.ts';

export function roleStep({ id, name, dataActions, assignableScopes }: CustomRole, vaultId: string): RoleStep {
  const [scope = ''] = assignableScopes;
  return makeRoleStep({ vaultId, scope, name: id, roleName: name, dataActions: [...dataActions] });
}

/** The role that keyturn makes of the data actions for vaults of the subscription, as its step would name it. */
export function ownRoleOf(dataActions: readonly string[], vault: Scope): RoleStep {
  return roleStep(customRole(subscriptionScope(vault), dataActions), '');
}

/** Whether a step and a resource id are those of the role that keyturn makes of the data actions, for vaults of the same subscription. */
export function isOwnRoleOf(
  claimed: { readonly step: string; readonly id: string; readonly dataActions: readonly string[] },
  vault: Scope,
): boolean {
  const { id, undo } = ownRoleOf(claimed.dataActions, vault);
  return claimed.step === id && claimed.id === undo.roleDefinitionId;
}

/** Whether the step is one that keyturn would plan for a vault there: a file from elsewhere cannot make us define another role. */
export function isOwnRole(step: RoleStep, vault: Scope, { dataActions }: Pick<Catalogue, 'dataActions'>): boolean {
  const known = new Set(dataActions.map(({ name }) => name));
  const home = subscriptionScope(vault);
  const own = roleStep(customRole(home, step.dataActions), step.vaultId);
  const same = own.id === step.id && own.name === step.name && own.roleName === step.roleName;
  const there = step.scope === home && step.undo.roleDefinitionId === own.undo.roleDefinitionId;
  return same && there && step.dataActions.every((name) => known.has(name)) && parseScope(step.vaultId) === vault;
}

const extended = new WeakMap<SubscriptionFacts, Map<string, SubscriptionFacts>>();

/**
 * A subscription's facts with the role definitions that the plan is going to make, for judging what it will give. Vaults mostly
 * share their custom roles, and with them the index over the facts.
 */
export function subscriptionWith(subscription: SubscriptionFacts, roles: readonly RoleStep[]): SubscriptionFacts {
  if (roles.length === 0) return subscription;
  const known = extended.get(subscription) ?? new Map<string, SubscriptionFacts>();
  extended.set(subscription, known);
  const key = roles.map((role) => role.id).join();
  const facts = known.get(key) ?? { ...subscription, roleDefinitions: withRoles(subscription.roleDefinitions, roles) };
  known.set(key, facts);
  return facts;
}

function withRoles(live: Reading<readonly RoleDefinition[]>, steps: readonly RoleStep[]): Reading<readonly RoleDefinition[]> {
  if (live.state === 'unreadable') return live;
  const missing = steps.filter((step) => !live.value.some((one) => one.id === step.name));
  return { ...live, value: [...live.value, ...missing.flatMap(plannedRole)] };
}

function plannedRole({ name, roleName, dataActions, scope }: RoleStep): RoleDefinition | [] {
  const id = parseGuid(name);
  if (id === undefined) return [];
  const permissions = [{ actions: [], notActions: [], dataActions, notDataActions: [] }];
  return { id, name: roleName, kind: 'custom', permissions, assignableScopes: [scope], raw: {} };
}
