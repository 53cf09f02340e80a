/** Calls by operation since the start, or since the counts were last set back. */
export interface MetricsReport {
  readonly total: number;
  /** Sorted by name. */
  readonly operations: Readonly<Record<string, number>>;
  /** Sorted by number; 0 counts calls that got no whole answer. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface Metrics {
  count(operation: string, status: number): void;
  reset(): void;
  report(): MetricsReport;
}

export function createMetrics(): Metrics {
  const operations = new Map<string, number>();
  const statuses = new Map<string, number>();
  return {
    count(operation, status) {
      operations.set(operation, (operations.get(operation) ?? 0) + 1);
      statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
    },
    reset() {
      operations.clear();
      statuses.clear();
    },
    report: () => ({
      total: [...operations.values()].reduce((sum, count) => sum + count, 0),
      operations: sorted(operations),
      statuses: sorted(statuses),
    }),
  };
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
