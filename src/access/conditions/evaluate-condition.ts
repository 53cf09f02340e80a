import { actionMatches } from '../../model/data-action.ts';
import { compareValues } from './compare-values.ts';
import type { Condition, Quantifier, Truth } from './condition.ts';
import { all, not, some } from './three-valued.ts';

/**
 * What is known of a call, by attribute in lower case (`@resource[microsoft.keyvault/vaults:name]`). `anything` is an
 * attribute that is there with a value nobody can tell, as the name of any future object. `absent` tells attributes
 * that the call surely does not carry; of all others nothing is known.
 */
export interface ConditionContext {
  readonly action: string;
  readonly attributes: ReadonlyMap<string, readonly string[] | 'anything' | 'absent'>;
}

export function evaluateCondition(condition: Condition, context: ConditionContext): Truth {
  switch (condition.kind) {
    case 'and':
      return all(condition.parts.map((part) => evaluateCondition(part, context)));
    case 'or':
      return some(condition.parts.map((part) => evaluateCondition(part, context)));
    case 'not':
      return not(evaluateCondition(condition.part, context));
    case 'actionMatches':
      return condition.patterns.some((pattern) => actionMatches(pattern, context.action));
    case 'subOperationMatches':
      return 'unknown'; // Key Vault and role assignments document none
    case 'exists': {
      const value = context.attributes.get(condition.attribute);
      return value === undefined ? 'unknown' : value !== 'absent';
    }
    case 'comparison':
      return compare(condition, context);
  }
}

/** A missing attribute makes every comparison unknown, negated ones too (EA-40). */
function compare(condition: Condition & { kind: 'comparison' }, { attributes }: ConditionContext): Truth {
  const left = attributes.get(condition.attribute);
  const right = 'attribute' in condition.right ? attributes.get(condition.right.attribute) : condition.right;
  if (typeof left !== 'object' || typeof right !== 'object' || left.length === 0 || right.length === 0) return 'unknown';
  if (condition.quantifier === undefined && (left.length > 1 || right.length > 1)) return 'unknown';
  const caseOpen = /^@[a-z]+\[microsoft\.keyvault\//.test(condition.attribute);
  const [overLeft, overRight] = folds[condition.quantifier ?? 'ForAnyOfAnyValues'];
  return overLeft(left.map((value) => overRight(right.map((wanted) => compareValues(condition.operator, value, wanted, caseOpen)))));
}

type Fold = (truths: readonly Truth[]) => Truth;

const folds: Readonly<Record<Quantifier, readonly [Fold, Fold]>> = {
  ForAnyOfAnyValues: [some, some],
  ForAllOfAnyValues: [all, some],
  ForAnyOfAllValues: [some, all],
  ForAllOfAllValues: [all, all],
};
