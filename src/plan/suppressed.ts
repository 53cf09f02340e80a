import type { SuppressRow } from '../formats/config.ts';
import { type Finding, sortFindings } from '../model/finding.ts';

/**
 * Warnings and notes that a team knows become notes that say why. What blocks stays a blocker: that is for decisions and acceptances.
 * @param rows the first one that speaks of the code gives the reason.
 */
export function suppressKnown(findings: readonly Finding[], rows: readonly SuppressRow[]): Finding[] {
  if (rows.length === 0) return [...findings];
  const reasons = new Map([...rows].reverse().map(({ finding, reason }) => [finding, reason]));
  const told = findings.map((one): Finding => {
    const reason = one.severity === 'blocker' || one.answer !== undefined ? undefined : reasons.get(one.code);
    return reason === undefined ? one : { ...one, severity: 'note', answer: { kind: 'suppressed', reason } };
  });
  return [...sortFindings(told)];
}
