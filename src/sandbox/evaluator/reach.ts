import { holds, isManagementGroup, type Place, placeOf, samePlace } from '../readers/place.ts';
import type { TenantState } from '../state.ts';

/**
 * Whether `scope` is `resource` or lies above it (EA-12, EA-13): segment by segment, without case, and through the
 * management groups that stand above the resource's subscription.
 */
export function reaches(state: Pick<TenantState, 'subscriptions'>, scope: Place, resource: Place): boolean {
  if (isManagementGroup(scope) && !samePlace(scope, resource))
    return managementGroupsAbove(state, resource).some((group) => samePlace(group, scope));
  return holds(scope, resource);
}

/** The management groups above the subscription that holds `resource`; the scenario may name them by id or by name. */
function managementGroupsAbove(state: Pick<TenantState, 'subscriptions'>, [kind, id]: Place): readonly Place[] {
  if (kind !== 'subscriptions') return [];
  for (const subscription of state.subscriptions.values()) {
    if (subscription.id.toLowerCase() !== id) continue;
    return subscription.managementGroups.map(placeOfGroup);
  }
  return [];
}

function placeOfGroup(nameOrId: string): Place {
  const id = nameOrId.includes('/') ? nameOrId : `/providers/Microsoft.Management/managementGroups/${nameOrId}`;
  return placeOf(id) ?? [id];
}
