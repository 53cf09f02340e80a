import { compareText } from '../base/compare-text.ts';
import type { FindingCode } from './finding-codes.ts';

export type Severity = 'blocker' | 'warning' | 'note';

/** Something a reader has to know. Collected, sorted and reported whole; `code` is stable and documented in docs/findings.md. */
export interface Finding extends StoredFinding {
  readonly code: FindingCode;
}

/** A finding as a plan file holds it: another version, or a hostile hand, may have written a code that is not known here. */
export interface StoredFinding {
  readonly severity: Severity;
  readonly code: string;
  /** What it is about: a vault's resource id, or that and a principal. */
  readonly subject: string;
  readonly message: string;
  readonly remedy: string;
}

const rank: Record<Severity, number> = { blocker: 0, warning: 1, note: 2 };

export function sortFindings<F extends StoredFinding>(findings: readonly F[]): readonly F[] {
  return [...findings].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      compareText(a.code, b.code) ||
      compareText(a.subject, b.subject) ||
      compareText(a.message, b.message),
  );
}
