import { stringAt } from '../../base/json.ts';
import { decide, hasUnrestricted } from '../evaluator/decide.ts';
import type { Verdict } from '../evaluator/types.ts';
import { ServiceError } from '../exchange.ts';
import type { ArmCall } from './arm-context.ts';

type Attributes = Readonly<Record<string, string>>;

/** Whether the caller may do a control-plane action at a scope, its conditions judged with the attributes of the request. */
export function mayDo(call: Pick<ArmCall, 'context' | 'caller'>, action: string, scope: string, attributes: Attributes = {}): Verdict {
  return decide(call.context.view(), { caller: call.caller, plane: 'control', action, resource: scope, attributes });
}

/**
 * @param over the scope that the refusal names, where it is not the one that is judged
 * @throws ServiceError 403 in ARM's words
 */
export function requireAction(
  call: Pick<ArmCall, 'context' | 'caller'>,
  action: string,
  scope: string,
  more: { readonly attributes?: Attributes; readonly over?: string } = {},
): void {
  const verdict = mayDo(call, action, scope, more.attributes);
  if (verdict.allowed) return;
  const condition = /ABAC|MissingAttributes/.test(verdict.reason) ? ' or an ABAC condition not fulfilled' : '';
  const denied = verdict.denyAssignmentId === undefined ? '' : ` because of the deny assignment with Id ${verdict.denyAssignmentId}`;
  const where = `over scope '${more.over ?? (scope === '' ? '/' : scope)}'`;
  const message =
    `The client '${clientName(call)}' with object id '${call.caller.objectId}' does not have authorization${condition} to perform action '${action}' ` +
    `${where}${denied} or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  throw new ServiceError(403, 'AuthorizationFailed', message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}

/**
 * Writing a custom role asks for the right on every scope where it can be assigned, beside the one it is written at.
 * @throws ServiceError 403 in ARM's words
 */
export function requireOnLinkedScopes(call: ArmCall, action: string, linked: readonly string[]): void {
  requireAction(call, action, call.scope);
  const missing = linked.filter((scope) => !mayDo(call, action, scope).allowed);
  if (missing.length === 0) return;
  const message =
    `The client '${clientName(call)}' with object id '${call.caller.objectId}' has permission to perform action '${action}' on scope '${call.scope}'; ` +
    `however, it does not have permission to perform action '${action}' on the linked scope(s) '${missing.join(',')}' or the linked scope(s) are invalid.`;
  throw new ServiceError(403, 'LinkedAuthorizationFailed', message, { headers: { 'x-ms-failure-cause': 'gateway' } });
}

/** A person is named by the sign-in name, an application by its id. */
function clientName({ context, caller }: Pick<ArmCall, 'context' | 'caller'>): string {
  const object = context.state.directory.get(caller.objectId.toLowerCase());
  return (object?.kind === 'user' ? stringAt(object.properties, 'userPrincipalName') : undefined) ?? caller.appId;
}

/**
 * Changing a vault's permission model asks for role assignment rights that carry no condition, in both directions (EA-43).
 * @throws ServiceError 403
 */
export function requireModelChange({ context, caller }: Pick<ArmCall, 'context' | 'caller'>, vaultId: string): void {
  const action = 'Microsoft.Authorization/roleAssignments/write';
  if (hasUnrestricted(context.view(), caller, action, vaultId)) return;
  const help = 'For more information on permissions required for this operation, see https://go.microsoft.com/fwlink/?linkid=2155160';
  throw new ServiceError(
    403,
    'InsufficientPermissions',
    `Caller is not allowed to change permission model. ${help}. Details: oid=${caller.objectId}; action=${action}; resource=${vaultId}; decision=NotAllowed;`,
  );
}
