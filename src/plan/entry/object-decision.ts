import { requiredDataActions } from '../../access/required-data-actions.ts';
import { KnownError } from '../../base/known-error.ts';
import type { EntryPlan } from '../../formats/plan.ts';
import { remarksOnChoice } from '../../mapping/choice-remarks.ts';
import {
  type LimitRequest,
  limitByName,
  limitByScope,
  type ObjectShare,
  objectShares,
  objectWords,
} from '../../mapping/limit-to-objects.ts';
import { conditionLimit } from '../../mapping/name-condition.ts';
import type { RoleChoice } from '../../mapping/role-choice.ts';
import { remarksOnService } from '../../mapping/service-remarks.ts';
import type { Catalogue } from '../../model/catalogue.ts';
import { keptOnly } from '../kept-permissions.ts';
import { namedObject } from '../named-object.ts';
import { objectsLack, unreadObjects } from '../objects-there.ts';
import { choiceValue } from './choice-value.ts';
import { type NarrowRole, remarksOnNarrowRoles } from './narrow-role-remarks.ts';
import { remarksOnObjects } from './object-remarks.ts';
import type { CarriedEntry, SettledEntry } from './settled.ts';

type Share = NonNullable<EntryPlan['objects']>[number];

/**
 * Access to named objects alone, by assignments on them or by a condition on the names of secrets; what the decision keeps
 * stays for the whole vault. Never a default: objects made later, and lists unless kept, are given up with it (EA-14, EA-15).
 * @throws KnownError DECISION_WRONG (usage).
 */
export function settleOnObjects(carried: CarriedEntry): SettledEntry | undefined {
  const { entry, asked, decision, context } = carried;
  const { catalogue, held, candidates } = context;
  const { policy, principal, required: wanted } = asked;
  const kept = keptOnly(policy, decision.keep ?? [], catalogue);
  const everywhere = requiredDataActions(kept, catalogue).required;
  const objects = (decision.objects ?? []).map(namedObject);
  const request: LimitRequest = { required: wanted, everywhere, objects, held, candidates, catalogue };
  assertAllMatter(request, policy.objectId);
  const lack =
    context.objects?.state === 'read' ? objectsLack(objects, decision.choice === 'nameCondition', context.objects.value) : undefined;
  if (lack !== undefined) throw wrong(lack, 'correct `objects` in the decisions file');
  const limited = decision.choice === 'objectScope' ? byScope(request) : byName(request);
  if (limited === undefined) return undefined;
  if ('missing' in limited) return leftOpen(limited.missing);
  const { wide, wideHeld, narrow, ...shares } = limited;
  const roles = [wide, ...narrow].flatMap((choice) => choice.roles);
  return {
    part: {
      outcome: roles.length === 0 ? 'alreadyCovered' : 'reproduce',
      dropped: entry.required.filter((name) => !everywhere.includes(name)),
      choice: choiceValue(wide),
      ...shares,
    },
    remarks: [
      ...unreadObjects(context.objects),
      ...remarksOnObjects(decision.choice, { policy, everywhere, shares: objectShares(request), catalogue }),
      ...remarksOnChoice(wide, { policy: kept, required: everywhere, held: wideHeld, candidates, catalogue }),
      ...remarksOnNarrowRoles(narrow, candidates),
      ...remarksOnService(principal, { roles, uncovered: [] }, catalogue),
    ],
  };
}

interface LimitedAccess {
  readonly wide: RoleChoice;
  /** What counted as held when `wide` was chosen. */
  readonly wideHeld: readonly string[];
  /** What stands on objects or under the condition. */
  readonly narrow: readonly NarrowRole[];
  readonly objects: Share[];
  readonly conditioned?: NonNullable<EntryPlan['conditioned']>;
}

/** @returns undefined when some of it is given by no role. */
function byScope(request: LimitRequest): LimitedAccess | undefined {
  const { wide, shares } = limitByScope(request);
  if ([wide, ...shares.map(({ choice }) => choice)].some(({ uncovered }) => uncovered.length > 0)) return undefined;
  const narrow = shares.map((share) => ({ ...share.choice, excess: reachable(share, request.catalogue) }));
  const objects = shares.map((share, at) => shareValue(share, { ...choiceValue(share.choice), excess: [...(narrow[at]?.excess ?? [])] }));
  return { wide, wideHeld: request.held, narrow, objects };
}

/** Whatever else the role gives, an assignment on an object reaches that object alone (EA-15). */
function reachable({ object, choice }: ObjectShare & { readonly choice: RoleChoice }, { dataActions }: Catalogue): RoleChoice['excess'] {
  const there = dataActions.filter(({ collection, checkedAt }) => collection === object.collection && checkedAt.includes('object'));
  return choice.excess.filter(({ dataAction }) => there.some(({ name }) => name === dataAction));
}

function byName(request: LimitRequest): LimitedAccess | { readonly missing: readonly string[] } | undefined {
  const limit = limitByName(request);
  if (limit === undefined) throw wrong('a condition on names can limit secrets alone', 'use `objectScope` for keys and certificates');
  const { wide, wideHeld, conditioned, condition, shares } = limit;
  if (wide.uncovered.length > 0) return undefined;
  if (conditioned.uncovered.length > 0) return { missing: conditioned.uncovered };
  const bytes = Buffer.byteLength(condition ?? '');
  if (bytes > conditionLimit) {
    throw wrong(`its condition takes ${bytes} bytes, and Azure takes ${conditionLimit}`, 'name fewer secrets, or use `objectScope`');
  }
  const objects = shares.map((share) => shareValue(share, { roles: [], excess: [] }));
  if (condition === undefined) return { wide, wideHeld, narrow: [], objects };
  const { roles, excess } = choiceValue(conditioned);
  return { wide, wideHeld, narrow: [conditioned], objects, conditioned: { condition, roles, excess } };
}

/** A wider role could cover it, but not as the person decided. */
function leftOpen(missing: readonly string[]): SettledEntry {
  return {
    part: { outcome: 'undecided', dropped: [] },
    remarks: [['blocker', 'MAP-UNCOVERED', { dataActions: missing, underCondition: true }]],
  };
}

function shareValue({ object, dataActions }: ObjectShare, { roles, excess }: Pick<Share, 'roles' | 'excess'>): Share {
  return { object: objectWords(object), dataActions: [...dataActions], roles, excess };
}

/** A name in vain may be a slip of the pen, and whoever wrote it meant some access to stay. */
function assertAllMatter(request: LimitRequest, objectId: string): void {
  const idle = request.objects.find((object) => objectShares({ ...request, objects: [object] }).length === 0);
  if (idle === undefined) return;
  const what = `it names \`${objectWords(idle)}\`, on which the access policy of \`${objectId}\` gives nothing in addition to what is kept for the whole vault`;
  throw wrong(what, 'correct `objects` in the decisions file');
}

function wrong(what: string, remedy: string): KnownError {
  return new KnownError('usage', 'DECISION_WRONG', `a decision cannot be carried out: ${what}`, remedy);
}
