import type { Guid } from './guid.ts';
import { isObject, type JsonObject, objectAt, stringAt } from './json.ts';
import { parseScope, type Scope } from './scope.ts';

/** A management lock; ReadOnly stops writes, CanNotDelete stops removing role assignments. Inherited downwards. */
export interface Lock {
  readonly id: string;
  readonly scope: Scope;
  readonly level: string;
  readonly raw: JsonObject;
}

/** An Azure Policy assignment, with the definition or initiative that it names; what it would deny is judged elsewhere. */
export interface PolicyAssignment {
  readonly id: string;
  readonly scope: Scope;
  readonly displayName: string;
  readonly policyDefinitionId: string;
  /** `off`: the mode DoNotEnforce. `enrolled`: only where an enrollment says so, or a mode that nobody knows. */
  readonly enforcement: 'on' | 'off' | 'enrolled';
  readonly raw: JsonObject;
}

/** A lock's scope is its id without the provider's tail. */
export function parseLock(raw: unknown): Lock | undefined {
  if (!isObject(raw)) return undefined;
  const id = stringAt(raw, 'id') ?? '';
  const scope = parseScope(id.replace(/\/providers\/microsoft\.authorization\/locks\/[^/]+\/?$/i, ''));
  if (scope === undefined) return undefined;
  return { id, scope, level: stringAt(objectAt(raw, 'properties'), 'level') ?? '', raw };
}

export function parsePolicyAssignment(raw: unknown): PolicyAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const properties = objectAt(raw, 'properties');
  const scope = parseScope(stringAt(properties, 'scope') ?? '?');
  if (scope === undefined) return undefined;
  return {
    id: stringAt(raw, 'id') ?? '',
    scope,
    displayName: stringAt(properties, 'displayName') ?? '',
    policyDefinitionId: stringAt(properties, 'policyDefinitionId') ?? '',
    enforcement: enforcementOf(stringAt(properties, 'enforcementMode') ?? 'Default'),
    raw,
  };
}

function enforcementOf(mode: string): PolicyAssignment['enforcement'] {
  const lower = mode.toLowerCase();
  return lower === 'default' ? 'on' : lower === 'donotenforce' ? 'off' : 'enrolled';
}

/** Azure Policy's own definition that asks of vaults to use Azure RBAC. Left to itself it audits. */
export const vaultsShouldUseRbac = '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5' as Guid;
