import { type DeniedBy, type Reason, uniqueReasons } from '../model/reason.ts';

/** Yes, no or not to be told, with the reasons. */
export interface Answer {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly because: readonly Reason[];
  /** ISO 8601: when a yes ends by itself (EA-38); absent when it lasts, or when nobody knows its end. */
  readonly until?: string;
  /** On a no or an unknown that comes of a deny assignment. */
  readonly deniedBy?: DeniedBy;
}

/** The stricter of two answers to the same question: no before unknown before yes, and of two ends the earlier. */
export function stricter(a: Answer, b: Answer): Answer {
  const rank = { no: 0, unknown: 1, yes: 2 };
  if (rank[a.state] !== rank[b.state]) return rank[a.state] < rank[b.state] ? a : b;
  const ends = [a.until, b.until].filter((end) => end !== undefined).sort((x, y) => Date.parse(x) - Date.parse(y));
  const because = uniqueReasons([...a.because, ...b.because]);
  const deniedBy = a.deniedBy ?? b.deniedBy;
  return { state: a.state, because, ...(ends[0] !== undefined && { until: ends[0] }), ...(deniedBy !== undefined && { deniedBy }) };
}
