import type { JsonObject } from '../base/json.ts';
import { unreadable } from '../base/reading.ts';
import type { SubscriptionFacts } from '../model/estate.ts';
import { type PolicyClause, policyClauses } from './rule/policy-clauses.ts';
import { effectOf, isMeantVersion, type WeightyEffect } from './rule/policy-effect.ts';
import { clauseReaches, exemptFrom } from './rule/policy-reach.ts';
import type { PolicyResource } from './rule/policy-resource.ts';
import { ruleHolds } from './rule/policy-rule.ts';
import { rewritesOf } from './rule/rewrites.ts';
import { all, type Truth, unknown, type Value } from './rule/truth.ts';
import { type PolicyRuling, type PolicyWrite, type RuleInEffect, rulingOf } from './ruling.ts';

/**
 * What Azure Policy would do to a write. As Azure does it: first what modifies or appends, then what denies sees the result.
 * Rules that cannot be worked out are rulings that are not certain; rules that do not concern the write are none.
 */
export function judgeWrite(write: PolicyWrite, subscription: SubscriptionFacts): readonly PolicyRuling[] {
  const clauses = policyClauses(subscription);
  const rewriting = doubted(
    clauses.flatMap((clause) => {
      const weighed = weigh(clause, write, subscription, ['modify', 'append', 'deployifnotexists']);
      return weighed === undefined ? [] : rewritesOf(weighed, write);
    }),
  ).filter((ruling) => ruling.rewrite?.same !== true);
  const changed = { ...write, resource: { ...write.resource, rewritten: unitedRewrites(rewriting) } };
  const denying = clauses.flatMap((clause): readonly PolicyRuling[] => {
    const weighed = weigh(clause, changed, subscription, ['deny']);
    return weighed === undefined ? [] : [rulingOf(weighed, { does: 'refuses' })];
  });
  return [...rewriting, ...denying];
}

/** Whether any policy is assigned that might say something of a write. */
export function hasPolicies(subscription: SubscriptionFacts): boolean {
  return policyClauses(subscription).length > 0;
}

/** Rules with effect denyAction that refuse the removal of a resource. */
export function judgeRemoval(removal: PolicyWrite, subscription: SubscriptionFacts): readonly PolicyRuling[] {
  return policyClauses(subscription).flatMap((clause): readonly PolicyRuling[] => {
    const weighed = weigh(clause, removal, subscription, ['denyaction']);
    return weighed === undefined ? [] : [rulingOf(weighed, { does: 'refuses' })];
  });
}

/** @returns undefined where the rule has none of these effects on the write for sure. */
function weigh(
  clause: PolicyClause,
  write: PolicyWrite,
  { managementGroups, policies }: SubscriptionFacts,
  effects: readonly WeightyEffect[],
): RuleInEffect | undefined {
  const { resource } = write;
  const reached = clauseReaches(clause, resource, managementGroups);
  if (reached === false) return undefined;
  const effect = effectOf(clause, resource);
  if (!effect.effects.some((one) => effects.includes(one))) return undefined;
  const ruled = ruleTruth(clause, write);
  if (ruled === false) return undefined;
  const exemptions = policies?.exemptions ?? unreadable('they were not read');
  const exempt = exemptFrom(clause, resource, exemptions, { at: policies?.readAt ?? '', managementGroups });
  if (exempt.truth === true && exempt.until === undefined) return undefined;
  const holds = all([reached, ruled, exempt.truth === 'unknown' ? 'unknown' : true]);
  return { clause, effect, holds, ...(exempt.until !== undefined && { exemptUntil: exempt.until }) };
}

/** Whether the rule's `if` holds. Definitions for the data plane of one provider do not see writes of resources. */
function ruleTruth(clause: PolicyClause, { resource, apiVersion }: PolicyWrite): Truth {
  const { definition, parameter } = clause;
  if (definition.state === 'unreadable') return 'unknown';
  if (!concerns(clause, resource)) return false;
  if (!isMeantVersion(clause)) return 'unknown';
  return ruleHolds(definition.value.if, { resource, parameter, surroundings: surroundingsOf(resource, apiVersion) });
}

const concerned = new WeakMap<PolicyClause, Map<string, boolean>>();

/** Whether the rule may hold for the type at all: most rules are about other types, and are not looked at for every vault. */
function concerns(clause: PolicyClause, resource: PolicyResource): boolean {
  const known = concerned.get(clause) ?? new Map<string, boolean>();
  concerned.set(clause, known);
  const found = known.get(resource.type) ?? mayHold(clause, resource);
  known.set(resource.type, found);
  return found;
}

function mayHold({ definition, parameter }: PolicyClause, resource: PolicyResource): boolean {
  if (definition.state === 'unreadable') return true;
  const mode = definition.value.mode.toLowerCase();
  if (mode !== 'all' && !(mode === 'indexed' && resource.indexed)) return false;
  const blank = { ...resource, properties: {}, knownProperties: new Set<string>(), onlyType: true } as const;
  return ruleHolds(definition.value.if, { resource: blank, parameter, surroundings: {} }) !== false;
}

function surroundingsOf({ id }: PolicyResource, apiVersion: string): Readonly<Record<string, JsonObject>> {
  const [, , subscriptionId = '', , group] = id.split('/');
  const subscription = { subscriptionId, id: `/subscriptions/${subscriptionId}` };
  return {
    requestcontext: { apiVersion },
    subscription,
    ...(group !== undefined && { resourcegroup: { name: group, id: `${subscription.id}/resourceGroups/${group}` } }),
  };
}

/** Where two want different values for one place, Azure refuses the write, or takes one of them, or neither. */
function doubted(rulings: readonly PolicyRuling[]): readonly PolicyRuling[] {
  const wanted = new Map<string, Set<string>>();
  const key = ({ rewrite }: PolicyRuling) => rewrite?.alias.toLowerCase() ?? '';
  for (const one of rulings) {
    if (one.rewrite === undefined) continue;
    const value = one.rewrite.value === unknown ? '?' : JSON.stringify(one.rewrite.value ?? null).toLowerCase();
    wanted.set(key(one), (wanted.get(key(one)) ?? new Set()).add(value));
  }
  return rulings.flatMap((one): readonly PolicyRuling[] => {
    if ((wanted.get(key(one))?.size ?? 0) < 2) return [one];
    const { clause, exemptUntil } = one;
    const refusal = { clause, does: 'refuses', certain: false, ...(exemptUntil !== undefined && { exemptUntil }) } as const;
    return [{ ...one, certain: false }, refusal];
  });
}

/** What stands in place of what the write sends; unknown where that is not certain. */
function unitedRewrites(rulings: readonly PolicyRuling[]): ReadonlyMap<string, Value> {
  const united = new Map<string, Value>();
  for (const { rewrite, certain, exemptUntil } of rulings) {
    if (rewrite === undefined || exemptUntil !== undefined) continue;
    united.set(rewrite.alias.toLowerCase(), certain ? rewrite.value : unknown);
  }
  return united;
}
