import { compareValues } from './compare-values.ts';
import type { Condition, Pairing } from './condition.ts';
import { parseCondition } from './parse-condition.ts';
import { covers } from './wildcard.ts';

/** `missing` is an attribute that the call does not have, `unreadable` a text or a comparison that nobody can judge; both are no grant (EA-40). */
export type Truth = 'true' | 'false' | 'missing' | 'unreadable';

export interface ConditionFacts {
  readonly action: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Judges a condition of version 2.0 in three values, the third with its cause. */
export function judgeCondition(text: string, facts: ConditionFacts): Truth {
  const condition = parseCondition(text);
  return condition === undefined ? 'unreadable' : judge(condition, facts);
}

function judge(condition: Condition, facts: ConditionFacts): Truth {
  switch (condition.kind) {
    case 'and':
      return combine(condition.parts, facts, 'false');
    case 'or':
      return combine(condition.parts, facts, 'true');
    case 'not':
      return opposite(judge(condition.part, facts));
    case 'actionMatches':
      return truth(condition.patterns.some((pattern) => covers(pattern, facts.action)));
    case 'subOperationMatches':
      // Key Vault has no sub-operations.
      return 'false';
    case 'exists':
      return truth(facts.attributes[condition.attribute] !== undefined);
    case 'comparison':
      return judgeComparison(condition, facts);
  }
}

/** One part with the deciding value decides; otherwise one unknown part makes the whole unknown. */
function combine(parts: readonly Condition[], facts: ConditionFacts, deciding: 'true' | 'false'): Truth {
  const found = parts.map((part) => judge(part, facts));
  if (found.includes(deciding)) return deciding;
  if (found.includes('unreadable')) return 'unreadable';
  if (found.includes('missing')) return 'missing';
  return deciding === 'true' ? 'false' : 'true';
}

function judgeComparison(condition: Extract<Condition, { kind: 'comparison' }>, facts: ConditionFacts): Truth {
  const { attribute, operator, operand } = condition;
  const left = facts.attributes[attribute];
  const right = operand.kind === 'attribute' ? single(facts.attributes[operand.name]) : operand.values;
  if (left === undefined || right === undefined) return 'missing';
  // Several values without a word on how to pair them are not in the language.
  if (condition.pairing === undefined && right.length > 1) return 'unreadable';
  const pairing: Pairing = condition.pairing ?? { left: 'any', right: 'any' };
  // A call carries one value per attribute, so only the pairing with the right side is left to judge.
  const results = right.map((value) => compareValues(operator, left, value));
  if (results.includes(undefined)) return 'unreadable';
  return truth(pairing.right === 'any' ? results.includes(true) : !results.includes(false));
}

function single(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

function opposite(value: Truth): Truth {
  if (value === 'true') return 'false';
  return value === 'false' ? 'true' : value;
}

function truth(value: boolean): Truth {
  return value ? 'true' : 'false';
}
