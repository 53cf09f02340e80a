import { requiredDataActions } from '../access/required-data-actions.ts';
import { type LimitRequest, limitByName, limitByScope, type ObjectShare, objectShares, objectWords } from '../mapping/limit-to-objects.ts';
import { conditionLimit } from '../mapping/name-condition.ts';
import type { RoleChoice } from '../mapping/role-choice.ts';
import { KnownError } from '../model/known-error.ts';
import { choiceValue } from './choice-value.ts';
import { keptOnly } from './kept-permissions.ts';
import { namedObject } from './named-object.ts';
import { remarksOnObjects } from './object-remarks.ts';
import type { EntryPlan } from './plan.ts';
import type { Carried, Settled } from './settled.ts';

type Share = NonNullable<EntryPlan['objects']>[number];

/**
 * Access to named objects alone, by assignments on them or by a condition on the names of secrets; what the decision keeps
 * stays for the whole vault. Never a default: objects made later, and lists unless kept, are given up with it (EA-14, EA-15).
 * @throws KnownError DECISION_WRONG (usage).
 */
export function settleOnObjects(carried: Carried): Settled | undefined {
  const { policy, wanted, required, decision, context, subject } = carried;
  const { catalogue, held, candidates } = context;
  const kept = keptOnly(policy, decision.keep ?? [], catalogue);
  const everywhere = requiredDataActions(kept, catalogue).required;
  const objects = (decision.objects ?? []).map(namedObject);
  const request: LimitRequest = { required: wanted, everywhere, objects, held, candidates, catalogue };
  assertAllMatter(request, policy.objectId);
  const limited = decision.choice === 'objectScope' ? byScope(request) : byName(request);
  if (limited === undefined) return undefined;
  const { wide, ...shares } = limited;
  const assigned = wide.roles.length + (shares.conditioned?.roles.length ?? 0) + shares.objects.flatMap(({ roles }) => roles).length;
  return {
    part: {
      outcome: assigned === 0 ? 'alreadyCovered' : 'reproduce',
      dropped: required.filter((name) => !everywhere.includes(name)),
      choice: choiceValue(wide),
      ...shares,
    },
    remarks: remarksOnObjects(decision.choice, { policy, everywhere, shares: objectShares(request), catalogue, subject }),
  };
}

interface Limited {
  readonly wide: RoleChoice;
  readonly objects: Share[];
  readonly conditioned?: NonNullable<EntryPlan['conditioned']>;
}

/** @returns undefined when some of it is given by no role. */
function byScope(request: LimitRequest): Limited | undefined {
  const { wide, shares } = limitByScope(request);
  if ([wide, ...shares.map(({ choice }) => choice)].some(({ uncovered }) => uncovered.length > 0)) return undefined;
  return { wide, objects: shares.map((share) => shareValue(share, choiceValue(share.choice))) };
}

function byName(request: LimitRequest): Limited | undefined {
  const limit = limitByName(request);
  if (limit === undefined) throw wrong('a condition on names can limit secrets alone', 'use `objectScope` for keys and certificates');
  const { wide, conditioned, condition, shares } = limit;
  if ([wide, conditioned].some(({ uncovered }) => uncovered.length > 0)) return undefined;
  const bytes = Buffer.byteLength(condition ?? '');
  if (bytes > conditionLimit) {
    throw wrong(`its condition takes ${bytes} bytes, and Azure takes ${conditionLimit}`, 'name fewer secrets, or use `objectScope`');
  }
  const objects = shares.map((share) => shareValue(share, { roles: [], excess: [] }));
  if (condition === undefined) return { wide, objects };
  const { roles, excess } = choiceValue(conditioned);
  return { wide, objects, conditioned: { condition, roles, excess } };
}

function shareValue({ object, dataActions }: ObjectShare, { roles, excess }: Pick<Share, 'roles' | 'excess'>): Share {
  return { object: objectWords(object), dataActions: [...dataActions], roles, excess };
}

/** A name in vain may be a slip of the pen, and whoever wrote it meant some access to stay. */
function assertAllMatter(request: LimitRequest, objectId: string): void {
  const idle = request.objects.find((object) => objectShares({ ...request, objects: [object] }).length === 0);
  if (idle === undefined) return;
  const what = `it names \`${objectWords(idle)}\`, on which the access policy of \`${objectId}\` gives nothing beside what is kept for the whole vault`;
  throw wrong(what, 'correct `objects` in the decisions file');
}

function wrong(what: string, remedy: string): KnownError {
  return new KnownError('usage', 'DECISION_WRONG', `a decision cannot be carried out: ${what}`, remedy);
}
