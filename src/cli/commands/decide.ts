import { stat } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, KnownError } from '../../base/known-error.ts';
import { writeOutput } from '../../local/output-file.ts';
import { type ToDecide, toDecide } from '../../plan/decisions-skeleton.ts';
import { namedVaults } from '../../plan/named-vaults.ts';
import { plainText } from '../../report/plain-text.ts';
import { decisionsDocument, type Skeleton, skeletonOf } from '../decisions-file.ts';
import type { Io } from '../io.ts';
import { afterDecide } from '../next-steps.ts';
import type { CommonOptions } from '../options.ts';
import { openPlan } from '../plan-files.ts';
import { viewOf } from '../view.ts';

export interface DecideRequest extends CommonOptions {
  readonly plan: string;
  readonly vault?: readonly string[];
  readonly output: string;
}

/**
 * Writes a decisions file with everything in a plan that is undecided or worth deciding, for a person to fill in. It asks nobody but the
 * plan, and writes over no file: there may be somebody's words in it.
 * @throws KnownError VAULT_NOT_PLANNED, USAGE (usage).
 */
export async function decideCommand(request: DecideRequest, io: Io): Promise<number> {
  const place = path.resolve(io.cwd, request.output);
  if (request.output !== '-' && (await stat(place).catch(() => undefined)) !== undefined) {
    const message = `\`${request.output}\` is there already, and may hold what somebody decided`;
    throw new KnownError('usage', 'USAGE', message, 'name another file with -o, or - for standard output');
  }
  const plan = await openPlan(request.plan, io.cwd);
  const wanted = request.vault === undefined ? undefined : new Set(namedVaults(plan.vaults, request.vault).map(({ vaultId }) => vaultId));
  const found: ToDecide[] = [];
  for await (const vault of plan.read(wanted)) found.push(toDecide(vault));
  const skeleton = skeletonOf(found);
  const view = viewOf(request, io);
  if (isEmpty(skeleton)) {
    view.note('nothing in the plan is undecided or worth deciding: no file is written');
    return exitCode.done;
  }
  const text = await decisionsDocument(skeleton, request.output);
  if (request.output === '-') io.out(text);
  else await writeOutput(place, text, 0o644);
  for (const line of countsOf(skeleton)) view.note(line);
  if (request.output === '-') return exitCode.done;
  view.note(`written to ${plainText(request.output)}`);
  for (const line of afterDecide(request.output)) view.note(line);
  return exitCode.done;
}

function isEmpty({ decisions, rules, acceptances, gains }: Skeleton): boolean {
  return decisions.length + rules.length + acceptances.length + gains.length === 0;
}

function countsOf({ decisions, rules, acceptances, gains }: Skeleton): readonly string[] {
  const counted = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);
  return [
    [
      ...counted(decisions.length, 'entry to decide', 'entries to decide'),
      ...counted(rules.length, 'rule for several entries', 'rules for several entries'),
      ...counted(acceptances.length, 'finding to accept', 'findings to accept'),
      ...counted(gains.length, 'gain at the flip to accept', 'gains at the flip to accept'),
    ].join(', '),
  ];
}
