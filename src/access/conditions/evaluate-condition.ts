import { actionMatches } from '../../model/data-action.ts';
import type { Condition, Quantifier, Truth } from '../condition.ts';
import { compareValues } from './compare-values.ts';
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

/**
 * How far Microsoft's pages are followed where they are not of one mind. `open`: not at all. `letterCase`: plain text operators compare
 * with case (EA-41). `refusals`: and an attribute that the call does not carry matches nothing (EA-40), which says nothing of "not".
 */
export type Following = 'open' | 'letterCase' | 'refusals';

export function evaluateCondition(condition: Condition, context: ConditionContext, following: Following = 'open'): Truth {
  switch (condition.kind) {
    case 'and':
      return all(condition.parts.map((part) => evaluateCondition(part, context, following)));
    case 'or':
      return some(condition.parts.map((part) => evaluateCondition(part, context, following)));
    case 'not':
      return not(evaluateCondition(condition.part, context, following === 'refusals' ? 'letterCase' : following));
    case 'actionMatches':
      return condition.patterns.some((pattern) => actionMatches(pattern, context.action));
    case 'subOperationMatches':
      return 'unknown'; // Key Vault and role assignments document none
    case 'exists': {
      const value = context.attributes.get(condition.attribute);
      return value === undefined ? 'unknown' : value !== 'absent';
    }
    case 'comparison':
      return compare(condition, context, following);
  }
}

/** A missing attribute makes every comparison unknown, negated ones too (EA-40), unless refusals are followed. */
function compare(condition: Condition & { kind: 'comparison' }, { attributes }: ConditionContext, following: Following): Truth {
  const left = attributes.get(condition.attribute);
  const { operator } = condition;
  if (following === 'refusals' && left === 'absent' && !operator.negated) return false;
  const right = 'attribute' in condition.right ? attributes.get(condition.right.attribute) : condition.right;
  if (typeof left !== 'object' || typeof right !== 'object' || left.length === 0 || right.length === 0) return 'unknown';
  if (condition.quantifier === undefined && (left.length > 1 || right.length > 1)) return 'unknown';
  const caseOpen = /^@[a-z]+\[microsoft\.keyvault\//.test(condition.attribute) && (following === 'open' || operator.ignoreCase);
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
