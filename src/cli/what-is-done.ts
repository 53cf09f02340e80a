import { type Phase, reaches } from '../formats/phases.ts';
import type { Plan } from '../formats/plan.ts';
import { plainText } from '../report/plain-text.ts';
import { meansEverything, selectionWords } from '../report/selection-words.ts';
import { shellWord } from './runnable.ts';
import type { Session } from './session.ts';

/** So many vaults are named before the rest is counted. */
const named = 10;

/** What carrying out a plan will do, where and as whom: told before anything is written, asked about or not. */
export function whatIsDone(
  plan: Plan,
  through: Phase,
  { place, operatorId }: Pick<Session, 'place' | 'operatorId'>,
  file: string,
): readonly string[] {
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
    `  to go back: ${goBackWords(flips, file)}`,
  ].map(plainText);
}

function goBackWords(flips: boolean, file: string): string {
  const rollback = `keyturn rollback ${shellWord(plainText(file))}`;
  return flips
    ? `\`${rollback}\`, at any time; with \`--remove-assignments\` it also removes what was made`
    : `\`${rollback} --remove-assignments\` removes what was made`;
}

/** What a rollback will do, where and as whom. */
export function whatGoesBack(
  names: readonly string[],
  { removes }: { readonly removes: boolean },
  { place, operatorId }: Pick<Session, 'place' | 'operatorId'>,
): readonly string[] {
  const more = names.length > named ? ` and ${names.length - named} more` : '';
  return [
    `${names.length} vault${names.length === 1 ? '' : 's'}: ${names.slice(0, named).join(', ')}${more}`,
    `  back to the access policies${removes ? ', and what keyturn made is removed' : '; what keyturn made stays, and does nothing there'}`,
    `  in tenant ${place.tenantId} (${place.cloud}), signed in as ${operatorId}`,
    '  to go forward again: apply the plan once more',
  ].map(plainText);
}

/**
 * Whether a person at a terminal is asked although `--yes` was given: several vaults, and nobody named a single one of them or a
 * place or a tag. What was meant to be one wave is easily the whole estate.
 */
export function asksAnyway({ selection, vaults }: Plan): boolean {
  return meansEverything(selection) && vaults.filter(({ state }) => state === 'ready' || state === 'repair').length > 1;
}
