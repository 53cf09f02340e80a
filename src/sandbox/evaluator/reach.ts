import { parseScope, type Scope } from '../../model/scope.ts';
import type { TenantState } from '../state.ts';

export const managementGroupRoot = '/providers/microsoft.management/managementgroups/';

/**
 * Whether `scope` is `resource` or lies above it (EA-12, EA-13): segment by segment, without case, and through the
 * management groups that stand above the resource's subscription.
 */
export function reaches(state: Pick<TenantState, 'subscriptions'>, scope: Scope, resource: Scope): boolean {
  if (scope.startsWith(managementGroupRoot) && scope !== resource) return managementGroupsAbove(state, resource).includes(scope);
  const above = scope === '' ? [] : scope.split('/');
  const below = resource.split('/');
  return above.length <= below.length && above.every((segment, index) => segment === below[index]);
}

/** Ids of the management groups above the subscription that holds `resource`; the scenario may name them by id or by name. */
function managementGroupsAbove(state: Pick<TenantState, 'subscriptions'>, resource: Scope): readonly string[] {
  const [, kind, id = ''] = resource.split('/');
  if (kind !== 'subscriptions') return [];
  for (const subscription of state.subscriptions.values()) {
    if (subscription.id.toLowerCase() !== id) continue;
    return subscription.managementGroups.map((group) => managementGroupScope(group));
  }
  return [];
}

function managementGroupScope(nameOrId: string): string {
  return nameOrId.includes('/') ? (parseScope(nameOrId) ?? nameOrId) : managementGroupRoot + nameOrId.toLowerCase();
}
