import { mayBeOurs } from '../migrate/journal.ts';
import type { JournalEntry } from '../migrate/ports.ts';
import { type FailedStep, stopIfAsked } from '../migrate/vault-result.ts';
import { isOwnRoleOf } from '../plan/custom-role-step.ts';
import type { RollbackRun } from './roll-back.ts';
import { undoStep } from './undo-step.ts';

interface RolesRemoved {
  readonly failures: readonly FailedStep[];
  /** What became of them, in words to go on with a sentence; empty where there were none. */
  readonly words: string;
}

/**
 * Deletes the custom roles that are ours, as the journal and their names say, and that nobody is assigned any more. Another
 * vault may still use one: then it stays, and the rollback of the last such vault takes it away.
 */
export async function removeRoles(run: RollbackRun): Promise<RolesRemoved> {
  const { roles, id, options, ports } = run;
  const { entries } = ports.journal;
  const failures: FailedStep[] = [];
  const said: string[] = [];
  for (const role of roles) {
    if (!mayBeOurs(entries, role.step) || !isOwnRoleOf(role, id.scope)) {
      said.push(`custom role \`${role.roleName}\` left, not known to be ours`);
      continue;
    }
    if (isGone(entries, role.step)) continue;
    stopIfAsked(options.signal);
    const what = `role definition ${role.roleName}`;
    const removed = await undoStep(run, { ...role, what, perform: () => ports.writer.deleteRoleDefinition(role.id) });
    if (typeof removed !== 'string') failures.push(removed);
    else if (removed === 'deleted') said.push(`custom role \`${role.roleName}\` deleted`);
    else if (removed === 'inUse') said.push(`custom role \`${role.roleName}\` left, since somebody is still assigned it`);
  }
  return { failures, words: said.map((one) => `, ${one}`).join('') };
}

/** A role that was left because somebody used it is asked about again. */
function isGone(entries: readonly JournalEntry[], step: string): boolean {
  const last = entries.findLast((entry) => entry.step === step);
  return last?.event === 'undone' && last.outcome !== 'inUse';
}
