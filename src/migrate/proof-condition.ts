import type { Condition, ParsedCondition } from '../access/conditions/condition.ts';
import type { ProofCondition } from '../model/proof.ts';

/** The condition as a proof shows it: what it asks of the action is kept, the rest is named and cannot be judged from it. */
export function proofCondition(parsed: ParsedCondition): ProofCondition {
  return parsed.state === 'parsed' ? treeOf(parsed.condition) : { other: `unreadable: ${parsed.because}` };
}

function treeOf(condition: Condition): ProofCondition {
  switch (condition.kind) {
    case 'and':
      return { all: condition.parts.map(treeOf) };
    case 'or':
      return { any: condition.parts.map(treeOf) };
    case 'not':
      return { not: treeOf(condition.part) };
    case 'actionMatches':
      return { actionMatches: [...condition.patterns] };
    case 'subOperationMatches':
      return { other: 'a sub-operation' };
    case 'exists':
    case 'comparison':
      return { other: condition.attribute };
  }
}
