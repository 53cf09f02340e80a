import { KnownError } from '../../base/known-error.ts';
import { rollBack } from '../../migrate/roll-back.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { rollbackDigest, type WayBack } from '../../migrate/way-back.ts';
import { askConsent, askToReplace } from '../consent.ts';
import { canAsk, type Io } from '../io.ts';
import { afterRollback } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import type { StepLabels } from '../output/migration-view.ts';
import { reportResults } from '../report-results.ts';
import { withPorts } from '../run-migration.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { labelsOf, vaultName, wayOfVault, waysBack, withRemovals } from '../ways-back.ts';

export interface RollbackRequest extends CommonOptions {
  /** A bundle file, a plan file, or a vault's name or id. */
  readonly what: string;
  readonly removeAssignments?: boolean;
  readonly yes?: boolean;
}

/**
 * Flips back, one vault after the other: the flag first, because that ends an outage. What is to be removed besides is read from
 * Azure and shown before anybody is asked.
 */
export async function rollbackCommand(request: RollbackRequest, io: Io): Promise<number> {
  const found = await waysBack(request, io);
  const opened = request.removeAssignments === true ? await openSession(request, 'write', io) : undefined;
  const named = found ?? (await wayOfVault(request.what, opened, io));
  const { ways, labels } = opened === undefined ? named : await withRemovals(named, opened, request, io);
  if (ways.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan changed no vault', 'there is nothing to roll back');
  await askConsent('rollback', ways.map(vaultName), request.yes, io);
  const session = opened ?? (await openSession(request, 'write', io));
  const results: VaultResult[] = [];
  for (const way of ways) results.push(await goBack(way, session, request, io, labels));
  const code = await reportResults(results, request, io);
  for (const line of afterRollback(results, request.removeAssignments === true, request.what)) viewOf(request, io).note(line);
  return code;
}

/** One way back, with the journal of the plan it belongs to. `labels` is for who knows more of the steps than a bundle does. */
export async function goBack(
  way: WayBack,
  session: Session,
  request: Omit<RollbackRequest, 'what'>,
  io: Io,
  labels: StepLabels = labelsOf(way),
): Promise<VaultResult> {
  const planDigest = rollbackDigest(way);
  const options = {
    removeAssignments: request.removeAssignments === true,
    signal: io.interrupted,
    ...(canAsk(io) && { mayReplace: (name: string, lines: readonly string[]) => askToReplace(name, lines, io) }),
  };
  return withPorts({ planDigest, labels, alsoWithoutJournal: true }, session, request, io, (ports) =>
    rollBack(way, options, { ports, catalogue: session.catalogue }),
  );
}
