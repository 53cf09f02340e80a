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
  const key = (f: Finding) => [rank[f.severity], f.code, f.subject, f.message].join(' ');
  return [...findings].sort((a, b) => compareText(key(a), key(b)));
}

/** Orders by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
