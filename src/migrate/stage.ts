import { stepState } from './journal.ts';
import { makeRoles } from './make-roles.ts';
import { runStep } from './run-step.ts';
import { isMade, isVisible, type VaultNow } from './vault-now.ts';
import { stopIfAsked } from './vault-result.ts';
import { assignSteps, type VaultRun } from './vault-run.ts';

/**
 * Makes every planned role definition and role assignment. What Azure lists is left alone, whoever made it, so that its age counts
 * from when it was made. What a rollback took away is asked about again: lists may show it for a while.
 */
export async function stage(run: VaultRun, now: VaultNow): Promise<string> {
  const { vaultPlan, ports, signal } = run;
  await makeRoles(run, now);
  const steps = assignSteps(vaultPlan);
  let ours = 0;
  for (const step of steps) {
    const { state } = stepState(ports.journal.entries, step.id);
    const takenAway = state === 'undoBegan' || state === 'undone';
    if (!takenAway && isVisible(step, now)) {
      if (isMade(step, now)) ours++;
      continue;
    }
    stopIfAsked(signal);
    const { outcome } = await runStep(ports, {
      vaultId: vaultPlan.vaultId,
      step: step.id,
      direction: 'do',
      perform: async () => ({ outcome: await ports.writer.ensureRoleAssignment(step) }),
    });
    if (outcome === 'created') ours++;
  }
  if (steps.length === 0) return 'no role assignment is needed';
  return `${steps.length} role assignments are in place, ${ours} of them made by us`;
}
