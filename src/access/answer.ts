/** A deny assignment that stands in the way, whatever roles somebody has. */
export interface DeniedBy {
  readonly id: string;
  /** What it is called, or its id. */
  readonly name: string;
  /** It is meant for everybody whom it does not exclude, so nobody else is let through either. */
  readonly everyone: boolean;
}

/** Yes, no or not to be told, with the reason in words. */
export interface Answer {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly because: string;
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
  const because = [...new Set([a.because, b.because])].filter((words) => words !== '').join('; ');
  const deniedBy = a.deniedBy ?? b.deniedBy;
  return { state: a.state, because, ...(ends[0] !== undefined && { until: ends[0] }), ...(deniedBy !== undefined && { deniedBy }) };
}
