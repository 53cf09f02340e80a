// Making the role assignments of an estate, held against what Azure's own write bucket lets one principal do in a subscription.
import { assignmentsBySubscription, migrating, parameters, writes } from './migration.mjs';

export { parameters };
export const limits = {
  'stage.ofBucket': { least: 0.9 },
  'stage.callsPerAssignment': { most: 1.1 },
  'stage.throttledShare': { most: 0.01 },
};

export function run(given) {
  return migrating(given, async ({ sandbox, bench }) => {
    const before = await assignmentsBySubscription(sandbox);
    // In real time: were keyturn's waits to move the sandbox's clock, they would fill the buckets without any time going by.
    const { seconds, cpuSeconds, peakMiB, total, statuses, failed } = await bench(['stage', 'plan.jsonl', '--yes'], sandbox.realTime());
    const after = await assignmentsBySubscription(sandbox);
    const made = Object.entries(after).map(([subscription, count]) => count - (before[subscription] ?? 0));
    const assignments = made.reduce((sum, count) => sum + count, 0);
    // The fullest subscription decides; the first calls find a full bucket.
    const needed = Math.max(...made.map((count) => Math.max(0, count - writes.capacity) / writes.perSecond));
    const figures = {
      'stage.assignments': assignments,
      'stage.seconds': seconds,
      'stage.secondsOfBucket': needed,
      'stage.calls': total,
      'stage.cpuSeconds': cpuSeconds,
      'stage.peakMiB': peakMiB,
    };
    if (failed !== undefined) return { figures, failed };
    return {
      figures: {
        ...figures,
        'stage.ofBucket': needed / seconds,
        'stage.callsPerAssignment': total / assignments,
        'stage.throttledShare': (statuses['429'] ?? 0) / total,
      },
    };
  });
}
