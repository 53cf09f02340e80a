import { grouped } from '../../base/grouped.ts';
import { KnownError } from '../../base/known-error.ts';
import { rollBackAll } from '../../migrate/roll-back.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { rollbackDigest, type WayBack } from '../../migrate/way-back.ts';
import { plainText } from '../../report/plain-text.ts';
import { askConsent, askToGoBack, askToReplace, assertCanAsk, tell } from '../consent.ts';
import { canAsk, type Io } from '../io.ts';
import { afterRollback } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import type { StepLabels } from '../output/migration-view.ts';
import type { PartRequest } from '../part-of-plan.ts';
import { reportResults } from '../report-results.ts';
import { withPorts } from '../run-migration.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { labelsOf, vaultName, wayOfVault, waysBack, withRemovals } from '../ways-back.ts';
import { whatGoesBack } from '../what-is-done.ts';

export interface RollbackRequest extends CommonOptions, PartRequest {
  /** A bundle file, a plan file, or a vault's name or id. */
  readonly what: string;
  readonly removeAssignments?: boolean;
  /** Also vaults of which nothing here says that keyturn flipped them, by the plan and by what Azure stores. */
  readonly withoutState?: boolean;
  readonly yes?: boolean;
}

/**
 * Flips back: of each vault the flag first, because that ends an outage. What is to be removed besides is read from
 * Azure and shown before anybody is asked.
 */
export async function rollbackCommand(request: RollbackRequest, io: Io): Promise<number> {
  const found = await waysBack(request, io);
  const opened = request.removeAssignments === true ? await openSession(request, 'write', io) : undefined;
  const named = found ?? (await wayOfVault(request.what, opened, io));
  const { ways, labels } = opened === undefined ? named : await withRemovals(named, opened, request, io);
  if (ways.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan changed no vault', 'there is nothing to roll back');
  if (request.yes !== true) assertCanAsk(io, 'pass --yes');
  const session = opened ?? (await openSession(request, 'write', io));
  const names = ways.map(vaultName);
  if (request.quiet !== true || request.yes !== true)
    tell(whatGoesBack(names, { removes: request.removeAssignments === true }, session), io);
  await askConsent('rollback', names, request.yes, io);
  const results = await goBack(ways, session, request, io, labels);
  const code = await reportResults(results, request, io);
  for (const line of afterRollback(results, request.removeAssignments === true, request.what)) viewOf(request, io).note(line);
  return code;
}

/**
 * Ways back, with the journals of the plans they belong to; the results in the order of the ways. `labels` is for who knows more of the
 * steps than a bundle does.
 */
export async function goBack(
  ways: readonly WayBack[],
  session: Session,
  request: Omit<RollbackRequest, 'what'>,
  io: Io,
  labels?: StepLabels,
): Promise<readonly VaultResult[]> {
  const options = {
    removeAssignments: request.removeAssignments === true,
    signal: io.interrupted,
    ...(request.concurrency !== undefined && { concurrency: request.concurrency }),
    ...((canAsk(io) || request.withoutState === true) && { withoutBundle: askedWithoutBundle(request, io) }),
    ...(canAsk(io) && { mayReplace: (name: string, lines: readonly string[]) => askToReplace(name, lines, io) }),
  };
  const results = new Map<WayBack, VaultResult>();
  for (const [planDigest, some] of grouped(ways, rollbackDigest)) {
    const about = { planDigest, labels: labels ?? new Map(some.flatMap((way) => [...labelsOf(way)])), alsoWithoutJournal: true };
    const ended = await withPorts(about, session, request, io, (ports) =>
      rollBackAll(some, options, { ports, catalogue: session.catalogue }),
    );
    for (const [at, way] of some.entries()) {
      const result = ended[at];
      if (result !== undefined) results.set(way, result);
    }
  }
  return ways.flatMap((way) => results.get(way) ?? []);
}

/** With `--without-state` what comes back is shown; without, a person on a terminal is asked. */
function askedWithoutBundle({ withoutState, ...request }: Omit<RollbackRequest, 'what'>, io: Io) {
  return async (name: string, lines: readonly string[]): Promise<boolean> => {
    if (withoutState !== true) return askToGoBack(name, lines, io);
    for (const line of lines) viewOf(request, io).note(plainText(`${name}: ${line}`));
    return true;
  };
}
