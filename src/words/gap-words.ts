import { compareText } from '../base/compare-text.ts';
import { shortAction } from '../model/data-action.ts';
import type { Gap } from '../model/gap.ts';
import { findingWords } from './finding-words.ts';
import { reasonsInWords } from './reason-words.ts';

/** What keeps a vault from being covered, and what to do about it. */
export interface GapWords {
  readonly line: string;
  readonly next: string;
}

export function gapInWords(gap: Gap): GapWords {
  switch (gap.kind) {
    case 'entry': {
      const { message: line, remedy: next } = findingWords(gap.finding);
      return { line, next };
    }
    case 'gainsUnread':
      return {
        line: `who gains by the flip is not known: role assignments could not be read: ${gap.text}`,
        next: 'get the right to read role assignments, then verify again',
      };
    case 'access':
      return { line: accessLine(gap), next: nextFor(gap) };
    case 'gain':
      return { line: gainLine(gap), next: 'run `keyturn plan` again, and have who gains reviewed' };
  }
}

/** All that keeps a vault from being covered, a line each: its gaps, then what Azure has against it. */
export function linesAgainst({
  gaps,
  secondOpinion,
}: {
  readonly gaps: readonly Gap[];
  readonly secondOpinion?: { readonly against: readonly string[] };
}): readonly string[] {
  return [...gaps.map((gap) => gapInWords(gap).line), ...(secondOpinion?.against ?? [])];
}

type Of<Kind extends Gap['kind']> = Extract<Gap, { readonly kind: Kind }>;

function accessLine({ who, state, lack, dataActions, because, permissionModel }: Of<'access'>): string {
  const [surely, perhaps] = permissionModel === 'azureRbac' ? ['lacks', 'may lack'] : ['would lose', 'may lose'];
  const word = state === 'uncovered' && lack !== 'decision' ? surely : perhaps;
  const actions = [...new Set(dataActions.map(shortAction))].sort(compareText);
  return `${shown(who)} ${word} ${actions.join(', ')}: ${reasonsInWords(because)}`;
}

function nextFor(gap: Of<'access'>): string {
  switch (gap.lack) {
    case 'assignment':
      return nextForMissing(gap);
    case 'decision':
      return nextForDecision(gap);
    case 'making':
      return 'run `keyturn apply` with the plan, which makes what is planned';
    case 'age':
      return 'wait until the role assignment is old enough to have taken effect, then verify again';
    case 'denied':
      return 'ask the owner of the deny assignment to exclude the principal, or decide in the plan to give the access up: no role outweighs a deny';
    case 'fact':
      return 'get the right to read what could not be read, then verify again';
    case 'principal':
      return 'find out who it is, or decide in the plan to drop the entry';
  }
}

function nextForDecision({ permissionModel }: Of<'access'>): string {
  return permissionModel === 'azureRbac'
    ? 'assign the role to the principal itself; if a decision relies on the group, verify with the plan that holds the decision'
    : 'run `keyturn plan`: it gives the principal an assignment of its own, or takes your decision `keepExisting` to rely on the group';
}

/** On Azure RBAC a plan repairs: it makes what the stored policies give and no role does. */
function nextForMissing({ vault, permissionModel, planned }: Of<'access'>): string {
  if (permissionModel === 'azureRbac') {
    return `run \`keyturn plan ${vault}\`: it plans what the stored policies give and no role does, and \`keyturn apply\` makes it at once; if a decision gave it up, verify with the plan that holds the decision`;
  }
  return planned
    ? 'run `keyturn plan` again: this plan does not cover it'
    : 'run `keyturn plan`: it proposes the roles that are missing, or takes your decision to give the access up';
}

function gainLine({ who, dataActions, certain, assignmentId, permissionModel }: Of<'gain'>): string {
  const [surely, perhaps] = permissionModel === 'azureRbac' ? ['has', 'may have'] : ['would gain', 'may gain'];
  const actions = dataActions.map(shortAction).join(', ');
  return `${shown(who)} ${certain ? surely : perhaps} ${actions}, which the plan does not list: ${assignmentId}`;
}

/** By name and object id, or by the id alone when nobody knows the name. */
function shown({ id, name }: Of<'gain'>['who']): string {
  return name === '' ? `\`${id}\`` : `\`${name}\` (${id})`;
}
