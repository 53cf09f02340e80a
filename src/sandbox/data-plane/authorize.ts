import { type JsonObject, objectAt, stringAt } from '../../base/json.ts';
import type { SandboxContext } from '../context.ts';
import { decide } from '../evaluator/decide.ts';
import { decideByPolicy, type PolicyVerdict } from '../evaluator/decide-by-policy.ts';
import { identitiesOf } from '../evaluator/identities.ts';
import { secretAttributes } from '../evaluator/secret-attributes.ts';
import type { Verdict } from '../evaluator/types.ts';
import { type Caller, ServiceError } from '../exchange.ts';
import type { SandboxVault } from '../state.ts';
import { backedUp } from './backup.ts';
import type { Route } from './find-operation.ts';

/** How a call was judged, for the answer's headers and the audit log. */
export type Authorization =
  | { readonly model: 'accessPolicy'; readonly allowed: true }
  | { readonly model: 'azureRbac'; readonly allowed: true; readonly assignmentId: string }
  | { readonly model: 'accessPolicy' | 'azureRbac'; readonly allowed: false; readonly refusal: ServiceError };

/**
 * Judges a call by the permission model that rules the vault now; whether the object exists is not looked at, so that a
 * refusal says nothing about it.
 */
export function authorize(context: SandboxContext, vault: SandboxVault, route: Route, caller: Caller, body: JsonObject): Authorization {
  return objectAt(vault.body, 'properties').enableRbacAuthorization === true
    ? byRoles(context, vault, route, caller, body)
    : byPolicies(context, vault, route, caller);
}

/** The resource that Azure RBAC checks a call on: never a version (EA-13, EA-14). */
export function checkedResource(vault: SandboxVault, { operation, name }: Pick<Route, 'operation' | 'name'>): string {
  const id = stringAt(vault.body, 'id') ?? vault.key;
  if (operation.checkedOn === 'vault') return id;
  const stored = vault[operation.objectType].get(name.toLowerCase())?.name ?? name;
  return `${id}/${operation.objectType}/${stored}`;
}

function byRoles(context: SandboxContext, vault: SandboxVault, route: Route, caller: Caller, body: JsonObject): Authorization {
  const action = route.operation.dataAction;
  const resource = checkedResource(vault, route);
  const attributes = secretAttributes(action, resource, route.operation.name === 'SecretRestore' ? nameInBackup(body) : undefined);
  const verdict = decide(context.view(), { caller, plane: 'data', action, resource, attributes });
  if (verdict.allowed) return { model: 'azureRbac', allowed: true, assignmentId: verdict.assignmentId ?? '' };
  const message = rbacMessage(vault, caller, action, resource, verdict);
  return { model: 'azureRbac', allowed: false, refusal: new ServiceError(403, 'Forbidden', message, { innerCode: 'ForbiddenByRbac' }) };
}

function nameInBackup(body: JsonObject): string | undefined {
  try {
    return backedUp('secrets', stringAt(body, 'value') ?? '').name;
  } catch {
    // A blob that is no backup has no name; after authorization the caller is told what is wrong with it.
    return undefined;
  }
}

function byPolicies(context: SandboxContext, vault: SandboxVault, { operation }: Route, caller: Caller): Authorization {
  const view = context.view();
  const verdicts = operation.permissions.map((permission) => decideByPolicy(vault.body, caller, view, operation.objectType, permission));
  if (verdicts.includes('allowed')) return { model: 'accessPolicy', allowed: true };
  const groups = identitiesOf(context.state.directory, caller.objectId).size - 1;
  const who = `appid=${caller.appId};oid=${caller.objectId};${groups > 0 ? `numgroups=${groups};` : ''}iss=${issuer(caller.tenantId)}`;
  const what = `${operation.objectType} ${operation.permissions[0] ?? ''}`;
  return { model: 'accessPolicy', allowed: false, refusal: policyRefusal(vault, who, what, verdicts[0] ?? 'noEntry') };
}

function policyRefusal(vault: SandboxVault, who: string, what: string, verdict: PolicyVerdict): ServiceError {
  const advice = 'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287';
  const message =
    verdict === 'needsOnBehalfOf'
      ? `The policy requires the caller '${who}' to use on-behalf-of (OBO) flow. ${advice}`
      : `The user, group or application '${who}' does not have ${what} permission on key vault '${place(vault)}'. ${advice}`;
  return new ServiceError(403, 'Forbidden', message, { innerCode: verdict === 'noEntry' ? 'AccessDenied' : 'ForbiddenByPolicy' });
}

function rbacMessage(vault: SandboxVault, caller: Caller, action: string, resource: string, verdict: Verdict): string {
  const deny = verdict.denyAssignmentId;
  return [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: appid=${caller.appId};oid=${caller.objectId};iss=${issuer(caller.tenantId)}`,
    `Action: '${action}'`,
    `Resource: '${resource.toLowerCase()}'`,
    'Assignment: (not found)',
    `DenyAssignmentId: ${deny === undefined ? 'null' : `'${deny.slice(deny.lastIndexOf('/') + 1).replaceAll('-', '')}'`}`,
    `DecisionReason: '${verdict.reason}' `,
    `Vault: ${place(vault)}`,
    '',
  ].join('\r\n');
}

export function issuer(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

function place(vault: SandboxVault): string {
  return `${stringAt(vault.body, 'name') ?? ''};location=${stringAt(vault.body, 'location') ?? ''}`;
}
