import type { Guid } from '../base/guid.ts';
import type { Estate } from '../model/estate.ts';
import { type Reason, uniqueReasons } from '../model/reason.ts';
import type { PermissionBlock } from '../model/role.ts';
import { subscriptionScope } from '../model/scope.ts';
import type { Vault } from '../model/vault.ts';
import { type AccessFacts, accessFacts, type FactSources, unreadLists } from './access-facts.ts';
import type { AccessRequest } from './access-request.ts';
import { type Answer, stricter } from './answer.ts';
import type { ConditionContext } from './conditions/evaluate-condition.ts';
import { namedAssignment } from './named-assignment.ts';
import { nearestAssignment } from './rbac/nearest-assignment.ts';
import { reachOf } from './rbac/reach.ts';
import { weighDenies } from './rbac/weigh-denies.ts';
import { candidatesFor, type Grant, truthOf, weighGrants } from './rbac/weigh-grants.ts';
import { blockGives } from './role-rule.ts';
import { endOf, lasts } from './standing-assignment.ts';

export interface OperatorQuestion extends FactSources {
  readonly operator: Estate['operator'];
  readonly vault: Pick<Vault, 'scope' | 'name'>;
  /** ISO 8601. */
  readonly at: string;
  /** Azure's own answer to what the operator may do at the vault, where it was asked; it leaves conditions out (EA-48). */
  readonly permissions?: readonly PermissionBlock[];
}

export interface OperatorRights {
  /** To change the permission model, in either direction (EA-43). */
  readonly canFlip: Answer;
  /** To create an assignment of the role, for a principal of the type, at the vault (EA-42). */
  readonly canAssign: (roleDefinitionId: Guid, principalType: string, principalId?: Guid) => Answer;
  /** To define custom roles that can be assigned in the vault's subscription (EA-20). */
  readonly canDefineRoles: () => Answer;
  /** To remove such an assignment, as a rollback may want to. */
  readonly canDelete: (roleDefinitionId: Guid, principalType: string, principalId?: Guid) => Answer;
}

const writeVault = 'Microsoft.KeyVault/vaults/write';
const writeAssignment = 'Microsoft.Authorization/roleAssignments/write';
const defineRole = 'Microsoft.Authorization/roleDefinitions/write';
const deleteAssignment = 'Microsoft.Authorization/roleAssignments/delete';

/** What the operator may do at a vault, by its assignments and, where given, by Azure's own word; the stricter wins. */
export function operatorRights(question: OperatorQuestion): OperatorRights {
  const facts = accessFacts(question);
  const alike = answeredAlike(question, facts);
  const answers = new Map<string, Answer>();
  const askOnce = (action: string, source: AttributeSource, planned: PlannedRight): Answer => {
    const key = alike ? action : [action, ...planned].join(' ');
    const answer = answers.get(key) ?? ask(action, { attributes: assignmentAttributes(source, ...planned) });
    answers.set(key, answer);
    return answer;
  };
  const ask = (
    action: string,
    more: Pick<AccessRequest, 'attributes' | 'unrestricted'>,
    vault: OperatorQuestion['vault'] = question.vault,
  ) => {
    const byFacts = answerByFacts(action, more, { ...question, vault }, facts);
    const { permissions } = question;
    return permissions === undefined ? byFacts : stricter(byFacts, answerByAzure(action, more, permissions, facts));
  };
  return {
    canFlip: stricter(ask(writeVault, {}), ask(writeAssignment, { unrestricted: true })),
    // A role is defined where it can be assigned, so a right that begins below the subscription does not do.
    canDefineRoles: () => ask(defineRole, {}, { scope: subscriptionScope(question.vault.scope), name: '' }),
    canAssign: (...planned) => askOnce(writeAssignment, '@request', planned),
    canDelete: (...planned) => askOnce(deleteAssignment, '@resource', planned),
  };
}

type AttributeSource = '@request' | '@resource';
type PlannedRight = Parameters<OperatorRights['canAssign']>;

/** Whether the answer is the same for every assignment, since nothing that bears on it hangs on a condition: so it is mostly. */
function answeredAlike({ operator, vault, permissions = [] }: OperatorQuestion, facts: AccessFacts): boolean {
  if (facts.deniesByScope.size > 0 || permissions.some(({ condition }) => condition !== undefined)) return false;
  const asker = { principalId: operator.objectId, groups: operator.groups };
  return candidatesFor(asker, reachOf({ kind: 'vault' }, vault, facts), facts).every(
    ({ standing: { condition, assignment } }) =>
      condition === undefined && (facts.role(assignment.roleDefinitionId)?.conditions ?? []).every((one) => one === undefined),
  );
}

/** What a condition on delegation may ask of the assignment: of the request on writing, of the resource on deleting. */
function assignmentAttributes(
  source: AttributeSource,
  roleDefinitionId: Guid,
  principalType: string,
  principalId?: Guid,
): ConditionContext['attributes'] {
  const own = (name: string) => `${source}[microsoft.authorization/roleassignments:${name}]`;
  const attributes = new Map<string, readonly string[]>([
    [own('roledefinitionid'), [roleDefinitionId]],
    [own('principaltype'), [principalType]],
  ]);
  return principalId === undefined ? attributes : attributes.set(own('principalid'), [principalId]);
}

function answerByFacts(
  action: string,
  more: Pick<AccessRequest, 'attributes' | 'unrestricted'>,
  { operator, vault, at }: OperatorQuestion,
  facts: AccessFacts,
): Answer {
  const resource = { kind: 'vault' } as const;
  const request: AccessRequest = {
    principalId: operator.objectId,
    groups: operator.groups,
    plane: 'control',
    action,
    vault,
    resource,
    at,
    ...more,
  };
  const reach = reachOf(resource, vault, facts);
  const { grants, fallen } = weighGrants(request, candidatesFor(request, reach, facts), facts);
  const [denial] = weighDenies(request, reach, facts);
  const denied = denial?.by === undefined ? {} : { deniedBy: denial.by };
  const hindered = (reasons: readonly Reason[]): readonly Reason[] => [{ kind: 'rightHindered', action, reasons }];
  if (denial?.certainty === 'certain') return { state: 'no', because: hindered([denial.because]), ...denied };
  const firm = grants.filter((grant) => grant.doubts.length === 0);
  if (firm.length > 0) {
    if (denial !== undefined) return { state: 'unknown', because: hindered([denial.because]), ...denied };
    return grantedAnswer(action, firm, at, facts);
  }
  const doubts = [...unreadLists(facts, ['roleAssignments']), ...grants.flatMap((grant) => grant.doubts.map(({ because }) => because))];
  if (doubts.length > 0) return { state: 'unknown', because: hindered(uniqueReasons(doubts)) };
  const nearest = nearestAssignment(request, facts, fallen);
  return { state: 'no', because: [{ kind: 'rightNotGiven', action, ...(nearest !== undefined && { nearest }) }] };
}

/** A lasting grant beats one that ends; of several ends the last counts (EA-38). */
function grantedAnswer(action: string, grants: readonly Grant[], at: string, facts: AccessFacts): Answer {
  const lasting = grants.find(({ standing }) => lasts(standing.term, at));
  if (lasting !== undefined) {
    return { state: 'yes', because: [{ kind: 'rightHeld', action, assignment: namedAssignment(lasting.standing, facts) }] };
  }
  const ends = grants.map(({ standing }) => endOf(standing.term, at));
  const until = ends.includes(undefined)
    ? undefined
    : ends.filter((end) => end !== undefined).sort((a, b) => Date.parse(b) - Date.parse(a))[0];
  const end = until === undefined ? {} : { until };
  const because = grants.slice(0, 1).map(({ standing }): Reason => {
    return { kind: 'rightEnds', action, assignment: namedAssignment(standing, facts), ...end };
  });
  return { state: 'yes', because, ...end };
}

function answerByAzure(
  action: string,
  { attributes, unrestricted }: Pick<AccessRequest, 'attributes' | 'unrestricted'>,
  permissions: readonly PermissionBlock[],
  facts: AccessFacts,
): Answer {
  const truths = permissions
    .filter((block) => blockGives(block, 'control', action))
    .map(({ condition }) => {
      if (condition === undefined) return true;
      return unrestricted ? false : truthOf(facts.readCondition(condition), { action, attributes: attributes ?? new Map() });
    });
  if (truths.includes(true)) return { state: 'yes', because: [] };
  if (truths.includes('unknown')) return { state: 'unknown', because: [{ kind: 'rightUnderCondition', action }] };
  return { state: 'no', because: [{ kind: 'rightNotListed', action }] };
}
