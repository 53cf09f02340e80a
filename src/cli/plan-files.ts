import path from 'node:path';
import type { Plan } from '../formats/plan.ts';
import { encodePlan, readPlan } from '../formats/plan-file.ts';
import { atomicWrite } from '../local/atomic-write.ts';
import { assertOwnWords } from '../plan/assert-own-words.ts';
import { readTextFile } from './read-text-file.ts';

/** @throws KnownError PLAN_UNREADABLE, PLAN_FORMAT (usage), PLAN_EDITED or PLAN_DIFFERS (blocked). */
export async function loadPlan(file: string, cwd: string): Promise<Plan> {
  const plan = readPlan(await readTextFile(file, cwd, 'the plan', 'PLAN_UNREADABLE'));
  assertOwnWords(plan);
  return plan;
}

export async function savePlan(plan: Plan, file: string, cwd: string): Promise<void> {
  await atomicWrite(path.resolve(cwd, file), encodePlan(plan), 0o644);
}
