import { exitCode } from '../../base/known-error.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { nothingMade } from '../../plan/made-already.ts';
import { namedVaults } from '../../plan/named-vaults.ts';
import { tallyBook } from '../../report/plan-tally.ts';
import { inFull } from '../../report/plan-text.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { openPlan } from '../plan-files.ts';

export interface ShowRequest extends CommonOptions {
  readonly plan: string;
  readonly vaults: readonly string[];
}

/**
 * Prints a plan, or some of its vaults, for people; with `--json` in full. It asks nobody: the file is all it needs.
 * @throws KnownError VAULT_NOT_PLANNED (usage).
 */
export async function showCommand(request: ShowRequest, io: Io): Promise<number> {
  const plan = await openPlan(request.plan, io.cwd);
  const wanted = request.vaults.length === 0 ? undefined : new Set(namedVaults(plan.vaults, request.vaults).map(({ vaultId }) => vaultId));
  if (wanted === undefined && plan.vaults.length > inFull) {
    const tally = tallyBook();
    for await (const vault of plan.read()) tally.add(vault, nothingMade);
    await show('largePlan', { tally, tail: plan.tail, open: () => Promise.resolve(plan) }, request, io);
    return exitCode.done;
  }
  const vaults: VaultPlan[] = [];
  for await (const vault of plan.read(wanted)) vaults.push(vault);
  const tail = wanted === undefined ? plan.tail : { unreadable: [], findings: [] };
  await show('plan', { plan: { ...plan.head, vaults, ...tail, digest: plan.digest }, made: nothingMade }, request, io);
  return exitCode.done;
}
