import { type Guid, parseGuid } from './guid.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from './json.ts';
import { type PermissionBlock, parsePermissionBlock } from './role.ts';
import { parseScope, type Scope } from './scope.ts';

/** A deny assignment (EA-22..27): blocks even where a role grants. */
export interface DenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly permissions: readonly PermissionBlock[];
  readonly principals: readonly Guid[];
  readonly excludePrincipals: readonly Guid[];
  readonly doNotApplyToChildScopes: boolean;
  readonly condition?: string;
  readonly raw: JsonObject;
}

/** @returns undefined when the scope cannot be read. */
export function parseDenyAssignment(raw: unknown): DenyAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const properties = objectAt(raw, 'properties');
  const scope = parseScope(stringAt(properties, 'scope') ?? '?');
  if (scope === undefined) return undefined;
  const ids = (key: string): readonly Guid[] =>
    objectsAt(properties, key).flatMap((principal) => parseGuid(stringAt(principal, 'id') ?? '') ?? []);
  const condition = stringAt(properties, 'condition');
  return {
    id: stringAt(raw, 'id') ?? '',
    name: stringAt(properties, 'denyAssignmentName') ?? '',
    scope,
    permissions: objectsAt(properties, 'permissions').map(parsePermissionBlock),
    principals: ids('principals'),
    excludePrincipals: ids('excludePrincipals'),
    doNotApplyToChildScopes: properties.doNotApplyToChildScopes === true,
    ...(condition !== undefined && condition !== '' && { condition }),
    raw,
  };
}
