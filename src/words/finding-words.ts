import { type Finding, subjectText } from '../model/finding.ts';
import type { FindingCode } from '../model/finding-facts.ts';
import { inventoryWords } from './findings/inventory-words.ts';
import { mappingWords } from './findings/mapping-words.ts';
import { planWords } from './findings/plan-words.ts';
import { principalWords } from './findings/principal-words.ts';
import type { FindingWords } from './findings/words-for.ts';

export { remedyAgainst } from './findings/deny-control-words.ts';
export { type FindingWords, nothingToDo } from './findings/words-for.ts';

const words = { ...inventoryWords, ...mappingWords, ...planWords, ...principalWords } satisfies Record<FindingCode, unknown>;

/** Thousands of entries share a handful of facts. */
const made = new WeakMap<Finding, FindingWords>();

/** What is the case and what to do, for a person. */
export function findingWords(finding: Finding): FindingWords {
  const known = made.get(finding);
  if (known !== undefined) return known;
  // The register pairs each code with its facts; the compiler cannot follow the pair through a look-up by code.
  const make = words[finding.code] as (facts: Finding['facts'], subject: Finding['subject']) => FindingWords;
  const { message, remedy } = make(finding.facts, finding.subject);
  const told = { message, remedy: answered(finding, remedy) };
  made.set(finding, told);
  return told;
}

function answered({ answer }: Finding, remedy: string): string {
  if (answer === undefined) return remedy;
  if (answer.kind === 'accepted') return `accepted: ${answer.reason}`;
  if (answer.kind === 'suppressed') return `known, by the config: ${answer.reason}`;
  if (answer.kind === 'decided') return `decided: ${answer.choice} (${answer.reason})`;
  return `\`${answer.choice}\` cannot be carried out for an id that does not exist; ${remedy}`;
}

/** A finding as the JSON output of commands shows it: the facts for programs, the words for people. */
export interface FindingShown extends FindingWords {
  readonly severity: Finding['severity'];
  readonly code: FindingCode;
  /** A vault's resource id, or that and whose entry it is about. */
  readonly subject: string;
  readonly facts: Finding['facts'];
}

export function findingShown(finding: Finding): FindingShown {
  const { severity, code, subject, facts } = finding;
  return { severity, code, subject: subjectText(subject), facts, ...findingWords(finding) };
}
