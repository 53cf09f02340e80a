import { triple } from '../access/standing-assignment.ts';
import type { Guid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { RoleAssignment, RoleDefinition } from '../model/role.ts';
import type { ScheduleInstance } from '../model/schedule-instance.ts';
import { type Scope, scopeReaches } from '../model/scope.ts';

/** A subscription's lists in the order questions about its vaults are asked: thousands of vaults ask the same ones. */
export interface SubscriptionIndex {
  readonly definitions: ReadonlyMap<Guid, RoleDefinition>;
  /** Assignments with data actions, or of a role nobody could read, that reach the vault or one of its objects. */
  assignmentsTouching(vault: Scope): readonly RoleAssignment[];
  /** All assignments of the principal itself, whatever the role. */
  assignmentsOf(principal: string): readonly RoleAssignment[];
  /** The one that stands for a scope, role and principal: Azure keeps one of them. */
  assignmentFor(assigned: Pick<RoleAssignment, 'scope' | 'roleDefinitionId' | 'principalId'>): RoleAssignment | undefined;
  /** Active instances with data actions that end, or that somebody switched on for a while. */
  readonly timeBound: readonly ScheduleInstance[];
  /** Assignments that count against the subscription's limit: those at management groups and the root do not (EA-51). */
  readonly counted: number;
}

const known = new WeakMap<SubscriptionFacts, SubscriptionIndex>();

export function subscriptionIndex(subscription: SubscriptionFacts): SubscriptionIndex {
  const made = known.get(subscription) ?? makeIndex(subscription);
  known.set(subscription, made);
  return made;
}

function makeIndex(subscription: SubscriptionFacts): SubscriptionIndex {
  const definitions = new Map(itemsRead(subscription.roleDefinitions).map((role) => [role.id, role]));
  const givesData = (role: Guid): boolean => definitions.get(role)?.permissions.some((block) => block.dataActions.length > 0) ?? true;
  const wide: RoleAssignment[] = [];
  // Vaults of one resource group have the same above them.
  const aboveByParent = new Map<string, readonly RoleAssignment[]>();
  const above = (vault: Scope): readonly RoleAssignment[] => {
    const parent = vault.slice(0, vault.lastIndexOf('/'));
    const found =
      aboveByParent.get(parent) ?? wide.filter((assignment) => scopeReaches(assignment.scope, vault, subscription.managementGroups));
    aboveByParent.set(parent, found);
    return found;
  };
  const byVault = new Map<string, RoleAssignment[]>();
  const byPrincipal = new Map<string, RoleAssignment[]>();
  const byTriple = new Map<string, RoleAssignment>();
  let counted = 0;
  for (const assignment of itemsRead(subscription.roleAssignments)) {
    if (assignment.scope.startsWith('/subscriptions/')) counted++;
    byTriple.set(triple(assignment), assignment);
    const own = byPrincipal.get(assignment.principalId);
    if (own === undefined) byPrincipal.set(assignment.principalId, [assignment]);
    else own.push(assignment);
    if (!givesData(assignment.roleDefinitionId)) continue;
    const vault = vaultPart(assignment.scope);
    const list = vault === undefined ? wide : (byVault.get(vault) ?? []);
    list.push(assignment);
    if (vault !== undefined) byVault.set(vault, list);
  }
  return {
    definitions,
    counted,
    assignmentsOf: (principal) => byPrincipal.get(principal) ?? [],
    assignmentFor: (assigned) => byTriple.get(triple(assigned)),
    assignmentsTouching: (vault) => [...above(vault), ...(byVault.get(vault) ?? [])],
    timeBound: itemsRead(subscription.activeInstances).filter(
      (instance) =>
        givesData(instance.roleDefinitionId) &&
        (instance.endDateTime !== undefined || instance.assignmentType.toLowerCase() === 'activated'),
    ),
  };
}

/** The vault that a scope at or below one belongs to. */
function vaultPart(scope: Scope): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/[^/]+/.exec(scope)?.[0];
}
