import { KnownError } from '../../base/known-error.ts';
import type { Phase } from '../../formats/phases.ts';
import type { Plan } from '../../formats/plan.ts';
import { assertSameTenant } from '../../formats/plan-file.ts';
import type { ApprovalFacts } from '../../migrate/approval-gate.ts';
import type { VaultResult } from '../../migrate/vault-result.ts';
import { hasWork, type Wave, wavesOf } from '../../migrate/waves.ts';
import { type ApprovalRequest, approvalFacts, readApprovals } from '../approval-files.ts';
import { askConsent, assertCanAsk, tell } from '../consent.ts';
import { exitOfError, reportFailure } from '../failure.ts';
import { canAsk, type Io } from '../io.ts';
import { afterApply } from '../next-steps.ts';
import { openConfig } from '../open-config.ts';
import type { CommonOptions } from '../options.ts';
import { assertInWaves, type PartRequest, partOfPlan } from '../part-of-plan.ts';
import { openPlan, wholePlan } from '../plan-files.ts';
import { reportResults } from '../report-results.ts';
import { runMigration } from '../run-migration.ts';
import { type RunEnd, type RunRecord, recordRun } from '../run-record.ts';
import { type RunReportFile, runReportFile } from '../run-report-file.ts';
import { commandHint, partWords, runWords, wavesTold } from '../run-words.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';
import type { WaveRequest } from '../wave-options.ts';
import { asksAnyway, whatIsDone } from '../what-is-done.ts';

export interface ApplyRequest extends CommonOptions, PartRequest, WaveRequest, ApprovalRequest {
  readonly through: Phase;
  readonly yes?: boolean;
  /** What is asked for in words: `apply`, `stage`, `flip`. */
  readonly verb?: string;
}

/** Carries out a plan through a phase. Run again, it goes on from what Azure and the journal say. */
export async function applyCommand(asked: ApplyRequest, io: Io): Promise<number> {
  const request = withDefaults(asked);
  const opened = await openPlan(request.plan, io.cwd);
  const config = await openConfig(request, io);
  const named = await readApprovals(request, io);
  const plan = await wholePlan(opened);
  if (plan.vaults.length === 0) throw new KnownError('usage', 'PLAN_EMPTY', 'the plan has no vaults', 'run `keyturn plan` with vaults');
  const part = partOfPlan(plan, request);
  if (request.waves === 'planned') assertInWaves(part);
  const waves = wavesOf(part.vaults, request.waves);
  const report = request.report === undefined ? undefined : await runReportFile(request.report, request.plan, io.cwd);
  const session = await openAsked({ request, part, waves }, io);
  const approvals = await approvalFacts(opened, named, { config, session, file: request.plan });
  return carryOut({ request, plan, waves, session, report, approvals }, io);
}

/** In waves, one vault that fails is enough to look at it before the next wave. @throws KnownError USAGE (usage). */
function withDefaults(request: ApplyRequest): ApplyRequest {
  const { waves, wait, stopAfter } = request;
  if (wait !== undefined && waves === undefined)
    throw new KnownError(
      'usage',
      'USAGE',
      '`--wait` holds between waves, and there is only one',
      'say with `--waves` how to divide the vaults',
    );
  return waves === undefined || stopAfter !== undefined ? request : { ...request, stopAfter: { vaults: 1 } };
}

/** Signs in, tells what is to be done, and asks for it where nobody said yes yet. */
async function openAsked(run: { readonly request: ApplyRequest; readonly part: Plan; readonly waves: readonly Wave[] }, io: Io) {
  const { request, part, waves } = run;
  const waiting = part.vaults.filter(hasWork).map((vault) => vault.name);
  const isNamed = request.only !== undefined || request.wave !== undefined;
  const yes = request.yes === true && !(canAsk(io) && !isNamed && asksAnyway(part));
  if (waiting.length > 0 && !yes) assertCanAsk(io, 'read the plan, then pass --yes');
  const session = await openSession(request, 'write', io);
  assertSameTenant(part, session.place);
  if (waiting.length > 0) {
    const told = [...whatIsDone(part, request.through, session, request.plan), ...wavesTold(waves, part.vaults, request)];
    if (request.quiet !== true || !yes) tell(told, io);
    await askConsent(request.verb ?? 'apply', waiting, yes, io);
  }
  return session;
}

interface Run {
  readonly request: ApplyRequest;
  readonly plan: Plan;
  readonly waves: readonly Wave[];
  readonly session: Session;
  readonly report: RunReportFile | undefined;
  readonly approvals: ApprovalFacts;
}

async function carryOut({ request, plan, waves, session, report, approvals }: Run, io: Io): Promise<number> {
  const command = commandHint(request, io);
  const record = recordRun({ command, file: request.plan, plan, through: request.through, waves, session, approvals });
  const write = reporting(report, record, request, io);
  const onEvent: RunRecord['on'] = (event) => {
    record.on(event);
  };
  let results: readonly VaultResult[];
  try {
    results = await runMigration(plan, request.through, session, { ...request, waves, onEvent, approvals }, io);
  } catch (error) {
    await write({ exitCode: exitOfError(error, io), results: [], error, next: [] });
    throw error;
  }
  const exitCode = await reportResults(results, request, io);
  const stopped = record.stopped !== undefined || io.interrupted.aborted;
  const next = afterApply(results, request.through, request.plan, { again: runWords(request), part: partWords(request), stopped });
  for (const line of next) viewOf(request, io).note(line);
  return (await write({ exitCode, results, next })) ? exitCode : exitCode || 1;
}

/** The report is written whatever came of the run; that it cannot be written is told, and loses nothing else. */
function reporting(report: RunReportFile | undefined, record: RunRecord, request: ApplyRequest, io: Io) {
  const { hint = (text: string) => text } = io;
  return async ({ next, ...end }: RunEnd): Promise<boolean> => {
    if (report === undefined) return true;
    const steps = next.map((line) => hint(line.replace(/^ *next: /, '')));
    try {
      viewOf(request, io).note(await report.write(record.report({ ...end, next: steps })));
      return true;
    } catch (error) {
      // Asked to stop or not: what is told here is that the file could not be written.
      reportFailure(error, request.debug === true ? ['--debug'] : [], { ...io, interrupted: new AbortController().signal });
      return false;
    }
  };
}
