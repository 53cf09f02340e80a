// Flipping an estate that is staged and verified already: calls and time a vault.
import { flipped, migrating, parameters } from './migration.mjs';

export { parameters };
export const limits = { 'flip.callsPerVault': { most: 5 }, 'flip.seconds': { most: 60 } };

export function run(given) {
  return migrating(given, async ({ sandbox, make, bench }) => {
    // The wait until assignments are old enough is over before the clock starts: it moves the sandbox's clock and takes no time.
    await make(['apply', 'plan.jsonl', '--through', 'verify', '--yes']);
    const { seconds, cpuSeconds, peakMiB, total, statuses, failed } = await bench(['flip', 'plan.jsonl', '--yes'], sandbox.env);
    const vaults = await flipped(sandbox);
    const figures = {
      'flip.vaults': vaults,
      'flip.calls': total,
      'flip.throttledShare': (statuses['429'] ?? 0) / total,
      'flip.cpuSeconds': cpuSeconds,
      'flip.peakMiB': peakMiB,
    };
    if (failed !== undefined) return { figures, failed };
    return { figures: { ...figures, 'flip.callsPerVault': total / vaults, 'flip.seconds': seconds } };
  });
}
