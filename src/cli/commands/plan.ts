import path from 'node:path';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { aboutDecisions, type Decisions, noDecisions, readDecisions } from '../../formats/decisions.ts';
import type { Plan, PlanHead, PlanTail } from '../../formats/plan.ts';
import { assertSameTenant, encodePlan } from '../../formats/plan-file.ts';
import type { EstatePiece } from '../../inventory/read-estate.ts';
import { noVaults } from '../../inventory/refuse-empty-selectors.ts';
import { isBlank, parseSelection, type Selection } from '../../inventory/selection.ts';
import { linesForFile } from '../../local/line-file.ts';
import { assertFolder, writeOutput } from '../../local/output-file.ts';
import { outputTaken } from '../../local/process.ts';
import type { Estate } from '../../model/estate.ts';
import { parseScope } from '../../model/scope.ts';
import { namesObjects } from '../../plan/bind-decisions.ts';
import type { PlanInputs } from '../../plan/build-plan.ts';
import { madeAlready } from '../../plan/made-already.ts';
import type { EarlierVault } from '../../plan/plan-after.ts';
import { plainText } from '../../report/plain-text.ts';
import type { PlanTally } from '../../report/plan-tally.ts';
import type { Io } from '../io.ts';
import { makePlan, type PlanChoices, planInputs, waveTag } from '../make-plan.ts';
import { afterLargePlan, afterPlan } from '../next-steps.ts';
import { openConfig } from '../open-config.ts';
import type { CommonOptions, SelectionOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { type OpenPlan, openPlan } from '../plan-files.ts';
import { type PlanInPieces, planInPieces } from '../plan-in-pieces.ts';
import { parseSplitBy, partNames, planSplit, type SplitBy } from '../plan-split.ts';
import { readTextDocument } from '../read-text-document.ts';
import { selectionFromOptions } from '../selection-from-options.ts';
import { openSession, type Session } from '../session.ts';
import { viewOf } from '../view.ts';

export interface PlanRequest extends CommonOptions, SelectionOptions, PlanChoices {
  readonly vaults: readonly string[];
  readonly output: string;
  readonly decisions?: string;
  /** `tag:NAME`, `subscription` or `count:N`: several plans instead of one. */
  readonly splitBy?: string;
  /** An earlier plan whose decisions are taken over where nothing moved. */
  readonly fromPlan?: string;
}

/** Up to so many vaults a plan is made and shown in one piece. */
const inOnePiece = 250;

/**
 * Writes the plan and shows it. A plan with blocked vaults is written too: that is what a reviewer works on. The exit code says
 * whether all of it can be carried out, so that a pipeline can stop there.
 */
export async function planCommand(request: PlanRequest, io: Io): Promise<number> {
  if (request.output !== '-') await assertFolder(path.resolve(io.cwd, request.output));
  if (request.waveBy !== undefined) waveTag(request.waveBy);
  const split = request.splitBy === undefined ? undefined : parseSplitBy(request.splitBy);
  if (split !== undefined && request.output === '-')
    throw new KnownError('usage', 'USAGE', 'several plans cannot go to standard output', 'name a file with -o');
  const before = request.fromPlan === undefined ? undefined : await openPlan(request.fromPlan, io.cwd);
  const given = await selectionFromOptions(request.vaults, request, io);
  const selection = before !== undefined && isBlank(given) ? plannedSelection(before.head) : given;
  const config = await openConfig(request, io);
  const decisions = await readDecisionsFile(request.decisions, io);
  const session = await openSession(request, 'read', io);
  const earlier = before === undefined ? {} : { earlier: await earlierVaults(before, session) };
  const asked = { ...request, asked: selection, ...earlier, config };
  if (split !== undefined) {
    const read = session.readPieces(selection, { objectsOf: namesObjects(decisions) }, 0);
    return planParts({ place: session.place, pieces: read, inputs: planInputs(decisions, session, asked), split }, request, io);
  }
  const pieces = session.readPieces(selection, { objectsOf: namesObjects(decisions) }, inOnePiece);
  const first = await pieces.next();
  if (first.done === true) throw new Error('an estate has a piece at least');
  if (first.value.kind === 'whole')
    return planWhole(makePlan(first.value.estate, decisions, session, asked), first.value.estate, request, io);
  const inputs = planInputs(decisions, session, asked);
  return planLarge(planInPieces(session.place, withFirst(first.value, pieces), inputs), request, io);
}

async function planWhole(plan: Plan, estate: Estate, request: PlanRequest, io: Io): Promise<number> {
  const lines = encodePlan(plan).trimEnd().split('\n');
  if (request.output === '-') {
    await printLines(lines, io);
    return exitOfPlan(plan);
  }
  const place = path.resolve(io.cwd, request.output);
  await writeOutput(place, linesForFile(place, lines), 0o644);
  await show('plan', { plan, made: madeAlready(plan, estate) }, request, io);
  const view = viewOf(request, io);
  view.note(`plan written to ${plainText(request.output)}`);
  for (const line of afterPlan(plan, request.output)) view.note(line);
  return exitOfPlan(plan);
}

/** The lines go where they are to go as they are made; then what there is to know first is shown. */
async function planLarge(plan: PlanInPieces, request: PlanRequest, io: Io): Promise<number> {
  if (request.output === '-') await printLines(plan.lines(), io);
  else {
    const place = path.resolve(io.cwd, request.output);
    await writeOutput(place, linesForFile(place, plan.lines()), 0o644);
    await show('largePlan', { tally: plan.tally, tail: plan.tail, open: () => openPlan(request.output, io.cwd) }, request, io);
    const view = viewOf(request, io);
    view.note(`plan written to ${plainText(request.output)}`);
    for (const line of afterLargePlan(plan.tally, request.output)) view.note(line);
  }
  return exitOfTally(plan.tally, plan.tail);
}

function exitOfTally({ subscriptions }: PlanTally, { unreadable }: PlanTail): number {
  if ([...subscriptions.values()].some(({ states }) => states.blocked > 0)) return exitCode.blocked;
  return unreadable.length > 0 ? exitCode.undetermined : exitCode.done;
}

/** Several plans, each in a file named after its part. */
async function planParts({ place, pieces, inputs, split }: Parts, request: PlanRequest, io: Io): Promise<number> {
  const nameFile = partFiles(request.output);
  const files = new Map<string, string>();
  const plans = await planSplit(place, pieces, inputs, partNames(split), async (part, lines) => {
    const file = nameFile(part);
    files.set(part, file);
    const target = path.resolve(io.cwd, file);
    await writeOutput(target, linesForFile(target, lines), 0o644);
  });
  if (plans.size === 0) throw noVaults();
  const parts = [...plans].map(([part, { tally, tail }]) => ({ part, file: files.get(part) ?? '', tally, tail }));
  await show('planParts', parts, request, io);
  return Math.max(...parts.map(({ tally, tail }) => exitOfTally(tally, tail)));
}

interface Parts {
  readonly place: Parameters<typeof planSplit>[0];
  readonly pieces: AsyncIterable<EstatePiece>;
  readonly inputs: PlanInputs;
  readonly split: SplitBy;
}

/** `wave.json.gz` for part `1` is `wave-1.json.gz`; what a file name should not hold is left out, and no two parts share a name. */
function partFiles(output: string): (part: string) => string {
  const { dir, base } = path.parse(output);
  const [, stem = base, ending = ''] = /^(.+?)((?:\.[a-z0-9]+)*)$/i.exec(base) ?? [];
  const taken = new Set<string>();
  return (part) => {
    const word = part.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
    let name = word;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${word}-${number}`;
    taken.add(name.toLowerCase());
    return path.join(dir, `${stem}-${name}${ending}`);
  };
}

/** What a plan was asked for, to be asked for again. */
function plannedSelection({ selection = {} }: PlanHead): Selection {
  const { vaults = [], subscriptions = [], resourceGroups = [], managementGroups = [], tags = [] } = selection;
  return parseSelection({ vaults, subscriptions, resourceGroups, managementGroups, tags });
}

/** What an earlier plan records of the vaults that somebody decided about. */
async function earlierVaults(plan: OpenPlan, { place }: Pick<Session, 'place'>): Promise<NonNullable<PlanInputs['earlier']>> {
  assertSameTenant(plan.head, place);
  const found = new Map<string, EarlierVault>();
  for await (const { vaultId, entries, accepted, acceptedGains, basis } of plan.read()) {
    const scope = parseScope(vaultId);
    const decided = entries.filter(({ decision }) => decision !== undefined);
    if (scope === undefined || decided.length + (accepted?.length ?? 0) + (acceptedGains?.length ?? 0) === 0) continue;
    found.set(scope, {
      entries: decided,
      basis,
      ...(accepted !== undefined && { accepted }),
      ...(acceptedGains !== undefined && { acceptedGains }),
    });
  }
  return (scope) => found.get(scope);
}

async function* withFirst(first: EstatePiece, others: AsyncIterable<EstatePiece>): AsyncGenerator<EstatePiece> {
  yield first;
  yield* others;
}

async function printLines(lines: AsyncIterable<string> | Iterable<string>, io: Io): Promise<void> {
  for await (const line of lines) {
    io.out(`${line}\n`);
    await outputTaken();
  }
}

function exitOfPlan({ vaults, unreadable }: Plan): number {
  if (vaults.some((vault) => vault.state === 'blocked')) return exitCode.blocked;
  return unreadable.length > 0 ? exitCode.undetermined : exitCode.done;
}

/** @throws KnownError DECISIONS_UNREADABLE (usage). */
export async function readDecisionsFile(file: string | undefined, io: Pick<Io, 'cwd'>): Promise<Decisions> {
  if (file === undefined) return noDecisions;
  return readDecisions(await readTextDocument(file, io.cwd, aboutDecisions(file)), file);
}
