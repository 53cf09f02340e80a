import { isObject, type JsonValue } from '../../base/json.ts';
import { parseScope } from '../../model/scope.ts';

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const customRole = new RegExp(`^(/+subscriptions/+${guid})/+providers/+microsoft\\.authorization/+roledefinitions/+${guid}/*$`, 'i');
const dataAction = /^microsoft\.keyvault\/vaults(\/[a-z]+)+$/i;

/**
 * True for the two writes to role definitions that keyturn needs: a custom role of one subscription that gives single vault
 * data actions, assignable in that subscription alone, and its removal. No other body may go, so that no bug here can give
 * anybody a right to manage, a wildcard, or access to anything but vaults.
 */
export function isCustomRoleWrite(method: string, path: string, body: JsonValue | undefined): boolean {
  const scope = customRole.exec(path)?.[1];
  if (scope === undefined) return false;
  return method === 'DELETE' ? body === undefined : method === 'PUT' && isDataRole(body, scope);
}

function isDataRole(body: JsonValue | undefined, scope: string): boolean {
  if (!isObject(body) || Object.keys(body).join() !== 'properties' || !isObject(body.properties)) return false;
  const { roleName, description, type, permissions, assignableScopes, ...others } = body.properties;
  return (
    Object.keys(others).length === 0 &&
    typeof roleName === 'string' &&
    typeof description === 'string' &&
    type === 'CustomRole' &&
    isListOfOne(permissions, isDataBlock) &&
    isListOfOne(assignableScopes, (at) => typeof at === 'string' && parseScope(at) === parseScope(scope))
  );
}

function isDataBlock(block: JsonValue): boolean {
  if (!isObject(block)) return false;
  const { actions, notActions, dataActions, notDataActions, ...others } = block;
  return (
    Object.keys(others).length === 0 &&
    [actions, notActions, notDataActions].every((list) => Array.isArray(list) && list.length === 0) &&
    Array.isArray(dataActions) &&
    dataActions.length > 0 &&
    dataActions.every((action) => typeof action === 'string' && dataAction.test(action))
  );
}

function isListOfOne(value: JsonValue | undefined, holds: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.length === 1 && value.every((item: JsonValue) => holds(item));
}
