import { type Phase, reaches } from '../formats/phases.ts';
import type { Plan } from '../formats/plan.ts';
import { plainText } from '../report/plain-text.ts';
import { meansEverything, selectionWords } from '../report/selection-words.ts';
import type { Session } from './session.ts';

/** So many vaults are named before the rest is counted. */
const named = 10;

/** What carrying out a plan will do, where and as whom: told before anything is written, asked about or not. */
export function whatIsDone(plan: Plan, through: Phase, { place, operatorId }: Pick<Session, 'place' | 'operatorId'>): readonly string[] {
  const ready = plan.vaults.filter(({ state }) => state === 'ready' || state === 'repair');
  const repaired = ready.filter(({ state }) => state === 'repair').length;
  const steps = ready.flatMap((vault) => vault.steps);
  const count = (kind: (typeof steps)[number]['kind'], what: string) => {
    const made = new Set(steps.flatMap((step) => (step.kind === kind ? step.id : []))).size;
    return `${made} ${what}${made === 1 ? '' : 's'}`;
  };
  const roles = steps.some((step) => step.kind === 'ensureRoleDefinition') ? ` and ${count('ensureRoleDefinition', 'custom role')}` : '';
  const flips = reaches(through, 'flip') && repaired < ready.length;
  const flip = flips ? 'then the flip to Azure RBAC' : 'no flip';
  const names = ready.slice(0, named).map((vault) => vault.name);
  const more = ready.length > named ? ` and ${ready.length - named} more` : '';
  const asked = plan.selection === undefined ? [] : [`  the plan was made for ${selectionWords(plan.selection)}`];
  return [
    `${ready.length} vault${ready.length === 1 ? '' : 's'}: ${names.join(', ')}${more}`,
    ...asked,
    `  ${count('ensureRoleAssignment', 'role assignment')}${roles}, ${flip}`,
    ...(repaired === 0 ? [] : [`  ${repaired} of them on Azure RBAC already: what they lack is made at once`]),
    `  in tenant ${place.tenantId} (${place.cloud}), signed in as ${operatorId}`,
  ].map(plainText);
}

/**
 * Whether a person at a terminal is asked although `--yes` was given: several vaults, and nobody named a single one of them or a
 * place or a tag. What was meant to be one wave is easily the whole estate.
 */
export function asksAnyway({ selection, vaults }: Plan): boolean {
  return meansEverything(selection) && vaults.filter(({ state }) => state === 'ready' || state === 'repair').length > 1;
}
