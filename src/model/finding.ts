export type Severity = 'blocker' | 'warning' | 'note';

/** Something a reader has to know. Collected, sorted and reported whole; `code` is stable and documented. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  /** What it is about: a vault's resource id, or that and a principal. */
  readonly subject: string;
  readonly message: string;
  readonly remedy: string;
}

const rank: Record<Severity, number> = { blocker: 0, warning: 1, note: 2 };

export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      compareText(a.code, b.code) ||
      compareText(a.subject, b.subject) ||
      compareText(a.message, b.message),
  );
}

/** Orders by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
