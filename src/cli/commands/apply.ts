import { KnownError } from '../../base/known-error.ts';
import type { Phase } from '../../formats/phases.ts';
import type { Plan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import { namedVaults } from '../../plan/named-vaults.ts';
import { askConsent, assertCanAsk } from '../consent.ts';
import { errLines } from '../err-lines.ts';
import { canAsk, type Io } from '../io.ts';
import { afterApply } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { reportResults } from '../report-results.ts';
import { runMigration } from '../run-migration.ts';
import { openSession } from '../session.ts';
import { viewOf } from '../view.ts';
import { asksAnyway, whatIsDone } from '../what-is-done.ts';

export interface ApplyRequest extends CommonOptions {
  readonly plan: string;
  readonly through: Phase;
  readonly yes?: boolean;
  /** Vaults of the plan, by name or id: these alone, or all but those. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** What is asked for in words: `apply`, `stage`, `flip`. */
  readonly verb?: string;
}

/** Carries out a plan through a phase. Run again, it goes on from what Azure and the journal say. */
export async function applyCommand(request: ApplyRequest, io: Io): Promise<number> {
  const plan = await loadPlan(request.plan, io.cwd);
  if (plan.vaults.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const part = partOf(plan, request);
  const waiting = part.vaults.filter(({ state }) => state === 'ready' || state === 'repair').map((vault) => vault.name);
  const yes = request.yes === true && !(canAsk(io) && request.only === undefined && asksAnyway(part));
  if (waiting.length > 0 && !yes) assertCanAsk(io, 'read the plan, then pass --yes');
  const session = await openSession(request, 'write', io);
  assertSameTenant(plan, session.place);
  if (waiting.length > 0) {
    const told = whatIsDone(part, request.through, session);
    if (request.quiet !== true || !yes) io.err(errLines(told, io));
    await askConsent(request.verb ?? 'apply', waiting, yes, io);
  }
  const some = part === plan ? {} : { vaults: part.vaults.map(({ vaultId }) => vaultId) };
  const results = await runMigration(plan, request.through, session, { ...request, ...some }, io);
  const code = await reportResults(results, request, io);
  for (const line of afterApply(results, request.through, request.plan)) viewOf(request, io).note(line);
  return code;
}

/** The plan with the vaults that are meant, to be told of. @throws KnownError VAULT_NOT_PLANNED, PLAN_EMPTY (usage). */
function partOf(plan: Plan, { only, except }: Pick<ApplyRequest, 'only' | 'except'>): Plan {
  if (only === undefined && except === undefined) return plan;
  const among = only === undefined ? plan.vaults : namedVaults(plan.vaults, only);
  const left = new Set(except === undefined ? [] : namedVaults(plan.vaults, except));
  const vaults = among.filter((vault) => !left.has(vault));
  if (vaults.length > 0) return { ...plan, vaults };
  throw new KnownError('usage', 'PLAN_EMPTY', 'no vault of the plan is left', 'name other vaults with `--only` and `--except`');
}
