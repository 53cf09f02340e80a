import { mayBeOurs, stepState } from '../migrate/journal.ts';
import { runStep } from '../migrate/run-step.ts';
import { Refusal, stopIfAsked } from '../migrate/vault-result.ts';
import { KnownError } from '../model/known-error.ts';
import { isOwnAssignment } from '../plan/assignment-name.ts';
import type { OwnAssignment, RollbackRun } from './roll-back.ts';

/**
 * Deletes the assignments that are ours by two witnesses: the journal says we began them, and they bear the name that only
 * we give. What was there already, or what the journal does not know, stays.
 * @throws Refusal CLEANUP_INCOMPLETE when some could not be deleted; the vault itself is back by then.
 */
export async function removeAssignments({ assignments, options, ports, vaultId }: RollbackRun): Promise<string> {
  const { entries } = ports.journal;
  const ours = assignments.filter((one) => mayBeOurs(entries, one.step) && isOwnAssignment(one));
  const failures: string[] = [];
  let deleted = 0;
  for (const assignment of ours.filter(({ step }) => stepState(entries, step).state !== 'undone')) {
    stopIfAsked(options.signal);
    const failure = await remove(assignment);
    if (failure === undefined) deleted++;
    else failures.push(failure);
  }
  if (failures.length > 0) {
    const message = `the vault is back, and ${failures.length} of our role assignments could not be deleted`;
    throw new Refusal(
      'failed',
      'CLEANUP_INCOMPLETE',
      message,
      'they give no data access now; solve what hinders it and run it again',
      failures,
    );
  }
  const left = assignments.length - ours.length;
  return `${deleted} role assignments deleted${left > 0 ? `, ${left} left that are not known to be ours` : ''}`;

  async function remove({ step, id }: OwnAssignment): Promise<string | undefined> {
    try {
      const perform = async () => ({ outcome: await ports.writer.deleteRoleAssignment(id) });
      await runStep(ports, { vaultId, step, direction: 'undo', perform });
      return undefined;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      return `${id}: ${error.code} ${error.message}`;
    }
  }
}
