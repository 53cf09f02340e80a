import { type Guid, guidAtEnd, parseGuid } from '../base/guid.ts';
import { isObject, type JsonObject, stringAt } from '../base/json.ts';
import { type StrictObject, strictly } from '../base/strict.ts';
import { parseWrittenScope, type Scope } from './scope.ts';

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

/**
 * The condition of a row: left out or null where there is none, as Azure writes it, and then there is no version of one either.
 * Anything else that is not text is not understood, and never "without a condition".
 */
export function conditionIn(row: StrictObject): { readonly state: 'understood'; readonly condition?: string } | { readonly state: 'odd' } {
  const [condition, version] = [row.textOrNone('condition'), row.textOrNone('conditionVersion')];
  if (condition === undefined) return version === undefined ? { state: 'understood' } : { state: 'odd' };
  return { state: 'understood', condition };
}

/** @returns undefined when a list is missing or is not a list of texts: without its subtractions a block would give more (EA-4). */
export function parsePermissionBlock(raw: JsonObject): PermissionBlock | undefined {
  const row = strictly(raw);
  const lists = {
    actions: row.texts('actions'),
    notActions: row.texts('notActions'),
    dataActions: row.texts('dataActions'),
    notDataActions: row.texts('notDataActions'),
  };
  const { state, ...condition } = conditionIn(row);
  return state === 'understood' && row.understood() ? { ...lists, ...condition } : undefined;
}

/** All of the blocks, or none where one is not understood. */
export function parsePermissionBlocks(raw: readonly JsonObject[]): readonly PermissionBlock[] | undefined {
  const blocks = raw.flatMap((block) => parsePermissionBlock(block) ?? []);
  return blocks.length === raw.length ? blocks : undefined;
}

/** @returns undefined when the id or a permission block is not understood: such a definition cannot be judged. */
export function parseRoleDefinition(raw: unknown): RoleDefinition | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const members = row.object('properties');
  const properties = strictly(members);
  const id = guidAtEnd(row.textOrNone('id') ?? '') ?? parseGuid(row.textOrNone('name') ?? '');
  const permissions = parsePermissionBlocks(properties.objects('permissions'));
  const [name, type] = [stringAt(members, 'roleName') ?? '', properties.text('type')];
  const assignableScopes = properties.texts('assignableScopes');
  if (id === undefined || permissions === undefined || !row.understood() || !properties.understood()) return undefined;
  // Whatever is not said to be a tenant's own is Azure's, whose blocks may hide conditions (EA-19).
  return { id, name, kind: type.toLowerCase() === 'customrole' ? 'custom' : 'builtIn', permissions, assignableScopes, raw };
}

/** @returns undefined when a member that the judgement reads is not understood: such a row cannot be judged. */
export function parseRoleAssignment(raw: unknown): RoleAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const properties = strictly(row.object('properties'));
  const scope = parseWrittenScope(properties.text('scope'));
  const roleDefinitionId = guidAtEnd(properties.text('roleDefinitionId'));
  const principalId = parseGuid(properties.text('principalId'));
  const [createdOn, updatedOn] = [properties.textOrNone('createdOn'), properties.textOrNone('updatedOn')];
  const { state, ...condition } = conditionIn(properties);
  const [id, principalType] = [row.text('id'), properties.textOrNone('principalType') ?? ''];
  if (scope === undefined || roleDefinitionId === undefined || principalId === undefined || state === 'odd') return undefined;
  // Azure writes both times or neither: one alone would make an assignment look older than it is.
  if ((createdOn === undefined) !== (updatedOn === undefined) || !row.understood() || !properties.understood()) return undefined;
  return {
    ...{ id, name: stringAt(raw, 'name') ?? '', scope, roleDefinitionId, principalId, principalType },
    ...condition,
    createdOn: createdOn ?? '',
    updatedOn: updatedOn ?? '',
    raw,
  };
}
