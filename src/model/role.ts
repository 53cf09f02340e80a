import { type Guid, guidAtEnd, parseGuid } from './guid.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from './json.ts';
import { parseScope, type Scope } from './scope.ts';

/** One block of a role or deny assignment; subtraction happens inside a block (EA-4), and so does its condition (EA-19). */
export interface PermissionBlock {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly condition?: string;
}

export interface RoleDefinition {
  readonly id: Guid;
  readonly name: string;
  readonly kind: 'builtIn' | 'custom';
  readonly permissions: readonly PermissionBlock[];
  readonly assignableScopes: readonly string[];
  readonly raw: JsonObject;
}

export interface RoleAssignment {
  /** The resource id as Azure spells it. */
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly roleDefinitionId: Guid;
  readonly principalId: Guid;
  readonly principalType: string;
  readonly condition?: string;
  /** ISO 8601, as Azure wrote it; empty when Azure did not say. */
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly raw: JsonObject;
}

export function parsePermissionBlock(raw: JsonObject): PermissionBlock {
  const condition = stringAt(raw, 'condition');
  return {
    actions: stringsAt(raw, 'actions'),
    notActions: stringsAt(raw, 'notActions'),
    dataActions: stringsAt(raw, 'dataActions'),
    notDataActions: stringsAt(raw, 'notDataActions'),
    ...(condition !== undefined && condition !== '' && { condition }),
  };
}

/** @returns undefined when the id or the permission list is not there: such a definition cannot be judged. */
export function parseRoleDefinition(raw: unknown): RoleDefinition | undefined {
  if (!isObject(raw)) return undefined;
  const properties = objectAt(raw, 'properties');
  const id = guidAtEnd(stringAt(raw, 'id') ?? '') ?? parseGuid(stringAt(raw, 'name') ?? '');
  if (id === undefined || !Array.isArray(properties.permissions)) return undefined;
  return {
    id,
    name: stringAt(properties, 'roleName') ?? '',
    kind: (stringAt(properties, 'type') ?? '').toLowerCase() === 'builtinrole' ? 'builtIn' : 'custom',
    permissions: objectsAt(properties, 'permissions').map(parsePermissionBlock),
    assignableScopes: stringsAt(properties, 'assignableScopes'),
    raw,
  };
}

/** @returns undefined when scope, principal or role cannot be read: such a row cannot be judged. */
export function parseRoleAssignment(raw: unknown): RoleAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const properties = objectAt(raw, 'properties');
  const scope = parseScope(stringAt(properties, 'scope') ?? '?');
  const roleDefinitionId = guidAtEnd(stringAt(properties, 'roleDefinitionId') ?? '');
  const principalId = parseGuid(stringAt(properties, 'principalId') ?? '');
  if (scope === undefined || roleDefinitionId === undefined || principalId === undefined) return undefined;
  const condition = stringAt(properties, 'condition');
  return {
    id: stringAt(raw, 'id') ?? '',
    name: stringAt(raw, 'name') ?? '',
    scope,
    roleDefinitionId,
    principalId,
    principalType: stringAt(properties, 'principalType') ?? '',
    ...(condition !== undefined && condition !== '' && { condition }),
    createdOn: stringAt(properties, 'createdOn') ?? '',
    updatedOn: stringAt(properties, 'updatedOn') ?? '',
    raw,
  };
}
