import { type DenyAssignment, parseDenyAssignment } from '../../model/deny-assignment.ts';
import { everyone } from '../../model/guid.ts';
import { objectAt } from '../../model/json.ts';
import { parseScope, type Scope } from '../../model/scope.ts';
import { identitiesOf } from './identities.ts';
import { judgeCondition } from './judge-condition.ts';
import { reaches } from './reach.ts';
import type { EvaluatorView, Question } from './types.ts';
import { coversExcept } from './wildcard.ts';

/** The deny assignment that refuses the question, if there is one (EA-22..26). A deny works as soon as it stands. */
export function denyFor(view: EvaluatorView, question: Question): DenyAssignment | undefined {
  const at = parseScope(question.resource);
  if (at === undefined || view.state.denyAssignments.size === 0) return undefined;
  const ids = identitiesOf(view.state.directory, question.caller.objectId);
  return [...view.state.denyAssignments.values()]
    .filter(({ body }) => objectAt(body, 'properties').denyAssignmentEffect !== 'audit')
    .flatMap(({ body }) => parseDenyAssignment(body) ?? [])
    .find((deny) => appliesAt(view, deny, at) && appliesTo(deny, ids) && forbids(deny, question));
}

function appliesAt(view: EvaluatorView, deny: DenyAssignment, at: Scope): boolean {
  return deny.doNotApplyToChildScopes ? deny.scope === at : reaches(view.state, deny.scope, at);
}

function appliesTo(deny: DenyAssignment, ids: ReadonlySet<string>): boolean {
  if (deny.excludePrincipals.some((id) => ids.has(id))) return false;
  return deny.principals.some((id) => id === everyone || ids.has(id));
}

function forbids(deny: DenyAssignment, question: Question): boolean {
  return deny.permissions.some((block) => {
    const matched =
      question.plane === 'data'
        ? coversExcept(block.dataActions, block.notDataActions, question.action)
        : coversExcept(block.actions, block.notActions, question.action);
    // Only a condition that is known to be false lifts a deny (EA-25).
    const conditions = [deny.condition, block.condition].filter((condition) => condition !== undefined);
    return matched && conditions.every((condition) => judgeCondition(condition, question) !== 'false');
  });
}
