import type { PolicyClause } from './rule/policy-clauses.ts';
import type { PolicyEffect } from './rule/policy-effect.ts';
import type { PolicyResource } from './rule/policy-resource.ts';
import type { Truth, Value } from './rule/truth.ts';

/** A write that keyturn would send. */
export interface PolicyWrite {
  readonly resource: PolicyResource;
  readonly apiVersion: string;
}

/** What one rule would do to the write, surely or perhaps. */
export interface PolicyRuling {
  readonly clause: PolicyClause;
  /** `rewrites`: it changes what is written, before or after it is stored. */
  readonly does: 'refuses' | 'rewrites';
  readonly certain: boolean;
  /** What it would put where; left out where that cannot be told. `same`: it is there already. */
  readonly rewrite?: { readonly alias: string; readonly value: Value; readonly same?: true };
  /** ISO 8601: nothing of this before then, since the resource is exempt until that time. */
  readonly exemptUntil?: string;
}

/** A rule that has its effect on a write, surely or perhaps. */
export interface RuleInEffect {
  readonly clause: PolicyClause;
  readonly effect: PolicyEffect;
  readonly holds: Truth;
  readonly exemptUntil?: string;
}

export function rulingOf(
  { clause, effect, holds, exemptUntil }: RuleInEffect,
  { does, rewrite, certain = true }: Pick<PolicyRuling, 'does' | 'rewrite'> & { readonly certain?: boolean },
): PolicyRuling {
  const sure = certain && holds === true && effect.certain;
  return { clause, does, certain: sure, ...(rewrite !== undefined && { rewrite }), ...(exemptUntil !== undefined && { exemptUntil }) };
}
