import { isObject, type JsonValue, objectAt, stringAt } from '../../base/json.ts';
import type { PolicyDefinition } from '../../model/policy-definition.ts';
import { plain } from './compare.ts';
import { resolveValue } from './evaluate-expression.ts';
import type { PolicyClause } from './policy-clauses.ts';
import type { PolicyResource } from './policy-resource.ts';
import { selectorsHold } from './selectors.ts';

/** Effects that refuse a write, or change what it writes. All others look on, or act beside the resource. */
const weighty = ['deny', 'modify', 'append', 'deployifnotexists', 'denyaction'] as const;
export type WeightyEffect = (typeof weighty)[number];

export interface PolicyEffect {
  /** Which effects that weigh it may have; empty when it has none for sure. */
  readonly effects: readonly WeightyEffect[];
  /** Whether it has the one that is named. */
  readonly certain: boolean;
}

/** The effect of a rule on a resource: what the assignment overrides, else what the definition says. */
export function effectOf(clause: PolicyClause, resource: PolicyResource): PolicyEffect {
  const { sure, possible } = overrides(clause, resource);
  const own = sure.length > 0 ? [] : ownEffects(clause);
  const all = [...new Set([...sure, ...possible, ...own])];
  return { effects: weighty.filter((effect) => all.includes(effect)), certain: all.length === 1 };
}

/** Everything, where the definition cannot be read: what it does is as good as not known. */
function ownEffects({ definition, parameter }: PolicyClause): readonly string[] {
  if (definition.state === 'unreadable') return weighty;
  const effect = resolveValue(definition.value.effect, { parameter });
  return typeof effect === 'string' ? [effect.toLowerCase()] : allowedEffects(definition.value);
}

function allowedEffects({ effect, parameters }: PolicyDefinition): readonly string[] {
  const name = /^\[\s*parameters\('([^']+)'\)\s*\]$/i.exec(effect)?.[1];
  const allowed = name === undefined ? undefined : parameters.get(name.toLowerCase())?.allowedValues;
  return allowed === undefined ? weighty : allowed.flatMap((value) => plain(value) ?? []);
}

/** Azure takes overrides in their order and does not say which of two wins: then it is either. */
function overrides({ assignment, referenceId }: PolicyClause, resource: PolicyResource) {
  const raw = objectAt(assignment.raw, 'properties').overrides;
  if (raw === undefined || raw === null) return { sure: [], possible: [] };
  if (!Array.isArray(raw)) return { sure: [], possible: weighty };
  const sure: string[] = [];
  const possible: string[] = [];
  for (const override of raw as readonly JsonValue[]) {
    if (!isObject(override) || stringAt(override, 'kind')?.toLowerCase() === 'policyversion') continue;
    const value = stringAt(override, 'value')?.toLowerCase();
    const holds = selectorsHold(override.selectors, { resource, ...(referenceId !== undefined && { referenceId }) });
    if (holds === false) continue;
    if (holds === true && value !== undefined) sure.push(value);
    else possible.push(...(value === undefined ? weighty : [value]));
  }
  return { sure, possible };
}

/** Whether the definition that was read is the version that the assignment means; an override may ask for another. */
export function isMeantVersion({ assignment, definition, version }: PolicyClause): boolean {
  const raw = objectAt(assignment.raw, 'properties').overrides;
  const others = Array.isArray(raw) ? (raw as readonly JsonValue[]) : [];
  if (others.some((one) => isObject(one) && stringAt(one, 'kind')?.toLowerCase() === 'policyversion')) return false;
  const read = definition.state === 'read' ? definition.value.version : undefined;
  if (version === undefined || read === undefined) return true;
  const parts = read.split('.');
  return version.split('.').every((part, at) => part === '*' || part === (parts[at] ?? '').replace(/-.*$/, ''));
}
