import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../src/formats/plan.ts';
import { readPlan } from '../../src/formats/plan-file.ts';

/** The plan that a command has written into the folder. */
export async function planIn(folder: string, file = 'keyturn-plan.json'): Promise<Plan> {
  return readPlan(await readFile(path.join(folder, file), 'utf8'));
}
