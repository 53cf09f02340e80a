import { exitCode, KnownError } from '../../base/known-error.ts';
import { nearNames } from '../../base/near-names.ts';
import type { VaultPlan } from '../../formats/plan.ts';
import { namesVaultId } from '../../plan/acceptances.ts';
import { nothingMade } from '../../plan/made-already.ts';
import { tallyBook } from '../../report/plan-tally.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { type OpenPlan, openPlan } from '../plan-files.ts';

export interface ShowRequest extends CommonOptions {
  readonly plan: string;
  readonly vaults: readonly string[];
}

/** Up to so many vaults a plan is shown vault by vault. */
const inFull = 25;

/** Prints a plan, or some of its vaults, for people; with `--json` in full. It asks nobody: the file is all it needs. */
export async function showCommand(request: ShowRequest, io: Io): Promise<number> {
  const plan = await openPlan(request.plan, io.cwd);
  const wanted = request.vaults.length === 0 ? undefined : idsOf(request.vaults, plan);
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

/** @throws KnownError VAULT_NOT_PLANNED (usage) for a word that names no vault of the plan. */
function idsOf(words: readonly string[], { vaults }: OpenPlan): ReadonlySet<string> {
  return new Set(
    words.flatMap((word) => {
      const found = vaults.filter((vault) => namesVaultId(word, vault)).map(({ vaultId }) => vaultId);
      if (found.length === 0) throw notThere(word, vaults);
      return found;
    }),
  );
}

function notThere(word: string, vaults: OpenPlan['vaults']): KnownError {
  const near = nearNames(
    word,
    vaults.map(({ name }) => name),
  ).map((name) => `\`${name}\``);
  const remedy = near.length === 0 ? '`keyturn show` with the plan alone says what it holds' : `did you mean ${near.join(' or ')}?`;
  return new KnownError('usage', 'VAULT_NOT_PLANNED', `the plan has no vault \`${word}\``, remedy);
}
