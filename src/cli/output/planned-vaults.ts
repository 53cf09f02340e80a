import type { Plan } from '../../formats/plan.ts';
import type { MadeAlready } from '../../plan/made-already.ts';
import type { Look } from '../../report/look.ts';
import { planDocument } from '../../report/plan-document.ts';
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

/** The plan in full: what the file leaves out because it follows from the rest is spelt out. */
export function plannedJson({ plan }: PlannedVaults): Iterable<string> {
  return planDocument(plan);
}
