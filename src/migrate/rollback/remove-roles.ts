import type { JournalEntry } from '../../formats/journal.ts';
import { assignmentKey } from '../../plan/assignment-name.ts';
import { type FailedStep, stopIfAsked } from '../vault-result.ts';
import type { OursAtVault } from './ours-at-vault.ts';
import type { RollbackRun } from './rollback-run.ts';
import { undoStep } from './undo-step.ts';

interface RolesRemoved {
  readonly failures: readonly FailedStep[];
  /** What became of them, in words. */
  readonly said: readonly string[];
}

/**
 * Deletes custom roles of ours that nobody is assigned any more. Another vault may still use one: then it stays, and the rollback
 * of the last such vault takes it away.
 */
export async function removeRoles(run: RollbackRun, { roles, listed }: Pick<OursAtVault, 'roles' | 'listed'>): Promise<RolesRemoved> {
  const { options, ports } = run;
  const failures: FailedStep[] = [];
  const said: string[] = [];
  for (const role of roles) {
    if (!listed.has(assignmentKey(role.id)) && !mayBeThere(ports.journal.entries, role.step)) continue;
    stopIfAsked(options.signal);
    const what = `role definition ${role.roleName}`;
    const removed = await undoStep(run, { ...role, what, perform: () => ports.writer.deleteRoleDefinition(role.id) });
    if (typeof removed !== 'string') failures.push(removed);
    else if (removed === 'deleted') said.push(`custom role \`${role.roleName}\` deleted`);
    else if (removed === 'inUse') said.push(`custom role \`${role.roleName}\` left, since somebody is still assigned it`);
  }
  return { failures, said };
}

/** One that Azure does not list may be there all the same when the journal began it; one that was left, since somebody used it, is asked about again. */
function mayBeThere(entries: readonly JournalEntry[], step: string): boolean {
  const last = entries.findLast((entry) => entry.step === step);
  return last !== undefined && (last.event !== 'undone' || last.outcome === 'inUse');
}
