import type { Condition, ParsedCondition } from '../../access/condition.ts';
import type { ProofCondition } from '../../formats/proof.ts';

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

/**
 * A comparison of a secret's name with texts, as patterns in which `*` is any text; undefined where it is more than that. `anyCase`: the
 * operator says that case is ignored, which Key Vault's own page contradicts (EA-41).
 */
function nameIs({ attribute, operator, quantifier, right }: Condition & { kind: 'comparison' }): ProofCondition | undefined {
  const of = secretName.exec(attribute)?.[1];
  if (of === undefined || operator.type !== 'String' || 'attribute' in right) return undefined;
  const any = quantifier === 'ForAnyOfAnyValues' && !operator.negated;
  const patterns = right.flatMap((text) => patternOf(operator.relation, text) ?? []);
  if ((right.length !== 1 && !any) || patterns.length < right.length) return undefined;
  const side = of === 'request' ? 'request' : 'resource';
  const is: ProofCondition = { nameIs: patterns, of: side, ...(operator.ignoreCase && { anyCase: true }) };
  return operator.negated ? { not: is } : is;
}

function patternOf(relation: string, text: string): string | undefined {
  const hasSigns = /[*?\\\s]/.test(text);
  if (relation === 'Like') return /[?\\\s]/.test(text) ? undefined : text;
  return hasSigns ? undefined : relation === 'StartsWith' ? `${text}*` : text;
}
