/** How far this machine's clock is from Azure's, as Resource Manager's own `Date` headers tell. */
export interface AzureTime {
  /** Called when a request leaves; what it returns is told the header of the answer, when the answer begins. */
  sent(): (date: string | undefined) => void;
  /** Milliseconds from the clock here to Azure's: negative where the clock here is ahead. 0 until an answer told. */
  readonly skew: number;
}

/** No answer of Azure's is older than this program. What claims to be says nothing. */
const earliest = Date.parse('2024-01-01T00:00:00Z');
const day = 86_400_000;
const fixedDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Azure stamps what it makes by its own clock, so ages are counted by that. Of all answers the one counts by which least time has
 * passed, and an answer that tells no time counts as telling the time here: what is in doubt makes nothing older.
 * @param localNow milliseconds since 1970
 */
export function azureTime(localNow: () => number): AzureTime {
  let least: number | undefined;
  return {
    sent() {
      const sentAt = localNow();
      return (date) => {
        const told = skewTold(date, sentAt, localNow());
        least = least === undefined ? told : Math.min(least, told);
      };
    },
    get skew() {
      return least ?? 0;
    },
  };
}

/** The answer was stamped between the two moments, and by whole seconds: what that explains is no skew. */
function skewTold(date: string | undefined, sentAt: number, receivedAt: number): number {
  const stamped = date !== undefined && fixedDate.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(stamped) || stamped < earliest || stamped > receivedAt + day) return 0;
  const [fewest, most] = [stamped - receivedAt, stamped + 1000 - sentAt];
  return fewest <= 0 && most >= 0 ? 0 : fewest;
}
