import { exitCode } from '../../base/known-error.ts';
import { vaultSince } from '../../review/moves.ts';
import type { PlanMoves } from '../../review/plan-moves.ts';
import { earlierPlan } from '../earlier-plan.ts';
import type { Io } from '../io.ts';
import type { CommonOptions } from '../options.ts';
import { show } from '../output/show.ts';
import { type OpenPlan, openPlan } from '../plan-files.ts';

export interface DiffRequest extends CommonOptions {
  readonly old: string;
  readonly plan: string;
}

/** What moved between two plans, from the files alone. @throws KnownError as reading a plan does. */
export async function diffCommand(request: DiffRequest, io: Io): Promise<number> {
  const [old, plan] = [await openPlan(request.old, io.cwd), await openPlan(request.plan, io.cwd)];
  const earlier = earlierPlan(old, plan);
  const moves: PlanMoves = {
    format: 'keyturn-plan-moves',
    formatVersion: 1,
    from: sideOf(old),
    to: sideOf(plan),
    moved: [],
    new: [],
    gone: [...earlier.gone],
    same: 0,
  };
  for await (const vault of plan.read()) {
    const { vaultId: id, name } = vault;
    const since = vaultSince(await earlier.of(id), vault);
    if (since.state === 'new') moves.new.push({ id, name });
    else if (since.state === 'moved') moves.moved.push({ id, name, moves: since.moves });
    else moves.same += 1;
  }
  await show('diff', moves, request, io);
  return exitCode.done;
}

function sideOf({ digest, head }: OpenPlan): PlanMoves['from'] {
  return { digest, toolVersion: head.toolVersion };
}
