import type { Condition, ParsedCondition } from '../access/conditions/condition.ts';
import type { ProofCondition } from '../model/proof.ts';

/** The condition as a proof shows it: what it asks of the action and of the secret's name is kept, the rest is named and cannot be judged from it. */
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
      return { other: condition.attribute };
    case 'comparison':
      return nameIs(condition) ?? { other: condition.attribute };
  }
}

const secretName = /^@(resource|request)\[microsoft\.keyvault\/vaults\/secrets:name\]$/;

/** The one comparison that keyturn itself asks for: that a secret bears one of these names. */
function nameIs({ attribute, operator, quantifier, right }: Condition & { kind: 'comparison' }): ProofCondition | undefined {
  const of = secretName.exec(attribute)?.[1];
  const plain = operator.type === 'String' && operator.relation === 'Equals' && !operator.negated && !operator.ignoreCase;
  if (of === undefined || !plain || 'attribute' in right) return undefined;
  const any = quantifier === 'ForAnyOfAnyValues' || (quantifier === undefined && right.length === 1);
  return any ? { nameIs: [...right], of: of === 'request' ? 'request' : 'resource' } : undefined;
}
