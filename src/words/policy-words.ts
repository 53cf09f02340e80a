import type { FindingFacts } from '../model/finding-facts.ts';

type PolicyNamed = FindingFacts['INV-POLICY-MODIFIES']['policy'];

/** A policy assignment's name and its definition's, in backticks. */
export function policyWords({ assignment, definition }: PolicyNamed): string {
  return `\`${assignment}\`${definition === undefined ? '' : ` (\`${definition}\`)`}`;
}
