import path from 'node:path';
import { exitCode } from '../../base/known-error.ts';
import { type Decisions, noDecisions, readDecisions } from '../../formats/decisions.ts';
import type { Plan } from '../../formats/plan.ts';
import { encodePlan } from '../../formats/plan-file.ts';
import { assertFolder, writeOutput } from '../../local/output-file.ts';
import { namesObjects } from '../../plan/bind-decisions.ts';
import { madeAlready } from '../../plan/made-already.ts';
import { plainText } from '../../report/plain-text.ts';
import type { Io } from '../io.ts';
import { makePlan, type PlanChoices } from '../make-plan.ts';
import { afterPlan } from '../next-steps.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import { inFormat, show } from '../output/show.ts';
import { readTextFile } from '../read-text-file.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession } from '../session.ts';
import { viewOf } from '../view.ts';

export interface PlanRequest extends CommonOptions, SelectionOptions, PlanChoices {
  readonly vaults: readonly string[];
  readonly output: string;
  readonly decisions?: string;
}

/**
 * Writes the plan and shows it. A plan with blocked vaults is written too: that is what a reviewer works on. The exit code says
 * whether all of it can be carried out, so that a pipeline can stop there.
 */
export async function planCommand(request: PlanRequest, io: Io): Promise<number> {
  const view = viewOf(request, io);
  const toStdout = request.output === '-';
  if (!toStdout) await assertFolder(path.resolve(io.cwd, request.output));
  const selection = await selectionFromOptions(request.vaults, request, io);
  const decisions = await readDecisionsFile(request.decisions, io);
  const session = await openSession(request, 'read', io);
  const estate = await session.read(selection, { objectsOf: namesObjects(decisions) });
  const plan = makePlan(estate, decisions, session, { ...request, asked: selection });
  const made = madeAlready(plan, estate);
  if (!toStdout) await writeOutput(path.resolve(io.cwd, request.output), encodePlan(plan), 0o644);
  await show('plan', { plan, made }, toStdout ? inFormat('json', request) : request, io);
  if (toStdout) return exitOfPlan(plan);
  view.note(`plan written to ${plainText(request.output)}`);
  for (const line of afterPlan(plan, request.output)) view.note(line);
  return exitOfPlan(plan);
}

function exitOfPlan({ vaults, unreadable }: Plan): number {
  if (vaults.some((vault) => vault.state === 'blocked')) return exitCode.blocked;
  return unreadable.length > 0 ? exitCode.undetermined : exitCode.done;
}

/** @throws KnownError DECISIONS_UNREADABLE (usage). */
export async function readDecisionsFile(file: string | undefined, io: Pick<Io, 'cwd'>): Promise<Decisions> {
  if (file === undefined) return noDecisions;
  return readDecisions(await readTextFile(file, io.cwd, 'the decisions file', 'DECISIONS_UNREADABLE'), file);
}
