import { isObject, type JsonObject, objectAt, stringAt } from './json.ts';
import { parseScope, type Scope } from './scope.ts';

/** A management lock; ReadOnly stops writes, CanNotDelete stops removing role assignments. Inherited downwards. */
export interface Lock {
  readonly id: string;
  readonly scope: Scope;
  readonly level: string;
  readonly raw: JsonObject;
}

/** An Azure Policy assignment, with the effect and the definition it names; what it would deny is judged elsewhere. */
export interface PolicyAssignment {
  readonly id: string;
  readonly scope: Scope;
  readonly displayName: string;
  readonly policyDefinitionId: string;
  readonly enforced: boolean;
  /** The `effect` parameter when the assignment sets one. */
  readonly effect?: string;
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
  const effect = stringAt(objectAt(objectAt(properties, 'parameters'), 'effect'), 'value');
  return {
    id: stringAt(raw, 'id') ?? '',
    scope,
    displayName: stringAt(properties, 'displayName') ?? '',
    policyDefinitionId: stringAt(properties, 'policyDefinitionId') ?? '',
    enforced: (stringAt(properties, 'enforcementMode') ?? 'Default') === 'Default',
    ...(effect !== undefined && { effect }),
    raw,
  };
}
