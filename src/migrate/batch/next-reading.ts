/** A question for facts that a vault waits with. Times are milliseconds since 1970. */
export interface ReadingRequest {
  /** The reading may not begin before. */
  readonly from: number;
  /** Until then it may be put off for other vaults, so that they are answered by the same reading. */
  readonly by: number;
  /** For which ones: those that are about to ask for the first time, or all that are at work. */
  readonly waitsFor: 'arriving' | 'atWork';
  /** What waits for time to pass begins no reading within a minute of the last one. */
  readonly patient?: boolean;
}

interface SubscriptionReadings {
  /** How many of its vaults have not asked yet, and how many are at work, those included. */
  readonly arriving: number;
  readonly atWork: number;
  /** When its last reading began. */
  readonly lastBegan: number | undefined;
}

const minute = 60_000;

/** When the next reading of a subscription has to begin; undefined where nobody asks for one. */
export function readingDue(asked: readonly ReadingRequest[], { lastBegan, ...vaults }: SubscriptionReadings): number | undefined {
  if (asked.length === 0) return undefined;
  const apart = lastBegan === undefined ? Number.NEGATIVE_INFINITY : lastBegan + minute;
  const dueOf = ({ from, by, waitsFor, patient }: ReadingRequest): number => {
    if (patient === true) return Math.max(from, apart);
    return vaults[waitsFor] > 0 ? Math.max(from, by) : from;
  };
  return Math.min(...asked.map(dueOf));
}
