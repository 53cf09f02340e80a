import { stepState } from '../../formats/journal.ts';
import { assignSteps } from '../../formats/planned-steps.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { isMade, isVisible } from '../vault-now.ts';
import { stopIfAsked } from '../vault-result.ts';
import { makeRoles } from './make-roles.ts';
import type { VaultRun } from './vault-run.ts';
import { writeStep } from './write-step.ts';

/**
 * Makes every planned role definition and role assignment. What the journal calls done and Azure lists is left alone; what Azure does not
 * list is sent at once (RF-2); what it lists and the journal does not know is asked for by name, since lists show for a while what a
 * rollback, here or on another machine, took away. What is found there is as old as Azure says: only what this journal began counts from now.
 */
export async function stage(run: VaultRun, now: VaultNow): Promise<string> {
  const { vaultPlan, ports, signal } = run;
  await makeRoles(run, now);
  const steps = assignSteps(vaultPlan);
  let ours = 0;
  for (const step of steps) {
    const known = stepState(ports.journal.entries, step.id);
    const listed = isVisible(step, now);
    const madeInThisRun = known.state === 'done' && Date.parse(known.at) >= (run.stagedSince ?? Number.POSITIVE_INFINITY);
    if ((known.state === 'done' && listed) || madeInThisRun) {
      if (isMade(step, now) || (known.outcome !== 'alreadyThere' && !listed)) ours++;
      continue;
    }
    stopIfAsked(signal);
    const { outcome } = await writeStep(run, {
      step: step.id,
      perform: async () => {
        const made = await ports.writer.ensureRoleAssignment(step, listed);
        return { outcome: made === 'found' && known.state !== 'notBegun' ? 'created' : made };
      },
    });
    if (outcome !== 'alreadyThere') ours++;
  }
  if (steps.length === 0) return 'no role assignment is needed';
  return `${steps.length} role assignments are in place, ${ours} of them made by us`;
}
