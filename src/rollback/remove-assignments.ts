import { mayBeOurs, stepState } from '../migrate/journal.ts';
import type { VaultNow } from '../migrate/vault-now.ts';
import { type FailedStep, Refusal, stopIfAsked } from '../migrate/vault-result.ts';
import { parseGuid } from '../model/guid.ts';
import { isOwnAssignment } from '../plan/assignment-name.ts';
import { removeRoles } from './remove-roles.ts';
import type { OwnAssignment, RollbackRun } from './roll-back.ts';
import { undoStep } from './undo-step.ts';

/**
 * Deletes the assignments that are ours by two witnesses: the journal says we began them, and they bear the name that only
 * we give. What was there already, or what the journal does not know, stays.
 * @throws Refusal CLEANUP_INCOMPLETE when some could not be deleted; the vault itself is back by then.
 */
export async function removeAssignments(run: RollbackRun, { estate }: VaultNow): Promise<string> {
  const { assignments, options, ports } = run;
  const { entries } = ports.journal;
  const ours = assignments.filter((one) => mayBeOurs(entries, one.step) && isOwnAssignment(one));
  const failures: FailedStep[] = [];
  let deleted = 0;
  for (const assignment of ours.filter(({ step }) => stepState(entries, step).state !== 'undone')) {
    stopIfAsked(options.signal);
    const { step, id } = assignment;
    const what = `${assignment.roleName} for ${shownPrincipal(assignment, estate)}`;
    const removed = await undoStep(run, { step, what, id, perform: () => ports.writer.deleteRoleAssignment(id) });
    if (typeof removed === 'string') deleted++;
    else failures.push(removed);
  }
  // Azure keeps a role as long as one of its assignments stands.
  const roles = failures.length === 0 ? await removeRoles(run) : { failures: [], words: '' };
  if (failures.length + roles.failures.length > 0) throw incomplete([...failures, ...roles.failures]);
  const left = assignments.length - ours.length;
  return `${deleted} role assignment${deleted === 1 ? '' : 's'} deleted${left > 0 ? `, ${left} left that are not known to be ours` : ''}${roles.words}`;
}

/** What hinders all of them alike is said once, as the next step; what Azure said of each is kept for `--json`. */
function incomplete(failures: readonly FailedStep[]): Refusal {
  const remedies = [...new Set(failures.map((failure) => failure.remedy))];
  const [only = ''] = remedies;
  const message = `the vault is back, and ${failures.length} of our role assignments or roles could not be deleted; they give no data access now`;
  const remedy = remedies.length === 1 ? only : 'do what is said for each of them, and run it again';
  const lines = failures.map(({ what, code, remedy: own }) => `${what}: ${code}${remedies.length === 1 ? '' : `; ${own}`}`);
  return new Refusal('failed', 'CLEANUP_INCOMPLETE', message, remedy, lines, failures);
}

function shownPrincipal({ principalId }: OwnAssignment, { principals }: VaultNow['estate']): string {
  const id = parseGuid(principalId);
  const principal = id === undefined ? undefined : principals.get(id);
  return principal === undefined || principal.kind === 'unresolved' || principal.displayName === '' ? principalId : principal.displayName;
}
