import { type Guid, guidAtEnd, parseGuid } from '../base/guid.ts';
import { itemsRead } from '../base/reading.ts';
import type { AssignStep, FlipStep, RoleStep } from '../formats/plan.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import type { RoleAssignment, RoleDefinition } from '../model/role.ts';
import { parseScope } from '../model/scope.ts';

/** What keyturn makes by a plan, as far as it has to be known again among the facts. */
export type OwnSteps = readonly (
  | Pick<AssignStep, 'kind' | 'name' | 'scope' | 'principalId' | 'roleDefinitionId' | 'condition'>
  | Pick<RoleStep, 'kind' | 'name' | 'dataActions'>
  | Pick<FlipStep, 'kind'>
)[];

/**
 * Whether an assignment is one that the plan asks for, whoever made it: a step that was handed over is no news when it is
 * taken. Under our name without its condition, or with another, it gives something else and is none.
 */
export function plannedAs(steps: OwnSteps): (assignment: RoleAssignment) => boolean {
  const planned = steps.filter((step) => step.kind === 'ensureRoleAssignment');
  const grants = new Set(
    planned.map(({ scope, principalId, roleDefinitionId, condition }) =>
      grantKey(parseScope(scope), parseGuid(principalId), guidAtEnd(roleDefinitionId), condition),
    ),
  );
  return ({ scope, principalId, roleDefinitionId, condition }) => grants.has(grantKey(scope, principalId, roleDefinitionId, condition));
}

type AssignedRole = Pick<AssignStep, 'scope' | 'principalId' | 'roleDefinitionId' | 'condition'>;

const listed = new WeakMap<SubscriptionFacts, ReadonlySet<string>>();

/** Whether Azure lists what a step assigns, whatever its name. Looked up, since all steps of a subscription ask the same lists. */
export function isListed({ scope, principalId, roleDefinitionId, condition }: AssignedRole, subscription: SubscriptionFacts): boolean {
  const grants =
    listed.get(subscription) ??
    new Set(
      itemsRead(subscription.roleAssignments).map((row) => grantKey(row.scope, row.principalId, row.roleDefinitionId, row.condition)),
    );
  listed.set(subscription, grants);
  return grants.has(grantKey(parseScope(scope), parseGuid(principalId), guidAtEnd(roleDefinitionId), condition));
}

function grantKey(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts);
}

/** The plan's own custom roles that somebody has changed. */
export function editedRoles(steps: OwnSteps, definitions: ReadonlyMap<Guid, RoleDefinition>): readonly RoleDefinition[] {
  return steps.flatMap((step) => {
    const id = step.kind === 'ensureRoleDefinition' ? parseGuid(step.name) : undefined;
    const found = id === undefined ? undefined : definitions.get(id);
    return step.kind !== 'ensureRoleDefinition' || found === undefined || givesExactly(found, step.dataActions) ? [] : [found];
  });
}

function givesExactly({ permissions }: RoleDefinition, dataActions: readonly string[]): boolean {
  const plain = (actions: readonly string[]) => [...new Set(actions.map((action) => action.trim().toLowerCase()))].sort().join();
  const bare = permissions.every(
    ({ actions, notActions, notDataActions, condition }) =>
      actions.length + notActions.length + notDataActions.length === 0 && condition === undefined,
  );
  return bare && plain(permissions.flatMap((block) => block.dataActions)) === plain(dataActions);
}
