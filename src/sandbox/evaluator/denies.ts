import { everyone } from '../../base/guid.ts';
import { readDenyAssignment, type StoredDeny } from '../readers/deny-assignment.ts';
import { type Place, placeOf, samePlace } from '../readers/place.ts';
import { identitiesOf } from './identities.ts';
import { judgeCondition } from './judge-condition.ts';
import { reaches } from './reach.ts';
import type { EvaluatorView, Question } from './types.ts';
import { coversExcept } from './wildcard.ts';

/** The deny assignment that refuses the question, if there is one (EA-22..26). A deny works as soon as it stands. */
export function denyFor(view: EvaluatorView, question: Question): StoredDeny | undefined {
  const at = placeOf(question.resource);
  if (at === undefined || view.state.denyAssignments.size === 0) return undefined;
  const ids = identitiesOf(view.state.directory, question.caller.objectId);
  return [...view.state.denyAssignments.values()]
    .map(({ body }) => readDenyAssignment(body))
    .find((deny) => !deny.onlyAudits && appliesAt(view, deny, at) && appliesTo(deny, ids) && forbids(deny, question));
}

function appliesAt(view: EvaluatorView, deny: StoredDeny, at: Place): boolean {
  return deny.below ? reaches(view.state, deny.place, at) : samePlace(deny.place, at);
}

function appliesTo(deny: StoredDeny, ids: ReadonlySet<string>): boolean {
  if (deny.excepted.some((id) => ids.has(id))) return false;
  return deny.principals.some((id) => id === everyone || ids.has(id));
}

function forbids(deny: StoredDeny, question: Question): boolean {
  return deny.blocks.some((block) => {
    const matched =
      question.plane === 'data'
        ? coversExcept(block.dataActions, block.notDataActions, question.action)
        : coversExcept(block.actions, block.notActions, question.action);
    // Only a condition that is known to be false lifts a deny (EA-25).
    const conditions = [deny.condition, block.condition].filter((condition) => condition !== undefined);
    return matched && conditions.every((condition) => judgeCondition(condition, question) !== 'false');
  });
}
