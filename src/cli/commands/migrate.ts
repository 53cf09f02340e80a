import path from 'node:path';
import { exitCode, interruptedExit, KnownError } from '../../base/known-error.ts';
import { inventoryFindings } from '../../checks/inventory-findings.ts';
import { type Decisions, noDecisions } from '../../formats/decisions.ts';
import type { Plan, PlannedGain, VaultPlan } from '../../formats/plan.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { type MadeAlready, madeAlready, nothingMade } from '../../plan/made-already.ts';
import { openGains } from '../../plan/open-gains.ts';
import { inventoryReport } from '../../report/inventory-report.ts';
import { inventoryText } from '../../report/inventory-text.ts';
import { leftToMake, toMakeWords } from '../../report/made-words.ts';
import { plainText } from '../../report/plain-text.ts';
import { vaultAlone } from '../../report/plan-text.ts';
import { approveOnScreen, keepApproval } from '../approve-on-screen.ts';
import { askAcceptances } from '../ask-acceptances.ts';
import { askDecisions } from '../ask-decisions.ts';
import { askGains } from '../ask-gains.ts';
import { askConsent, assertCanAsk, tell } from '../consent.ts';
import { errLines } from '../err-lines.ts';
import { isStop } from '../failure.ts';
import type { Io } from '../io.ts';
import { makePlan, type PlanChoices } from '../make-plan.ts';
import { afterApply, afterQuestion } from '../next-steps.ts';
import { openConfig } from '../open-config.ts';
import { localFolder, openState } from '../open-state.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import { planLabels } from '../output/migration-view.ts';
import { savePlan } from '../plan-files.ts';
import { reportResults } from '../report-results.ts';
import { runMigration } from '../run-migration.ts';
import { shellWord } from '../runnable.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { whatIsDone } from '../what-is-done.ts';
import { goBack } from './rollback.ts';

export interface MigrateRequest extends CommonOptions, SelectionOptions, PlanChoices {
  readonly vaults: readonly string[];
}

/** What a stop at a question leaves, and how to go on from there. */
interface Rest {
  readonly words: string;
  readonly next: readonly string[];
}

const atFirst: Rest = {
  words: 'nothing was changed, and no answer is kept',
  next: ['  next: run the same command again, it begins anew'],
};

/** One vault, from a list to a flip, with a question before everything that a person has to answer for. */
export async function migrateCommand(request: MigrateRequest, io: Io): Promise<number> {
  assertCanAsk(io, 'run it in a terminal, or make a plan with `keyturn plan` and apply it with --yes');
  let rest = atFirst;
  try {
    return await migrateOne(request, io, (reached) => {
      rest = reached;
    });
  } catch (error) {
    if (!isStop(error, io)) throw error;
    const { hint = (text: string) => text } = io;
    io.err(errLines([`interrupted: ${rest.words}`, ...rest.next].map(hint), io));
    return interruptedExit;
  }
}

async function migrateOne(request: MigrateRequest, io: Io, leave: (rest: Rest) => void): Promise<number> {
  const view = viewOf(request, io);
  const selection = await selectionFromOptions(request.vaults, request, io);
  const session = await openSession(request, 'write', io);
  const vaultId = await pickVault(session, selection, io);
  const { plan, made } = await planVault(vaultId, session, request, io);
  const [vault] = plan.vaults;
  if (vault === undefined) throw new Error('a plan of one vault has one vault');
  const file = path.join(localFolder(request, io), 'plans', `${vault.name}-${plan.digest.slice(7, 19)}.json`);
  await savePlan(plan, file, io.cwd);
  view.note(`plan written to ${plainText(file)}`);
  if (vault.state === 'repair') return repair(plan, file, session, request, io);
  if (vault.state !== 'ready') return endUnready(vault, view.note);

  leave({ words: 'nothing was changed', next: afterQuestion.stage(file) });
  const approved = approveOnScreen(plan, session);
  if (typeof approved === 'string') return endUnapproved(approved, file, view.note);
  const told = whatIsDone(plan, 'verify', session, file);
  if (!(await mayStage(vault, made, { note: view.note, told }, io))) return endHere(file, view.note);
  const run = { ...request, approvals: await keepApproval(approved, file, io) };
  const staged = await runMigration(plan, 'verify', session, run, io);
  const code = await reportResults(staged, request, io);
  if (code !== exitCode.done) return endStopped(staged, 'verify', file, code, view.note);

  leave({ words: 'the vault is on its access policies, and the role assignments do nothing there', next: afterQuestion.flip(file) });
  const open = openGains(vault);
  if (open.length > 0) return endWithGains(open, file, view.note);
  view.note('Now the flip: from here on Azure RBAC decides who may use the vault.');
  tell(whatIsDone(plan, 'watch', session, file), io);
  await askConsent('flip', [vault.name], false, io);
  const flipped = await runMigration(plan, 'watch', session, run, io);
  const flipCode = await reportResults(flipped, request, io);
  if (io.interrupted.aborted) return endStopped(flipped, 'watch', file, flipCode, view.note);
  leave({ words: 'the vault is on Azure RBAC', next: afterQuestion.rollback(file) });
  return offerRollback(plan, flipCode, session, request, io);
}

/** Asks before anything is made; where all of it stands already, there is nothing to ask. */
async function mayStage(
  { steps }: VaultPlan,
  made: MadeAlready,
  { note, told }: { readonly note: (line: string) => void; readonly told: readonly string[] },
  io: Io,
): Promise<boolean> {
  const left = leftToMake(steps, made);
  if (made.size > 0) note(toMakeWords(steps, made));
  if (left === undefined) {
    note(made.size > 0 ? 'nothing is left to make' : 'no role assignment has to be made');
    return true;
  }
  tell(told, io);
  const prompts = await io.prompts();
  return prompts.confirm(`Create ${left} now? They do nothing while the vault is on access policies.`);
}

function endStopped(
  results: readonly VaultResult[],
  through: 'verify' | 'watch',
  file: string,
  code: number,
  note: (line: string) => void,
): number {
  if (code === interruptedExit) for (const line of afterApply(results, through, file)) note(line);
  return code;
}

async function pickVault(session: Session, selection: Parameters<Session['read']>[0], io: Io): Promise<string> {
  const estate = await session.read(selection);
  const [only] = estate.vaults;
  if (only === undefined) throw new KnownError('usage', 'NO_VAULTS', 'no vault is in reach', 'check --subscription and what you may read');
  if (estate.vaults.length === 1) return only.vault.id;
  const open = estate.vaults.filter(({ vault }) => vault.permissionModel === 'accessPolicy');
  if (open.length === 0)
    throw new KnownError('usage', 'NO_VAULTS', 'every vault in reach is on Azure RBAC already', 'there is nothing to do');
  const prompts = await io.prompts();
  return prompts.choose(
    'Which vault?',
    open.map(({ vault }) => ({
      name: vault.name,
      value: vault.id,
      description: `${vault.resourceGroup}, ${vault.accessPolicies.length} access policies`,
    })),
  );
}

/** Shows facts and plan, and asks about what needs a person until nothing is undecided. */
async function planVault(
  vaultId: string,
  session: Session,
  request: MigrateRequest,
  io: Io,
): Promise<{ readonly plan: Plan; readonly made: MadeAlready }> {
  const view = viewOf(request, io);
  const asked = selectionOf([vaultId]);
  // What a person is asked may end in names of objects, so what the vault holds is read before.
  const config = await openConfig(request, io);
  const estate = await session.read(asked, { objectsOf: () => true });
  view.lines([...inventoryText(inventoryReport(estate, inventoryFindings(estate, session.catalogue)), view.look), '']);
  const objectionTo = (decisions: Decisions) => objection(() => makePlan(estate, decisions, session, { ...request, asked, config }));
  const declined = new Set<string>();
  let decisions = noDecisions;
  for (;;) {
    const plan = makePlan(estate, decisions, session, { ...request, asked, config });
    const made = madeAlready(plan, estate);
    view.lines(plan.vaults.flatMap((vault) => [...vaultAlone(vault, view.look, made), '']));
    const settled = await askDecisions(plan, decisions, { catalogue: session.catalogue, objectionTo, io });
    // What is to be accepted may change with what was decided, so it is asked about when all entries are settled.
    const accepted = settled === decisions ? await askAcceptances(plan, decisions, declined, () => io.prompts()) : settled;
    const decided = accepted === decisions ? await askGains(plan, decisions, declined, () => io.prompts()) : accepted;
    if (decided === decisions) return { plan, made };
    decisions = decided;
  }
}

/** What stands against decisions, as the plan says it; anything else that goes wrong is for others to tell. */
function objection(planning: () => Plan): string | undefined {
  try {
    planning();
    return undefined;
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'DECISION_WRONG') throw error;
    return error.message;
  }
}

/** A vault on Azure RBAC whose access is not whole: what is missing is made at once, and there is no flip. */
async function repair(plan: Plan, file: string, session: Session, request: MigrateRequest, io: Io): Promise<number> {
  const left = leftToMake(
    plan.vaults.flatMap(({ steps }) => steps),
    nothingMade,
  );
  tell(whatIsDone(plan, 'watch', session, file), io);
  const prompts = await io.prompts();
  const make = await prompts.confirm(
    `The vault is on Azure RBAC already. Create ${left ?? 'nothing'} now? They take effect within minutes.`,
  );
  if (!make) return endHere(file, viewOf(request, io).note);
  const approved = approveOnScreen(plan, session);
  if (typeof approved === 'string') return endUnapproved(approved, file, viewOf(request, io).note);
  const approvals = await keepApproval(approved, file, io);
  return reportResults(await runMigration(plan, 'watch', session, { ...request, approvals }, io), request, io);
}

function endUnready({ state, name }: VaultPlan, note: (line: string) => void): number {
  if (state === 'alreadyOnRbac') {
    note('the vault is on Azure RBAC already: there is nothing to do');
    return exitCode.done;
  }
  note('the vault cannot be migrated yet: nothing was changed');
  note(`  next: solve the blockers above, then run \`keyturn migrate ${shellWord(plainText(name))}\` again`);
  return exitCode.blocked;
}

function endUnapproved(why: string, file: string, note: (line: string) => void): number {
  note(`${why}: nothing was changed`);
  note(
    `  next: somebody else runs \`keyturn approve ${shellWord(plainText(file))}\`, then \`keyturn apply ${shellWord(plainText(file))}\``,
  );
  return exitCode.blocked;
}

function endWithGains(open: readonly PlannedGain[], file: string, note: (line: string) => void): number {
  const flags = [...new Set(open.map(({ assignmentId }) => `--accept-gain ${shellWord(plainText(assignmentId.split('/').at(-1) ?? ''))}`))];
  note('the vault stays on its access policies: the flip brings gains that nobody has accepted');
  note(`  next: \`keyturn approve ${shellWord(plainText(file))} ${flags.join(' ')}\`, then \`keyturn flip ${shellWord(plainText(file))}\``);
  return exitCode.blocked;
}

function endHere(file: string, note: (line: string) => void): number {
  note('nothing was changed');
  note(`  next: \`keyturn apply ${shellWord(plainText(file))}\` when the time has come`);
  return exitCode.done;
}

async function offerRollback(plan: Plan, code: number, session: Session, request: MigrateRequest, io: Io): Promise<number> {
  const [vault] = plan.vaults;
  if (vault === undefined) return code;
  const state = await openState(request, io);
  const view = viewOf(request, io);
  view.note(`a rollback bundle is in ${plainText(state.name)}; \`keyturn rollback ${vault.name}\` goes back at any time`);
  const prompts = await io.prompts();
  if (!(await prompts.confirm('Roll back now?'))) return code;
  const [bundle] = await state.bundles.find(vault.vaultId);
  if (bundle === undefined) throw new Error('a vault that was flipped has a bundle');
  return reportResults(await goBack([{ kind: 'bundle', bundle }], session, request, io, planLabels(plan)), request, io);
}
