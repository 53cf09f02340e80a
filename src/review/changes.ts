import type { EntryPlan } from '../formats/plan.ts';
import { objectTypes } from '../model/access-policy.ts';
import { choiceInWords } from '../words/choice-words.ts';
import type { ReviewChange } from './review.ts';

type Role = { readonly id: string; readonly name: string };

/** @param roleAt the place of a role in the review's list. */
export function changeOf(entry: EntryPlan, roleAt: (role: Role) => number): ReviewChange {
  const { permissions, required, outcome, choice, objects = [], conditioned } = entry;
  const assigned = outcome === 'reproduce' ? choice : undefined;
  const extra = [assigned, conditioned, ...objects].flatMap((part) => part?.excess ?? []);
  return {
    permissions: objectTypes.flatMap((type) => (permissions[type].length === 0 ? [] : [`${type}: ${permissions[type].join(', ')}`])),
    required,
    outcome,
    roles: (assigned?.roles ?? []).map(roleAt),
    objects: objects.map(({ object, roles }) => ({ object, roles: roles.map(roleAt) })),
    ...(conditioned !== undefined && { conditioned: { condition: conditioned.condition, roles: conditioned.roles.map(roleAt) } }),
    extra: [...new Map(extra.map((one) => [one.dataAction, one])).values()],
    lost: lostBy(entry),
    open: outcome === 'undecided' ? openIn(entry) : [],
    because: assigned === undefined || !isTold(entry) ? '' : choiceInWords(assigned.because),
  };
}

/** Where access is limited to objects, only a role for the whole vault was chosen. */
function isTold({ objects, choice }: EntryPlan): boolean {
  return objects === undefined || (choice?.roles.length ?? 0) > 0;
}

/** What a decision gives up: data actions, and storage permissions, which no data action stands for. */
function lostBy({ dropped, decision, permissions }: EntryPlan): string[] {
  const storage = decision !== undefined && leavesStorage(decision) ? permissions.storage.map((word) => `storage/${word}`) : [];
  return [...new Set([...dropped, ...storage])];
}

function leavesStorage({ choice, keep = [] }: NonNullable<EntryPlan['decision']>): boolean {
  switch (choice) {
    case 'drop':
    case 'dropStorage':
    case 'keepExisting':
      return true;
    case 'narrow':
    case 'objectScope':
    case 'nameCondition':
      return !keep.some((word) => word.toLowerCase().startsWith('storage/'));
    case 'reproduce':
    case 'preferFewer':
    case 'customRole':
      return false;
  }
}

function openIn({ choice, required, held = [] }: EntryPlan): string[] {
  if (choice !== undefined && choice.uncovered.length > 0) return [...choice.uncovered];
  const has = new Set(held.flatMap(({ dataActions }) => dataActions));
  return required.filter((action) => !has.has(action));
}
