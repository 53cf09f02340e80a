import path from 'node:path';
import { selectionOf } from '../../inventory/selection.ts';
import { verifyVault } from '../../migrate/verify-vault.ts';
import type { Estate } from '../../model/estate.ts';
import { exitCode, KnownError } from '../../model/known-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { assertSameTenant } from '../../plan/plan-file.ts';
import { type VerifiedVault, type VerifyReport, verifyMarkdown, verifyText } from '../../report/verify-report.ts';
import type { Io } from '../io.ts';
import { planSettings } from '../make-plan.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import { loadPlan } from '../plan-files.ts';
import { isFile } from '../read-text-file.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';

export interface VerifyRequest extends CommonOptions, SelectionOptions {
  readonly targets: readonly string[];
  readonly markdown?: boolean;
}

/** Reads again and says whether the access of each vault survives a flip. Writes nothing. */
export async function verifyCommand(request: VerifyRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const plan = await planNamed(request.targets, io);
  const selection =
    plan === undefined
      ? await selectionFromOptions(request.targets, request, io)
      : selectionOf(plan.vaults.filter((vault) => vault.state !== 'alreadyOnRbac').map((vault) => vault.vaultId));
  if (plan?.vaults.every((vault) => vault.state === 'alreadyOnRbac') === true) {
    throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vault to flip', 'verify vaults by name instead');
  }
  const session = await openSession(request, 'read', io);
  if (plan !== undefined) assertSameTenant(plan, session.place);
  const report = verifyReport(await session.read(selection), plan, session);
  if (request.json === true) view.document(report);
  else view.lines(request.markdown === true ? verifyMarkdown(report) : verifyText(report, view.look));
  if (report.vaults.some((vault) => vault.state === 'gap')) return exitCode.blocked;
  const unsure = report.vaults.some((vault) => vault.state === 'undetermined') || report.unreadable.length > 0;
  return unsure ? exitCode.undetermined : exitCode.done;
}

/** A single argument that is a file is a plan; anything else names vaults. */
async function planNamed(targets: readonly string[], io: Io): Promise<Plan | undefined> {
  const [first] = targets;
  if (first === undefined || targets.length > 1) return undefined;
  const isPlan = /\.json$/i.test(first) || (await isFile(path.resolve(io.cwd, first)));
  return isPlan ? loadPlan(first, io.cwd) : undefined;
}

const unjudged = {
  state: 'undetermined',
  pairs: [],
  gains: [],
  doubts: [],
  lines: ["the lists of the vault's subscription could not be read"],
} as const;

function verifyReport(estate: Estate, plan: Plan | undefined, session: Session): VerifyReport {
  const at = session.clock.now();
  const subscriptions = new Map(estate.subscriptions.map((subscription) => [subscription.subscriptionId.toLowerCase(), subscription]));
  const plans = new Map(plan?.vaults.map((vault) => [vault.vaultId.toLowerCase(), vault]));
  const minimumAgeMinutes = (plan?.settings ?? planSettings).minimumAgeMinutes;
  const vaults = estate.vaults.map(({ vault }): VerifiedVault => {
    const subscription = subscriptions.get(vault.subscriptionId);
    const where = { vaultId: vault.id, name: vault.name, permissionModel: vault.permissionModel };
    if (subscription === undefined) return { ...where, ...unjudged };
    const own = plans.get(vault.id.toLowerCase());
    const question = { estate, vault, subscription, catalogue: session.catalogue, at, minimumAgeMinutes };
    const { state, pairs, gains, doubts, lines } = verifyVault({ ...question, ...(own !== undefined && { plan: own }) });
    return { ...where, state, pairs, gains, doubts, lines };
  });
  return {
    format: 'keyturn-verify',
    formatVersion: 1,
    at: at.toISOString(),
    planDigest: plan?.digest ?? null,
    vaults,
    unreadable: estate.unreadable,
  };
}
