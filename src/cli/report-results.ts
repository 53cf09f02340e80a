import type { VaultResult } from '../migrate/vault-result.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { exitOfResults } from './output/results-view.ts';
import { show } from './output/show.ts';

/** Prints how each vault ended, reports what nobody expected as a bug, and answers with the exit code. */
export async function reportResults(results: readonly VaultResult[], options: CommonOptions, io: Io): Promise<number> {
  await show('results', results, options, io);
  for (const { bug } of results) {
    if (bug !== undefined) reportFailure(bug, options.debug === true ? ['--debug'] : [], io);
  }
  return exitOfResults(results, io.interrupted.aborted);
}
