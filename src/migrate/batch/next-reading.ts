/** A question for facts that a vault waits with. Times are milliseconds since 1970. */
export interface ReadingRequest {
  /** The reading may not begin before. */
  readonly from: number;
  /** Until then it may be put off for vaults that still work, so that they are answered by the same reading. */
  readonly by: number;
  /** What waits for time to pass begins no reading within a minute of the last one. */
  readonly patient?: boolean;
}

interface SubscriptionReadings {
  /** How many vaults of the subscription are at work, and so may ask soon. */
  readonly atWork: number;
  /** When its last reading began. */
  readonly lastBegan: number | undefined;
}

const minute = 60_000;

/** When the next reading of a subscription has to begin; undefined where nobody asks for one. */
export function readingDue(asked: readonly ReadingRequest[], { atWork, lastBegan }: SubscriptionReadings): number | undefined {
  if (asked.length === 0) return undefined;
  const apart = lastBegan === undefined ? Number.NEGATIVE_INFINITY : lastBegan + minute;
  return Math.min(
    ...asked.map(({ from, by, patient }) => (patient === true ? Math.max(from, apart) : atWork > 0 ? Math.max(from, by) : from)),
  );
}
