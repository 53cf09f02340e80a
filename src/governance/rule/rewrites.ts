import { isObject, type JsonValue, stringAt } from '../../base/json.ts';
import { type PolicyRuling, type PolicyWrite, type RuleInEffect, rulingOf } from '../ruling.ts';
import { resolveValue } from './evaluate-expression.ts';
import type { WeightyEffect } from './policy-effect.ts';
import { aliasPath, fieldValues, type PolicyResource } from './policy-resource.ts';
import { type Truth, unknown, type Value } from './truth.ts';

interface Operation {
  /** `addorreplace`, `add`, or `append`, which refuses the write where it would replace something. */
  readonly kind: string;
  readonly field: Value;
  readonly value: Value;
  readonly condition: Truth;
}

/** What a rule would put in place of what is written, one ruling for each field. Tags are left aside: nothing here hangs on them. */
export function rewritesOf(weighed: RuleInEffect, write: PolicyWrite): readonly PolicyRuling[] {
  const { definition } = weighed.clause;
  if (definition.state === 'unreadable') {
    // One that may deny as well is told of by that.
    return weighed.effect.effects.includes('deny') ? [] : [rulingOf(weighed, { does: 'rewrites', certain: false })];
  }
  const { details } = definition.value;
  return weighed.effect.effects.flatMap((effect) => {
    if (effect === 'deployifnotexists') return deployed(weighed, details);
    return operationsOf(effect, details, weighed).flatMap((operation) => rewriteOf(weighed, operation, write.resource));
  });
}

/** A template that is deployed afterwards and speaks of the permission model may put it back. */
function deployed(weighed: RuleInEffect, details: JsonValue | undefined): readonly PolicyRuling[] {
  const speaks = /enablerbacauthorization/i.test(JSON.stringify(isObject(details) ? (details.deployment ?? null) : null));
  if (!speaks) return [];
  return [rulingOf(weighed, { does: 'rewrites', rewrite: { alias: flagAlias, value: unknown }, certain: false })];
}

/** The alias of a vault's permission model, in lower case. */
export const flagAlias = 'microsoft.keyvault/vaults/enablerbacauthorization';

function operationsOf(effect: WeightyEffect, details: JsonValue | undefined, { clause }: RuleInEffect): readonly Operation[] {
  if (details === undefined) return [];
  const raw = effect === 'append' ? details : effect === 'modify' && isObject(details) ? details.operations : [];
  if (!Array.isArray(raw)) return [{ kind: 'addorreplace', field: unknown, value: unknown, condition: 'unknown' }];
  const context = { parameter: clause.parameter };
  return (raw as readonly JsonValue[]).filter(isObject).map((one): Operation => {
    const condition = one.condition === undefined ? true : resolveValue(one.condition, context);
    return {
      kind: effect === 'append' ? 'append' : (stringAt(one, 'operation')?.toLowerCase() ?? ''),
      field: fieldNamed(one.field, context.parameter),
      value: resolveValue(one.value ?? null, context),
      condition: condition === true || condition === 'true' ? true : condition === false || condition === 'false' ? false : 'unknown',
    };
  });
}

/** The name of a tag may be an expression that cannot be worked out; that it is a tag shows all the same. */
function fieldNamed(raw: JsonValue | undefined, parameter: RuleInEffect['clause']['parameter']): Value {
  const field = resolveValue(raw ?? null, { parameter });
  return field === unknown && typeof raw === 'string' && /'tags[[.]/i.test(raw) ? 'tags' : field;
}

function rewriteOf(weighed: RuleInEffect, { kind, field, value, condition }: Operation, resource: PolicyResource): readonly PolicyRuling[] {
  if (condition === false || kind === 'remove' || isTag(field)) return [];
  if (typeof field !== 'string') return [rulingOf(weighed, { does: 'rewrites', certain: false })];
  const path = aliasPath(field, resource.type);
  const [first] = path ?? [];
  if (path === undefined || first === undefined) return [];
  // A place below one that the write does not send is taken to be left out on purpose.
  const sure = condition === true && (path.length === 1 || resource.sent.has(first.name.toLowerCase()));
  const member = field.endsWith('[*]');
  const same = isSame(field, value, resource);
  const rewrite: NonNullable<PolicyRuling['rewrite']> = { alias: field, value: member ? unknown : value, ...(same && { same }) };
  const present = member || kind === 'addorreplace' ? false : presence(field, resource);
  if (present === false || same) return [rulingOf(weighed, { does: 'rewrites', rewrite, certain: sure })];
  return [rulingOf(weighed, { does: 'refuses', certain: sure && present === true && kind === 'append' && value !== unknown })];
}

function isTag(field: Value): boolean {
  return typeof field === 'string' && /^(tags\b|identity\.type$)/i.test(field);
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
