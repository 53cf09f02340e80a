import type { Guid } from '../base/guid.ts';
import { isObject, type JsonObject, stringAt } from '../base/json.ts';
import { isMiscased, strictly } from '../base/strict.ts';
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

/** A lock's scope is its id without the provider's tail. @returns undefined when it does not say what it forbids. */
export function parseLock(raw: unknown): Lock | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const id = row.text('id');
  const properties = strictly(row.object('properties'));
  const level = properties.text('level');
  const scope = parseScope(id.replace(/\/providers\/microsoft\.authorization\/locks\/[^/]+\/?$/i, ''));
  return scope === undefined || !row.understood() || !properties.understood() ? undefined : { id, scope, level, raw };
}

/** @returns undefined when a member that says what it does, and where, is not understood: it may deny what looks free. */
export function parsePolicyAssignment(raw: unknown): PolicyAssignment | undefined {
  if (!isObject(raw)) return undefined;
  const row = strictly(raw);
  const members = row.object('properties');
  const properties = strictly(members);
  const scope = parseScope(properties.text('scope'));
  const [id, policyDefinitionId] = [row.text('id'), properties.text('policyDefinitionId')];
  const enforcement = enforcementOf(properties.textOrNone('enforcementMode') ?? 'Default');
  const narrowing = ['overrides', 'resourceSelectors', 'notScopes'];
  for (const name of narrowing.filter((key) => members[key] !== null && members[key] !== undefined)) properties.list(name);
  const values = members.parameters === null || members.parameters === undefined ? {} : properties.object('parameters');
  const whole = row.understood() && properties.understood() && !isMiscased(members, [...narrowing, 'parameters']);
  // Without its value a parameter would have the definition's own, which may deny less.
  if (scope === undefined || !whole || !Object.values(values).every((value) => isObject(value) && value.value !== undefined))
    return undefined;
  return { id, scope, displayName: stringAt(members, 'displayName') ?? '', policyDefinitionId, enforcement, raw };
}

function enforcementOf(mode: string): PolicyAssignment['enforcement'] {
  const lower = mode.toLowerCase();
  return lower === 'default' ? 'on' : lower === 'donotenforce' ? 'off' : 'enrolled';
}

/** Azure Policy's own definition that asks of vaults to use Azure RBAC. Left to itself it audits. */
export const vaultsShouldUseRbac = '12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5' as Guid;
