import type { Catalogue } from '../model/catalogue.ts';
import type { RoleDefinition } from '../model/role.ts';
import { parseScope, type Scope, scopeReaches } from '../model/scope.ts';
import { type CandidateRole, expandDataActions } from './candidates.ts';

/**
 * Custom roles of the tenant that may be proposed for a vault: assignable there, with vault data actions under no condition, and
 * with no control-plane actions but reading, since nothing of a policy asks for more.
 */
export function tenantRoles(definitions: readonly RoleDefinition[], vault: Scope, catalogue: Catalogue): readonly CandidateRole[] {
  return definitions.flatMap((definition): readonly CandidateRole[] => {
    const { id, name, kind, permissions, assignableScopes } = definition;
    const controlPlane = [...new Set(permissions.flatMap((block) => block.actions))];
    const onlyReads = controlPlane.every((action) => /\/read$/i.test(action.trim()));
    const firm = permissions.every((block) => block.condition === undefined);
    if (kind !== 'custom' || !onlyReads || !firm || !assignableScopes.some((scope) => reaches(scope, vault))) return [];
    const dataActions = expandDataActions(permissions, catalogue);
    return dataActions.length === 0 ? [] : [{ id, name, dataActions, controlPlane, custom: true }];
  });
}

function reaches(raw: string, vault: Scope): boolean {
  const scope = parseScope(raw);
  return scope !== undefined && scopeReaches(scope, vault, []);
}
