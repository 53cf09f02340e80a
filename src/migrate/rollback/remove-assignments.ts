import { parseGuid } from '../../base/guid.ts';
import { stepState } from '../../formats/journal.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assignmentKey } from '../../plan/assignment-name.ts';
import { type FailedStep, Refusal, stopIfAsked } from '../vault-result.ts';
import { oursAtVault } from './ours-at-vault.ts';
import { removeRoles } from './remove-roles.ts';
import type { OwnAssignment, RollbackRun } from './rollback-run.ts';
import { undoStep } from './undo-step.ts';

/**
 * Deletes what is ours by its name, whatever journal, plan, run or machine made it (EA-52). The journal is a record of what was
 * deleted, and spares asking Azure again about what is gone.
 * @throws Refusal CLEANUP_INCOMPLETE when some could not be deleted; the vault itself is back by then.
 */
export async function removeAssignments(run: RollbackRun, now: VaultNow): Promise<string> {
  const { options, ports } = run;
  const ours = oursAtVault(run, now);
  // Lists lag behind, so what the journal began is asked for too; where nobody could list, all that is named.
  const mayBeThere = ({ id, step }: OwnAssignment): boolean => {
    const { state } = stepState(ports.journal.entries, step);
    const unread = now.subscription.roleAssignments.state === 'unreadable';
    return ours.listed.has(assignmentKey(id)) || (state !== 'undone' && (unread || state !== 'notBegun'));
  };
  const failures: FailedStep[] = [];
  let deleted = 0;
  for (const assignment of ours.assignments.filter(mayBeThere)) {
    const { step, id } = assignment;
    stopIfAsked(options.signal);
    const what = `${assignment.roleName} for ${shownPrincipal(assignment, now.estate)}`;
    const removed = await undoStep(run, { step, what, id, perform: () => ports.writer.deleteRoleAssignment(id) });
    if (typeof removed !== 'string') failures.push(removed);
    else if (removed === 'deleted') deleted++;
  }
  // Azure keeps a role as long as one of its assignments stands.
  const roles = failures.length === 0 ? await removeRoles(run, ours) : { failures: [], said: [] };
  if (failures.length + roles.failures.length > 0) throw incomplete([...failures, ...roles.failures]);
  return [`${deleted} role assignment${deleted === 1 ? '' : 's'} deleted`, ...ours.left, ...roles.said, ...unread(now)].join(', ');
}

/** What nobody could list may still be there. */
function unread({ subscription: { roleAssignments } }: VaultNow): readonly string[] {
  return roleAssignments.state === 'read' ? [] : ['and whether keyturn made more could not be read'];
}

/** What hinders all of them alike is said once, as the next step; what Azure said of each is kept for `--json`. */
function incomplete(failures: readonly FailedStep[]): Refusal {
  const remedies = [...new Set(failures.map((failure) => failure.remedy))];
  const [only = ''] = remedies;
  const message = `the vault is back, and ${failures.length} of our role assignments or roles could not be deleted; they give no data access now`;
  const remedy = remedies.length === 1 ? only : 'follow the remedy of each, and run it again';
  const lines = failures.map(({ what, code, remedy: own }) => `${what}: ${code}${remedies.length === 1 ? '' : `; ${own}`}`);
  return new Refusal('failed', 'CLEANUP_INCOMPLETE', message, remedy, lines, failures);
}

function shownPrincipal({ principalId }: OwnAssignment, { principals }: VaultNow['estate']): string {
  const id = parseGuid(principalId);
  const principal = id === undefined ? undefined : principals.get(id);
  return principal === undefined || principal.kind === 'unresolved' || principal.displayName === '' ? principalId : principal.displayName;
}
