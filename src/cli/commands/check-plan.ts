import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../io.ts';
import { isFile } from '../read-text-file.ts';
import { viewOf } from '../view.ts';
import { diffCommand } from './diff.ts';
import { type PlanRequest, planCommand } from './plan.ts';
import { showCommand } from './show.ts';

/**
 * Makes the plan as `plan` would, and writes none: where there is one already, what would move is shown, else the plan. The exit code is
 * that of the plan.
 */
export async function checkPlanCommand(request: PlanRequest, io: Io): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyturn-check-'));
  try {
    const output = path.join(folder, 'plan.json.gz');
    const code = await planCommand({ ...request, quiet: true, output }, { ...io, out: () => undefined });
    if (await isFile(path.resolve(io.cwd, request.output))) await diffCommand({ ...request, old: request.output, plan: output }, io);
    else await showCommand({ ...request, plan: output, vaults: [] }, io);
    viewOf(request, io).note('nothing was written');
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
