import type { StoredBlock } from '../readers/permission-block.ts';
import { denyFor } from './denies.ts';
import { type Grant, grantsOf } from './grants.ts';
import { judgeCondition, type Truth } from './judge-condition.ts';
import type { EvaluatorView, Question, Verdict } from './types.ts';
import { coversExcept } from './wildcard.ts';

/**
 * Decides one call under Azure RBAC, on the control or the data plane: deny assignments first (EA-2), then one satisfied
 * role assignment is enough (EA-5). What cannot be judged is no grant (EA-40).
 */
export function decide(view: EvaluatorView, question: Question): Verdict {
  const deny = denyFor(view, question);
  if (deny !== undefined) return { allowed: false, denyAssignmentId: deny.id, reason: 'DeniedByDenyAssignment' };
  const judged = matchingGrants(view, question).map((grant) => ({ grant, truth: satisfied(grant, withClock(view, question)) }));
  const granting = judged.filter(({ truth }) => truth === 'true');
  const [best] = [...granting.filter(({ grant }) => grant.conditions.length === 0), ...granting];
  if (best !== undefined) {
    const reason = best.grant.conditions.length === 0 ? 'GrantedByRBAC' : 'GrantedByABAC';
    return { allowed: true, assignmentId: best.grant.assignmentId, reason };
  }
  return { allowed: false, reason: refusal(judged.map(({ truth }) => truth)) };
}

/** Whether a caller holds a control-plane action with no condition anywhere on the way (EA-43). */
export function hasUnrestricted(view: EvaluatorView, caller: Question['caller'], action: string, resource: string): boolean {
  const question: Question = { caller, plane: 'control', action, resource, attributes: {} };
  return denyFor(view, question) === undefined && matchingGrants(view, question).some((grant) => grant.conditions.length === 0);
}

/**
 * The caller's own permission blocks at a resource, one per block of each assignment, conditions of role and assignment
 * joined. Deny assignments are not folded in (EA-48 leaves it open).
 */
export function permissionBlocks(view: EvaluatorView, caller: Question['caller'], resource: string): readonly StoredBlock[] {
  return grantsOf(view, caller, resource).map(({ block, conditions }) => {
    const { actions, notActions, dataActions, notDataActions } = block;
    const [only] = conditions;
    const condition = conditions.length > 1 ? conditions.map((text) => `(${text})`).join(' AND ') : only;
    return { actions, notActions, dataActions, notDataActions, ...(condition !== undefined && { condition }) };
  });
}

/** Data-plane calls are matched against data actions alone, control-plane calls against actions alone (EA-7). */
function matchingGrants(view: EvaluatorView, question: Question): readonly Grant[] {
  if (question.caller.tenantId.toLowerCase() !== view.state.tenantId.toLowerCase()) return [];
  return grantsOf(view, question.caller, question.resource, question.plane).filter(({ block }) =>
    question.plane === 'data'
      ? coversExcept(block.dataActions, block.notDataActions, question.action)
      : coversExcept(block.actions, block.notActions, question.action),
  );
}

function withClock(view: EvaluatorView, question: Question): Question {
  return { ...question, attributes: { '@environment[utcnow]': new Date(view.now).toISOString(), ...question.attributes } };
}

/** Role and assignment may each carry a condition; both have to hold (EA-19). */
function satisfied(grant: Grant, question: Question): Truth {
  const truths = grant.conditions.map((condition) => judgeCondition(condition, question));
  return (['false', 'unreadable', 'missing'] as const).find((truth) => truths.includes(truth)) ?? 'true';
}

function refusal(truths: readonly Truth[]): string {
  if (truths.includes('missing')) return 'DeniedWithMissingAttributesInRA';
  return truths.length > 0 ? 'DeniedWithABACEvaluationInRA' : 'DeniedWithNoValidRBAC';
}
