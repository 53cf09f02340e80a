import type { JsonObject } from '../../base/json.ts';
import type { ArmContext } from './arm-context.ts';

type Where = Pick<ArmContext, 'state' | 'clock' | 'consistency'>;

/** The assignments that exist: writes and reads by id see a change at once. */
export function standingAssignments({ state }: Pick<ArmContext, 'state'>): readonly JsonObject[] {
  return [...state.roleAssignments.values()].filter(({ removedAt }) => removedAt === undefined).map(({ body }) => body);
}

/** The assignments that lists show: new ones come, and removed ones go, when the lag has passed. */
export function listedAssignments({ state, clock, consistency }: Where): readonly JsonObject[] {
  const seen = clock.now() - consistency.listingLag;
  return [...state.roleAssignments.values()]
    .filter(({ since, removedAt }) => since <= seen && (removedAt === undefined || removedAt > seen))
    .map(({ body }) => body);
}

export function assignmentNamed(context: Pick<ArmContext, 'state'>, name: string): JsonObject | undefined {
  return context.state.roleAssignments.by('name', name.toLowerCase()).find(({ removedAt }) => removedAt === undefined)?.body;
}

/** What was removed stays until neither access nor lists can show it any more. */
export function removeAssignment(context: Where, key: string): void {
  const { state, clock, consistency } = context;
  const stored = state.roleAssignments.get(key);
  if (stored === undefined) return;
  stored.removedAt = clock.now();
  const kept = Math.max(consistency.assignmentPropagation, consistency.listingLag);
  for (const [id, { removedAt }] of state.roleAssignments) {
    if (removedAt !== undefined && removedAt <= clock.now() - kept) state.roleAssignments.delete(id);
  }
}
