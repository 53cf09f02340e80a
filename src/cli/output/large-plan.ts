import type { PlanTail } from '../../formats/plan.ts';
import { type Look, plainLook } from '../../report/look.ts';
import { documentEnd, documentStart, documentVault } from '../../report/plan-document.ts';
import type { PlanTally } from '../../report/plan-tally.ts';
import { tallyText } from '../../report/tally-text.ts';
import type { OpenPlan } from '../plan-files.ts';

export interface LargePlan {
  readonly tally: PlanTally;
  readonly tail: PlanTail;
  readonly open: () => Promise<OpenPlan>;
}

export function largePlanText({ tally, tail }: LargePlan, look: Look): readonly string[] {
  return tallyText(tally, tail, look);
}

export function largePlanMarkdown({ tally, tail }: LargePlan): readonly string[] {
  const text = tallyText(tally, tail, plainLook);
  const longest = Math.max(2, ...[...text.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return ['# Plan', '', `${fence}text`, ...text, fence];
}

/** The whole plan in full, read again from its file: one vault is in memory at a time. */
export async function* largePlanJson({ open }: LargePlan): AsyncGenerator<string> {
  const plan = await open();
  yield documentStart(plan.head);
  let at = 0;
  for await (const vault of plan.read()) yield documentVault(vault, at++);
  yield documentEnd(plan.tail, plan.digest);
}
