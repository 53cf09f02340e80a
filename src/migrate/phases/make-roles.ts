import { stepState } from '../../formats/journal.ts';
import type { RoleStep } from '../../formats/plan.ts';
import { roleSteps } from '../../formats/planned-steps.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import type { AzureWriter } from '../ports.ts';
import { isDefined } from '../vault-now.ts';
import { stopIfAsked } from '../vault-result.ts';
import type { VaultRun } from './vault-run.ts';
import { writeStep } from './write-step.ts';

/** Vaults share their custom roles: whichever comes first makes one, and the others find it made. */
export async function makeRoles(run: VaultRun, now: VaultNow): Promise<void> {
  const { vaultPlan, ports, signal } = run;
  for (const step of roleSteps(vaultPlan)) {
    if (stepState(ports.journal.entries, step.id).state === 'done' && isDefined(step, now)) continue;
    stopIfAsked(signal);
    const perform = async () => ({ outcome: await makeOnce(ports.writer, step) });
    await writeStep(run, { step: step.id, perform });
  }
}

const underWay = new WeakMap<AzureWriter, Map<string, Promise<'created'>>>();

/** Vaults of a run that come to the same role at once wait for one writing of it. */
function makeOnce(writer: AzureWriter, step: RoleStep): Promise<'created'> {
  const byId = underWay.get(writer) ?? new Map<string, Promise<'created'>>();
  underWay.set(writer, byId);
  const making = byId.get(step.id) ?? writer.ensureRoleDefinition(step).finally(() => byId.delete(step.id));
  byId.set(step.id, making);
  return making;
}
