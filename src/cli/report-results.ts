import type { VaultResult } from '../migrate/vault-result.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { viewOf } from './view.ts';
import { exitOfResults, resultLines, resultRecord } from './views/results-view.ts';

/** Prints how each vault ended, reports what nobody expected as a bug, and answers with the exit code. */
export function reportResults(results: readonly VaultResult[], options: CommonOptions, io: Io): number {
  const view = viewOf(options, io);
  if (options.json === true) view.event({ kind: 'results', vaults: results.map(resultRecord) });
  else view.lines(resultLines(results, view.look));
  for (const { bug } of results) {
    if (bug !== undefined) reportFailure(bug, options.debug === true ? ['--debug'] : [], io);
  }
  return exitOfResults(results, io.interrupted.aborted);
}
