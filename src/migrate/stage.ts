import { stepState } from './journal.ts';
import { makeRoles } from './make-roles.ts';
import { runStep } from './run-step.ts';
import { isVisible, type VaultNow } from './vault-now.ts';
import { stopIfAsked } from './vault-result.ts';
import { assignSteps, type VaultRun } from './vault-run.ts';

/**
 * Makes every planned role definition and role assignment. What the journal calls done and Azure lists is left alone, so that its age counts
 * from when it was made; anything else is asked of Azure again, whatever the journal says.
 */
export async function stage(run: VaultRun, now: VaultNow): Promise<string> {
  const { vaultPlan, ports, signal } = run;
  await makeRoles(run, now);
  const steps = assignSteps(vaultPlan);
  let ours = 0;
  for (const step of steps) {
    const before = stepState(ports.journal.entries, step.id);
    if (before.state === 'done' && isVisible(step, now)) {
      if (before.outcome === 'created') ours++;
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
