import { objectAt, stringAt } from '../../base/json.ts';
import type { StoredBlock } from '../readers/permission-block.ts';
import { isManagementGroup, placeOf } from '../readers/place.ts';
import { readRoleAssignment, type StoredAssignment } from '../readers/role-assignment.ts';
import { isRole, readRoleBlocks } from '../readers/role-definition.ts';
import { readInstance } from '../readers/schedule-instance.ts';
import type { Stored } from '../state.ts';
import { identitiesOf } from './identities.ts';
import { reaches } from './reach.ts';
import type { EvaluatorView, Question } from './types.ts';

/** One permission block that an effective role assignment brings to a caller, with every condition that stands on it. */
export interface Grant {
  readonly assignmentId: string;
  readonly block: StoredBlock;
  readonly conditions: readonly string[];
}

/** The grants of a caller that reach a resource now (EA-1, EA-3): propagated to the plane, not ended, of a role that exists. */
export function grantsOf(
  view: EvaluatorView,
  caller: Question['caller'],
  resource: string,
  plane: Question['plane'] = 'control',
): readonly Grant[] {
  const at = placeOf(resource);
  const ids = identitiesOf(view.state.directory, caller.objectId);
  if (at === undefined || ids.size === 0) return [];
  const standing = [...ids]
    .flatMap((id) => view.state.roleAssignments.by('principal', id))
    .map((stored) => ({ stored, assignment: readRoleAssignment(stored.body) }))
    .filter(({ stored, assignment }) => isEffective(view, stored, assignment, plane))
    .filter(({ assignment }) => reaches(view.state, assignment.place, at));
  const ended = endedByPim(view, new Set(standing.map(({ assignment }) => assignment.id.toLowerCase())));
  return standing
    .filter(({ assignment }) => !ended.has(assignment.id.toLowerCase()))
    .flatMap(({ assignment }) => grantsOfAssignment(view, assignment));
}

/**
 * A change takes effect when it has propagated; a removed assignment keeps working that long. One at a management group takes longer
 * to reach data planes (EA-54).
 */
function isEffective(
  { now, consistency }: EvaluatorView,
  stored: Stored & { removedAt?: number },
  { place }: StoredAssignment,
  plane: Question['plane'],
): boolean {
  const high = plane === 'data' && (place.length === 0 || isManagementGroup(place));
  const settled = now - Math.max(consistency.assignmentPropagation, (high ? consistency.managementGroupPropagation : undefined) ?? 0);
  return stored.since <= settled && (stored.removedAt === undefined || stored.removedAt > settled);
}

/**
 * Which of the assignments (by lower-case id) PIM stands behind without their being active now (EA-34, EA-35). Eligible instances are
 * not even asked, and instances of other assignments are not read: there are as many of them as assignments.
 */
function endedByPim(view: EvaluatorView, asked: ReadonlySet<string>): ReadonlySet<string> {
  const behind = new Map<string, boolean>();
  for (const { body } of asked.size === 0 ? [] : view.state.activeInstances.values()) {
    const named = stringAt(objectAt(body, 'properties'), 'originRoleAssignmentId');
    if (named !== undefined && !asked.has(named.toLowerCase())) continue;
    const { assignment, start = -Infinity, end = Infinity } = readInstance(body);
    if (assignment === undefined) continue;
    behind.set(assignment, behind.get(assignment) === true || (start <= view.now && view.now < end));
  }
  return new Set([...behind].filter(([, active]) => !active).map(([assignment]) => assignment));
}

function grantsOfAssignment(view: EvaluatorView, assignment: StoredAssignment): readonly Grant[] {
  const definition = [...view.state.roleDefinitions.values()].find(({ body }) => isRole(body, assignment.roleId));
  return (definition === undefined ? [] : readRoleBlocks(definition.body)).map((block) => ({
    assignmentId: assignment.id,
    block,
    conditions: [assignment.condition, block.condition].filter((condition) => condition !== undefined),
  }));
}
