import type { Plan, PlanBody } from '../formats/plan.ts';

const kinds = {
  vaults: 'vault',
  subscriptions: '--subscription',
  resourceGroups: '--resource-group',
  managementGroups: '--management-group',
  tags: '--tag',
} as const;

/** What a plan was asked for, in words. */
export function selectionWords(selection: NonNullable<PlanBody['selection']>): string {
  const said = Object.entries(kinds).flatMap(([kind, word]) => {
    const values = selection[kind as keyof typeof kinds] ?? [];
    if (kind === 'vaults' && values.length > 1) return [`${values.length} vaults by name`];
    return values.map((value) => `${word} ${value}`);
  });
  return said.length === 0 ? 'every vault in reach' : said.join(' ');
}

/** Whether nobody named anything: neither a vault nor a place nor a tag. */
export function meansEverything(selection: PlanBody['selection']): boolean {
  return selection !== undefined && Object.values(selection).every((values) => values.length === 0);
}

/** What a reviewer has to know to see whether too much was selected. */
export function askedFor({ selection }: Pick<Plan, 'selection'>): readonly string[] {
  return selection === undefined ? [] : [`made for ${selectionWords(selection)}`];
}
