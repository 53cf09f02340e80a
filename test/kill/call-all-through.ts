import { setTimeout as pause } from 'node:timers/promises';
import type { Served } from '../cli/served.ts';

/**
 * A round of all workloads whenever something was written that access hangs on, and once a second at least, until it is `over`.
 * Counts what was not answered.
 */
export async function callAllThrough(site: Served, calls: { over: boolean; refused: number }): Promise<void> {
  const written = () => {
    const { RoleAssignments_Create: made = 0, Vaults_Update: flips = 0 } = site.sandbox.metrics().operations;
    return made + flips;
  };
  for (let [seen, quiet] = [-1, 0]; !calls.over; quiet += 1) {
    if (written() === seen && quiet < 50) {
      await pause(20);
      continue;
    }
    [seen, quiet] = [written(), 0];
    const before = performance.now();
    calls.refused += await site.refused();
    // Keyturn and Azure have to get on with their work too.
    await pause(3 * (performance.now() - before));
  }
}
