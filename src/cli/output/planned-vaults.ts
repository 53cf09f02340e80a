import type { Plan } from '../../formats/plan.ts';
import { encodePlan } from '../../formats/plan-file.ts';
import type { MadeAlready } from '../../plan/made-already.ts';
import type { Look } from '../../report/look.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { planText } from '../../report/plan-text.ts';

export interface PlannedVaults {
  readonly plan: Plan;
  /** What of it stands already. */
  readonly made: MadeAlready;
}

export function plannedText({ plan, made }: PlannedVaults, look: Look): readonly string[] {
  return planText(plan, look, made);
}

export function plannedMarkdown({ plan, made }: PlannedVaults): readonly string[] {
  return planMarkdown(plan, made);
}

/** The plan file itself. */
export function plannedJson({ plan }: PlannedVaults): readonly string[] {
  return [encodePlan(plan)];
}
