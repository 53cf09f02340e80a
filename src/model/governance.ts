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

/** Azure Policy's own definition that asks of vaults to use Azure RBAC. Left to itself it audits. */
export const vaultsShouldUseRbac = '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5' as Guid;

/**
 * Whether an enforced assignment may refuse changes, as far as it says so itself: a definition takes its effect as a
 * parameter, an initiative has one for each of its definitions. `unstated`: only the definition knows.
 */
export function refusesChanges({ effect, enforced, raw }: PolicyAssignment): 'yes' | 'no' | 'unstated' {
  if (!enforced) return 'no';
  const parameters = objectAt(objectAt(raw, 'properties'), 'parameters');
  const effects = Object.keys(parameters)
    .filter((name) => /effect/i.test(name))
    .flatMap((name) => stringAt(objectAt(parameters, name), 'value') ?? []);
  if (effects.some((one) => /^deny/i.test(one))) return 'yes';
  return effect === undefined ? 'unstated' : 'no';
}
