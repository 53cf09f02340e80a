import { mayBeOurs } from '../migrate/journal.ts';
import type { JournalEntry } from '../migrate/ports.ts';
import { runStep } from '../migrate/run-step.ts';
import { type FailedStep, stopIfAsked } from '../migrate/vault-result.ts';
import { KnownError } from '../model/known-error.ts';
import { ownRoleId } from '../plan/custom-role-step.ts';
import type { RollbackRun } from './roll-back.ts';

/**
 * Deletes the custom roles that are ours, as the journal and their names say, and that nobody is assigned any more. Another
 * vault may still use one: then it stays, and the rollback of the last such vault takes it away.
 * @returns what could not be deleted.
 */
export async function removeRoles({ roles, id, options, ports, vaultId }: RollbackRun): Promise<readonly FailedStep[]> {
  const { entries } = ports.journal;
  const failures: FailedStep[] = [];
  for (const role of roles) {
    if (!mayBeOurs(entries, role.step) || role.id !== ownRoleId(id.scope, role.dataActions) || isGone(entries, role.step)) continue;
    stopIfAsked(options.signal);
    try {
      const perform = async () => ({ outcome: await ports.writer.deleteRoleDefinition(role.id) });
      await runStep(ports, { vaultId, step: role.step, direction: 'undo', perform });
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      const { code, message, remedy } = error;
      failures.push({ what: `role definition ${role.roleName}`, id: role.id, code, message, remedy });
    }
  }
  return failures;
}

/** A role that was left because somebody used it is asked about again. */
function isGone(entries: readonly JournalEntry[], step: string): boolean {
  const last = entries.findLast((entry) => entry.step === step);
  return last?.event === 'undone' && last.outcome !== 'inUse';
}
