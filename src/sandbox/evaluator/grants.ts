import { guidAtEnd, parseGuid } from '../../model/guid.ts';
import { isObject, objectAt, stringAt } from '../../model/json.ts';
import { type PermissionBlock, parseRoleAssignment, parseRoleDefinition, type RoleAssignment } from '../../model/role.ts';
import { parseScope } from '../../model/scope.ts';
import type { Stored } from '../state.ts';
import { identitiesOf } from './identities.ts';
import { managementGroupRoot, reaches } from './reach.ts';
import type { EvaluatorView, Question } from './types.ts';

/** One permission block that an effective role assignment brings to a caller, with every condition that stands on it. */
export interface Grant {
  readonly assignmentId: string;
  readonly block: PermissionBlock;
  readonly conditions: readonly string[];
}

/** The grants of a caller that reach a resource now (EA-1, EA-3): propagated to the plane, not ended, of a role that exists. */
export function grantsOf(
  view: EvaluatorView,
  caller: Question['caller'],
  resource: string,
  plane: Question['plane'] = 'control',
): readonly Grant[] {
  const at = parseScope(resource);
  const ids = identitiesOf(view.state.directory, caller.objectId);
  if (at === undefined || ids.size === 0) return [];
  const ended = endedByPim(view);
  return assignmentsTo(view, ids)
    .filter((stored) => isEffective(view, stored, plane))
    .flatMap((stored) => parseRoleAssignment(stored.body) ?? [])
    .filter((assignment) => reaches(view.state, assignment.scope, at) && !ended.has(assignment.id.toLowerCase()))
    .flatMap((assignment) => grantsOfAssignment(view, assignment));
}

/** An estate has tens of thousands of assignments and every call asks, so they are walked once and without copies. */
function assignmentsTo(view: EvaluatorView, ids: ReadonlySet<string>): readonly (Stored & { removedAt?: number })[] {
  const found: (Stored & { removedAt?: number })[] = [];
  for (const stored of view.state.roleAssignments.values()) {
    const { properties } = stored.body;
    const principal = isObject(properties) ? properties.principalId : undefined;
    if (typeof principal === 'string' && (ids.has(principal) || ids.has(canonicalId(principal)))) found.push(stored);
  }
  return found;
}

/** Ids come in any case, and from some clients without dashes. */
function canonicalId(id: string): string {
  return id.length === 32 ? (parseGuid(id) ?? id) : id.toLowerCase();
}

/**
 * A change takes effect when it has propagated; a removed assignment keeps working that long. One at a management group takes longer
 * to reach data planes (EA-54).
 */
function isEffective({ now, consistency }: EvaluatorView, stored: Stored & { removedAt?: number }, plane: Question['plane']): boolean {
  const scope = parseScope(stringAt(objectAt(stored.body, 'properties'), 'scope') ?? '') ?? '';
  const high = plane === 'data' && (scope === '' || scope.startsWith(managementGroupRoot));
  const settled = now - Math.max(consistency.assignmentPropagation, (high ? consistency.managementGroupPropagation : undefined) ?? 0);
  return stored.since <= settled && (stored.removedAt === undefined || stored.removedAt > settled);
}

/** Ids of assignments that PIM stands behind without being active now (EA-34, EA-35). Eligible instances are not even asked. */
function endedByPim(view: EvaluatorView): ReadonlySet<string> {
  const behind = new Map<string, boolean>();
  for (const { body } of view.state.activeInstances.values()) {
    const properties = objectAt(body, 'properties');
    const origin = stringAt(properties, 'originRoleAssignmentId')?.toLowerCase();
    if (origin === undefined) continue;
    const start = Date.parse(stringAt(properties, 'startDateTime') ?? '');
    const end = Date.parse(stringAt(properties, 'endDateTime') ?? '');
    // A missing start or end is no limit, and so is NaN.
    behind.set(origin, behind.get(origin) === true || !(start > view.now || end <= view.now));
  }
  return new Set([...behind].filter(([, active]) => !active).map(([origin]) => origin));
}

function grantsOfAssignment(view: EvaluatorView, assignment: RoleAssignment): readonly Grant[] {
  const definition = [...view.state.roleDefinitions.values()].find(
    ({ body }) => guidAtEnd(stringAt(body, 'id') ?? '') === assignment.roleDefinitionId,
  );
  const role = parseRoleDefinition(definition?.body);
  return (role?.permissions ?? []).map((block) => ({
    assignmentId: assignment.id,
    block,
    conditions: [assignment.condition, block.condition].filter((condition) => condition !== undefined),
  }));
}
