import path from 'node:path';
import { isAddress } from '../../base/is-address.ts';
import { exitCode, KnownError } from '../../base/known-error.ts';
import type { Plan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import { noVaults } from '../../inventory/refuse-empty-selectors.ts';
import { type Selection, selectionOf } from '../../inventory/selection.ts';
import type { Estate } from '../../model/estate.ts';
import type { VerifyReport } from '../../report/verified-vault.ts';
import { asOfPlan } from '../as-of-plan.ts';
import { askSecondOpinion } from '../ask-second-opinion.ts';
import type { Io } from '../io.ts';
import { openState } from '../open-state.ts';
import type { CommonOptions, opinionSources, SelectionOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { loadPlan } from '../plan-files.ts';
import { type PolicySnapshot, readPolicySnapshot } from '../policy-snapshot.ts';
import { startProgress } from '../progress.ts';
import { isFile } from '../read-text-file.ts';
import { shellWord } from '../runnable.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { verifyEstate } from '../verify-estate.ts';
import { viewOf } from '../view.ts';

export interface VerifyRequest extends CommonOptions, SelectionOptions {
  readonly targets: readonly string[];
  /** Also ask Azure for its own judgement. */
  readonly secondOpinion?: (typeof opinionSources)[number];
  /** A file with the policies to hold the vaults against, in place of those that Azure stores. */
  readonly against?: string;
  /** Also tells of each person, which asks the directory who is in the groups. */
  readonly perPerson?: boolean;
}

/**
 * Reads again and says whether the access of each vault survives a flip; on a vault that is on Azure RBAC already, whether it
 * gives what the policies gave. Writes nothing to Azure, and a proof per vault into the state folder.
 */
export async function verifyCommand(request: VerifyRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const plan = await planNamed(request.targets, io);
  const against = request.against === undefined ? undefined : await readPolicySnapshot(request.against, io);
  if (plan?.vaults.every((vault) => vault.state === 'alreadyOnRbac') === true) {
    throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vault to flip', 'verify vaults by name instead');
  }
  const session = await openSession(request, 'read', io);
  if (plan !== undefined) assertSameTenant(plan, session.place);
  const selection = await selectionOfRequest(request, plan, against, io);
  const asOf = against?.asOf ?? (plan === undefined ? undefined : asOfPlan(plan));
  const estate = await session.read(selection, { people: request.perPerson === true, ...(asOf !== undefined && { asOf }) });
  if (estate.vaults.length === 0 && estate.unreadable.length === 0) throw noVaults();
  const { proofs } = await openState(request, io);
  const report = await judged(estate, plan, session, proofs.jot, request, io);
  await show('verify', { report, perPerson: request.perPerson === true }, request, io);
  const [first] = report.vaults;
  if (first !== undefined) {
    const proof = proofs.nameOf(first.vaultId);
    const checking = isAddress(proof) ? '' : `; \`keyturn check-proof ${shellWord(proof)}\` checks one`;
    view.note(`proofs are in ${path.posix.dirname(proof)}${checking}`);
  }
  if (report.vaults.some((vault) => vault.state === 'gap')) return exitCode.blocked;
  const unsure = report.vaults.some((vault) => vault.state === 'undetermined') || report.unreadable.length > 0;
  return unsure ? exitCode.undetermined : exitCode.done;
}

async function judged(
  estate: Estate,
  plan: Plan | undefined,
  session: Session,
  keep: Parameters<typeof verifyEstate>[3],
  request: VerifyRequest,
  io: Io,
): Promise<VerifyReport> {
  const perPerson = request.perPerson === true;
  if (request.secondOpinion === undefined) return verifyEstate(estate, plan, session, keep, { perPerson });
  const progress = await startProgress(request, io);
  try {
    const heed = askSecondOpinion(session.accessChecker, progress, estate.vaults.length);
    return await verifyEstate(estate, plan, session, keep, { heed, perPerson });
  } finally {
    progress.stop();
  }
}

/** A plan names its vaults; else the words do; else saved policies do. */
async function selectionOfRequest(
  request: VerifyRequest,
  plan: Plan | undefined,
  against: PolicySnapshot | undefined,
  io: Io,
): Promise<Selection> {
  if (plan !== undefined) return selectionOf(plan.vaults.filter((vault) => vault.state !== 'alreadyOnRbac').map((vault) => vault.vaultId));
  const { subscription, resourceGroup, managementGroup, tag, from } = request;
  const unnamed = [request.targets, subscription, resourceGroup, managementGroup, tag].every((words) => (words ?? []).length === 0);
  if (against !== undefined && unnamed && from === undefined) return selectionOf(against.vaultIds);
  return selectionFromOptions(request.targets, request, io);
}

/** A single argument that is a file is a plan; anything else names vaults. */
async function planNamed(targets: readonly string[], io: Io): Promise<Plan | undefined> {
  const [first] = targets;
  if (first === undefined || targets.length > 1) return undefined;
  const isPlan = /\.json$/i.test(first) || (await isFile(path.resolve(io.cwd, first)));
  return isPlan ? loadPlan(first, io.cwd) : undefined;
}
