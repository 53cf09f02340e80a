import { isObject, type JsonValue, stringAt } from '../model/json.ts';
import { resolveValue } from './evaluate-expression.ts';
import type { WeightyEffect } from './policy-effect.ts';
import { aliasPath, fieldValues, type PolicyResource } from './policy-resource.ts';
import { type PolicyRuling, type PolicyWrite, rulingOf, type Weighed } from './ruling.ts';
import { type Truth, type Value, unknown } from './truth.ts';

interface Operation {
  /** `addorreplace`, `add`, or `append`, which refuses the write where it would replace something. */
  readonly kind: string;
  readonly field: Value;
  readonly value: Value;
  readonly condition: Truth;
}

/** What a rule would put in place of what is written, one ruling for each field. Tags are left aside: nothing here hangs on them. */
export function rewritesOf(weighed: Weighed, write: PolicyWrite): readonly PolicyRuling[] {
  const { definition } = weighed.clause;
  if (definition.state === 'unreadable') return [rulingOf(weighed, { does: 'rewrites', values: new Map(), certain: false })];
  const { details } = definition.value;
  return weighed.effect.effects.flatMap((effect) => {
    if (effect === 'deployifnotexists') return deployed(weighed, details);
    return operationsOf(effect, details, weighed).flatMap((operation) => rewriteOf(weighed, operation, write.resource));
  });
}

/** A template that is deployed afterwards and speaks of the permission model may put it back. */
function deployed(weighed: Weighed, details: JsonValue | undefined): readonly PolicyRuling[] {
  const speaks = /enablerbacauthorization/i.test(JSON.stringify(isObject(details) ? (details.deployment ?? null) : null));
  if (!speaks) return [];
  return [rulingOf(weighed, { does: 'rewrites', values: new Map<string, Value>([[flagAlias, unknown]]), certain: false })];
}

/** The alias of a vault's permission model, in lower case. */
export const flagAlias = 'microsoft.keyvault/vaults/enablerbacauthorization';

function operationsOf(effect: WeightyEffect, details: JsonValue | undefined, { clause }: Weighed): readonly Operation[] {
  const raw = effect === 'append' ? details : effect === 'modify' && isObject(details) ? details.operations : [];
  if (!Array.isArray(raw)) return [{ kind: 'addorreplace', field: unknown, value: unknown, condition: 'unknown' }];
  const context = { parameter: clause.parameter };
  return (raw as readonly JsonValue[]).filter(isObject).map((one): Operation => {
    const condition = one.condition === undefined ? true : resolveValue(one.condition, context);
    return {
      kind: effect === 'append' ? 'append' : (stringAt(one, 'operation')?.toLowerCase() ?? ''),
      field: resolveValue(one.field ?? null, context),
      value: resolveValue(one.value ?? null, context),
      condition: condition === true || condition === 'true' ? true : condition === false || condition === 'false' ? false : 'unknown',
    };
  });
}

function rewriteOf(weighed: Weighed, { kind, field, value, condition }: Operation, resource: PolicyResource): readonly PolicyRuling[] {
  if (condition === false || kind === 'remove' || (typeof field === 'string' && /^(tags|identity\.type)\b/i.test(field))) return [];
  if (typeof field !== 'string') return [rulingOf(weighed, { does: 'rewrites', values: new Map(), certain: false })];
  const path = aliasPath(field, resource.type);
  if (path === undefined) return [];
  const sure = condition === true && (path.length === 1 || resource.sent.has(path[0]?.name.toLowerCase() ?? ''));
  const rewrite = { does: 'rewrites', values: new Map<string, Value>([[field.toLowerCase(), value]]), certain: sure } as const;
  if (kind === 'addorreplace') return isSame(field, value, resource) ? [] : [rulingOf(weighed, rewrite)];
  if (field.endsWith('[*]')) return [rulingOf(weighed, { ...rewrite, values: new Map<string, Value>([[field.toLowerCase(), unknown]]) })];
  const present = presence(field, resource);
  if (present === false) return [rulingOf(weighed, rewrite)];
  if (isSame(field, value, resource)) return [];
  return [rulingOf(weighed, { does: 'refuses', values: new Map(), certain: sure && present === true && kind === 'append' && value !== unknown })];
}

function presence(field: string, resource: PolicyResource): Truth {
  const values = fieldValues(field, resource);
  return values === unknown || values[0] === unknown ? 'unknown' : values[0] !== undefined && values[0] !== null;
}

function isSame(field: string, value: Value, resource: PolicyResource): boolean {
  const values = fieldValues(field, resource);
  if (values === unknown || value === unknown || values[0] === unknown) return false;
  return JSON.stringify(values[0] ?? null).toLowerCase() === JSON.stringify(value ?? null).toLowerCase();
}
