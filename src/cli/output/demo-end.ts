import type { VaultResult } from '../../migrate/vault-result.ts';
import type { Look } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import type { WorkloadTally } from '../workload-rounds.ts';

export interface DemoEnd {
  readonly tally: WorkloadTally;
  /** Whether the estate is byte for byte what it was before. */
  readonly identical: boolean;
  readonly results: readonly VaultResult[];
}

export function demoEndText({ tally, identical }: DemoEnd, look: Look): readonly string[] {
  const refusals = [...tally.refusals].map(([name, words]) => `  ${plainText(name)}: ${plainText(words)}`);
  const good = tally.refused + tally.failed === 0;
  return [
    '',
    ...refusals,
    identical
      ? 'after the rollback the estate is byte for byte what it was'
      : look.paint('red', 'after the rollback the estate is NOT what it was'),
    `${tally.ok + tally.refused + tally.failed} workload calls were made from before the staging until after the rollback`,
    look.paint(good ? 'green' : 'red', `${tally.refused + tally.failed} workload calls refused`),
  ];
}

/** For `--json`. */
export function demoEndDocument({ tally, identical, results }: DemoEnd): unknown {
  return { ...tally, refusals: Object.fromEntries(tally.refusals), identical, results };
}
