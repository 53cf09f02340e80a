import { compareText } from '../base/compare-text.ts';
import type { FindingCode, FindingFacts } from './finding-facts.ts';

export type Severity = 'blocker' | 'warning' | 'note';

/** What a finding is about. With nothing in it: what the command was asked for. */
export interface FindingSubject {
  /** Resource id. */
  readonly vault?: string;
  /** Object id, as the entry of the vault spells it. */
  readonly principal?: string;
  /** Application id of a compound identity. */
  readonly application?: string;
  readonly tenant?: string;
  /** Id of a role definition. */
  readonly role?: string;
  /** A vault's name or id as a row of the decisions file writes it. */
  readonly row?: string;
}

/** What a person has done about a finding, which takes the place of what they could do. */
type FindingAnswer =
  | { readonly kind: 'accepted'; readonly reason: string }
  /** The config says that it is known. */
  | { readonly kind: 'suppressed'; readonly reason: string }
  | { readonly kind: 'decided'; readonly choice: string; readonly reason: string }
  /** The choice that cannot be carried out while the finding stands. */
  | { readonly kind: 'cannot'; readonly choice: string };

/** Something a reader has to know, as data: its words are made where it is shown. */
export interface Finding<Code extends FindingCode = FindingCode> {
  readonly severity: Severity;
  readonly code: Code;
  readonly subject: FindingSubject;
  readonly facts: FindingFacts[Code];
  readonly answer?: FindingAnswer;
}

/** All of a finding but what it is about: the code and the facts that belong to it. */
export type Remark = { readonly [Code in FindingCode]: readonly [severity: Severity, code: Code, facts: FindingFacts[Code]] }[FindingCode];

export function finding<Code extends FindingCode>(
  severity: Severity,
  code: Code,
  subject: FindingSubject,
  facts: FindingFacts[Code],
): Finding<Code> {
  return { severity, code, subject, facts };
}

/** The remarks as findings about one subject. */
export function findingsAbout(subject: FindingSubject, remarks: readonly Remark[]): readonly Finding[] {
  return remarks.map(([severity, code, facts]) => ({ severity, code, subject, facts }));
}

/** The vault's resource id, and whose entry there; on one line, and equal for equal subjects. */
export function subjectText({ vault, principal, application, tenant, role, row }: FindingSubject): string {
  const known = [vault, principal, application === undefined ? undefined : `with application ${application}`, tenant, role, row];
  return known.filter((part) => part !== undefined).join(' ');
}

const rank: Record<Severity, number> = { blocker: 0, warning: 1, note: 2 };

export function sortFindings<F extends Finding>(findings: readonly F[]): readonly F[] {
  if (findings.length < 2) return findings;
  return [...findings].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      compareText(a.code, b.code) ||
      (a.subject === b.subject ? 0 : compareText(subjectText(a.subject), subjectText(b.subject))) ||
      (a.facts === b.facts ? 0 : compareText(JSON.stringify(a.facts), JSON.stringify(b.facts))),
  );
}
