import { compareText } from '../base/compare-text.ts';
import { parseGuid } from '../base/guid.ts';
import { type AcceptanceRow, acceptableFindings } from '../formats/acceptance-row.ts';
import type { VaultPlan } from '../formats/plan.ts';
import { type Finding, type FindingSubject, subjectText } from '../model/finding.ts';
import type { Vault } from '../model/vault.ts';

/** The reason for which a finding is accepted, or undefined where it is not. */
export type Accepting = (finding: Pick<Finding, 'code' | 'subject'>) => string | undefined;

/** What the rows accept at one vault. The first row that fits gives the reason. */
export function acceptingRows(rows: readonly AcceptanceRow[], vault: Pick<Vault, 'id' | 'name' | 'scope'>): Accepting {
  const here = rows.filter((row) => row.vault === '*' || namesVault(row.vault, vault));
  return (finding) => here.find((row) => acceptsHere(row, finding))?.reason;
}

/** What a plan of the vault records as accepted: from this the plan can be made again without the decisions file. */
export function acceptingAgain(accepted: VaultPlan['accepted'] = []): Accepting {
  const reasons = new Map(accepted.map(({ code, subject, reason }) => [`${code} ${subjectText(subject)}`, reason]));
  return ({ code, subject }) => reasons.get(`${code} ${subjectText(subject)}`);
}

/** Turns the blockers that are accepted into warnings, and lists them as the plan records them. */
export function liftAccepted(
  findings: readonly Finding[],
  accepting: Accepting,
): { readonly findings: readonly Finding[]; readonly accepted: NonNullable<VaultPlan['accepted']> } {
  const accepted = new Map<string, NonNullable<VaultPlan['accepted']>[number]>();
  const lifted = findings.map((finding): Finding => {
    const { severity, code, subject } = finding;
    const reason = severity === 'blocker' && asAcceptable(code) !== undefined ? accepting(finding) : undefined;
    if (reason === undefined) return finding;
    accepted.set(`${code} ${subjectText(subject)}`, { code, subject, reason });
    return { ...finding, severity: 'warning', answer: { kind: 'accepted', reason } };
  });
  const sorted = [...accepted].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
  return { findings: lifted, accepted: sorted };
}

/** Whether the word of a decisions file means the vault: its name or its resource id, in any case. */
export function namesVault(word: string, vault: Pick<Vault, 'name' | 'scope'>): boolean {
  const text = word.trim().toLowerCase().replace(/\/+$/, '');
  return vault.name.toLowerCase() === text || vault.scope === text;
}

/** The code, where a person may accept findings of it. */
export function asAcceptable(code: string): AcceptanceRow['finding'] | undefined {
  return acceptableFindings.find((one) => one === code);
}

/**
 * Whether the row speaks of a finding at the vault, which is one that the row names. A finding is about a principal when its
 * subject is that of the principal's entry, the compound ones included.
 */
export function acceptsHere(
  { finding, principal }: AcceptanceRow,
  { code, subject }: { readonly code: string; readonly subject: FindingSubject },
): boolean {
  if (finding !== code) return false;
  return principal === undefined || subject.principal?.toLowerCase() === (parseGuid(principal) ?? principal).toLowerCase();
}
