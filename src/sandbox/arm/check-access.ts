import { guidAtEnd } from '../../base/guid.ts';
import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import { decide } from '../evaluator/decide.ts';
import { secretAttributes } from '../evaluator/secret-attributes.ts';
import type { Verdict } from '../evaluator/types.ts';
import type { Answer } from '../exchange.ts';
import type { TenantState } from '../state.ts';
import { versions } from './api-versions.ts';
import type { ArmCall, ArmRoute } from './arm-context.ts';
import { requireAction } from './authorize.ts';
import { type CheckAccessRequest, readCheckAccessRequest } from './check-access-request.ts';
import { badRequest } from './refusals.ts';
import { requireScope } from './require-scope.ts';

/** What another principal may do, decided as the vaults' data plane decides it (EA-49). Nothing is kept of the question. */
export const checkAccessRoutes: readonly ArmRoute[] = [
  {
    name: 'CheckAccess',
    method: 'POST',
    path: '{scope}/providers/Microsoft.Authorization/checkAccess',
    versions: versions.checkAccess,
    query: [],
    act: checkAccess,
  },
];

/** The one built-in role that is made for this call may read Microsoft.Authorization and do nothing else. */
const rightToAsk = 'Microsoft.Authorization/roleAssignments/read';

/** How long clients may keep a decision, in milliseconds. */
const timeToLive = 300_000;

function checkAccess(call: ArmCall): Answer {
  const { context, scope, body } = call;
  requireScope(context.state, scope);
  requireAction(call, rightToAsk, scope);
  const request = readCheckAccessRequest(scope, body);
  if (context.state.directory.get(request.objectId)?.kind === 'group')
    throw badRequest('InvalidSubject', `'${request.objectId}' is a group; the sandbox answers for users and service principals.`);
  const resource = asStored(context.state, scope);
  return { status: 200, body: request.actions.map((action) => decisionOn(call, request, action, resource)) };
}

function decisionOn(
  { context }: ArmCall,
  { objectId }: CheckAccessRequest,
  { id, isDataAction }: CheckAccessRequest['actions'][number],
  resource: string,
): JsonObject {
  const { state } = context;
  const verdict = decide(context.view(), {
    caller: { objectId, appId: objectId, tenantId: state.tenantId },
    plane: isDataAction ? 'data' : 'control',
    action: id,
    resource,
    attributes: isDataAction ? secretAttributes(id, resource) : {},
  });
  return {
    actionId: id,
    isDataAction,
    accessDecision: wordFor(verdict),
    roleAssignment: assignmentValue(state, verdict),
    denyAssignment: denyValue(verdict),
    timeToLiveInMs: timeToLive,
  };
}

function wordFor({ allowed, denyAssignmentId }: Verdict): string {
  if (allowed) return 'Allowed';
  return denyAssignmentId === undefined ? 'NotAllowed' : 'Denied';
}

/** Ids come without dashes, unlike those of lists. */
function assignmentValue(state: TenantState, { assignmentId }: Verdict): JsonObject | null {
  const stored = state.roleAssignments.get(assignmentId?.toLowerCase() ?? '');
  if (assignmentId === undefined || stored === undefined) return null;
  const properties = objectAt(stored.body, 'properties');
  return {
    id: bare(assignmentId),
    roleDefinitionId: bare(stringAt(properties, 'roleDefinitionId') ?? ''),
    principalId: bare(stringAt(properties, 'principalId') ?? ''),
    principalType: stringAt(properties, 'principalType') ?? null,
    scope: stringAt(properties, 'scope') ?? null,
    condition: stringAt(properties, 'condition') ?? null,
    conditionVersion: stringAt(properties, 'conditionVersion') ?? null,
    canDelegate: false,
  };
}

function denyValue({ denyAssignmentId }: Verdict): JsonObject | null {
  return denyAssignmentId === undefined ? null : { id: bare(denyAssignmentId) };
}

function bare(id: string): string {
  return guidAtEnd(id)?.replaceAll('-', '') ?? id;
}

/** The resource with its names as they are stored, since conditions compare them and vaults know them so. */
function asStored({ vaults }: TenantState, scope: string): string {
  const parts = scope.split('/');
  const vault = vaults.get(parts.slice(0, 9).join('/').toLowerCase());
  if (vault === undefined) return scope;
  const [id, collection, name = ''] = [stringAt(vault.body, 'id') ?? vault.key, parts[9]?.toLowerCase(), parts[10]];
  if (collection !== 'secrets' && collection !== 'keys' && collection !== 'certificates') return id;
  return `${id}/${collection}/${vault[collection].get(name.toLowerCase())?.name ?? name}`;
}
