import { exitCode, KnownError } from '../../base/known-error.ts';
import type { Plan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { Estate } from '../../model/estate.ts';
import { asOfPlan } from '../as-of-plan.ts';
import type { Io } from '../io.ts';
import { afterStatus } from '../next-steps.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { loadPlan } from '../plan-files.ts';
import { seeVaults } from '../see-vaults.ts';
import { openSession, type Session } from '../session.ts';
import { vaultStatus } from '../vault-status.ts';
import { viewOf } from '../view.ts';

export interface StatusRequest extends CommonOptions {
  readonly plan: string;
}

/**
 * How far each vault of a plan has come, as Azure tells it; the journal adds who began what. Blocked when something is not as it
 * should be for the state that was reached, undetermined when Azure could not be asked.
 */
export async function statusCommand(request: StatusRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const plan = await loadPlan(request.plan, io.cwd);
  if (plan.vaults.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const state = await openState(request, io);
  const journal = await state.journal(plan.digest);
  await journal.close();
  const session = await openSession(request, 'read', io);
  assertSameTenant(plan, session.place);
  const seen = seeVaults(plan, await readPlanned(plan, session), session);
  const vaults = plan.vaults.map((vault) => vaultStatus(vault, journal.entries, seen.get(vault.vaultId.toLowerCase()) ?? { kind: 'gone' }));
  await show('status', { planDigest: plan.digest, vaults, journal: { entries: journal.entries.length, folder: state.name } }, request, io);
  for (const line of afterStatus(vaults, request.plan)) view.note(line);
  if (vaults.some((vault) => vault.wrong.length > 0)) return exitCode.blocked;
  return vaults.some((vault) => vault.unknown.length > 0) ? exitCode.undetermined : exitCode.done;
}

/** With the policies that the plan stands on, so that everybody whom it promised access is looked up; undefined when all vaults are gone. */
async function readPlanned(plan: Plan, session: Session): Promise<Estate | undefined> {
  try {
    return await session.read(selectionOf(plan.vaults.map((vault) => vault.vaultId)), { assignedTo: 'never', asOf: asOfPlan(plan) });
  } catch (error) {
    if (error instanceof KnownError && error.code === 'VAULT_UNKNOWN') return undefined;
    throw error;
  }
}
