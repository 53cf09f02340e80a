import type { ChoiceReason } from '../model/choice-reason.ts';
import { shortAction } from '../model/data-action.ts';

/** Thousands of entries and assignments share a handful of reasons. */
const made = new WeakMap<readonly ChoiceReason[], string>();

/** Why roles were chosen, as one text for somebody who has to approve them; empty where nothing is said. */
export function choiceInWords(reasons: readonly ChoiceReason[]): string {
  const known = made.get(reasons);
  if (known !== undefined) return known;
  const words = reasons.map(reasonWords).join(' ');
  made.set(reasons, words);
  return words;
}

function reasonWords(reason: ChoiceReason): string {
  switch (reason.kind) {
    case 'nothingAsked':
      return 'The entry asks for nothing, so nothing is assigned.';
    case 'nothingKnown':
      return 'Nothing that the entry asks for is known, so nothing is assigned.';
    case 'heldAlready':
      return 'Existing assignments already give what is needed.';
    case 'exact':
      return `${chosen(reason)} an exact ${cover(reason)}.`;
    case 'narrowest':
      return `${chosen(reason)} ${narrowest(reason)} ${cover(reason)}${extra(reason)}.`;
    case 'noneGives':
      return `No permitted role gives ${listed(reason.dataActions.map(shortAction))}.`;
    case 'idle':
      return `${listed(reason.dataActions.map(shortAction))} can do nothing while purge protection is on, and it cannot be turned off.`;
    case 'storageLeft':
      return 'Managing storage accounts is left for a person to decide.';
    case 'customRole':
      return customRoleWords(reason);
    case 'namedSecretsOnly':
      return 'decided: only for the named secrets';
    case 'objectOnly':
      return `decided: only on ${reason.object}`;
  }
}

type Of<Kind extends ChoiceReason['kind']> = Extract<ChoiceReason, { readonly kind: Kind }>;

function chosen({ roles }: Of<'exact' | 'narrowest'>): string {
  return `${listed(roles)} ${roles.length === 1 ? 'is' : 'are'}`;
}

function cover({ whole }: Of<'exact' | 'narrowest'>): string {
  return whole ? 'cover of the entry' : 'cover of what can be covered';
}

function narrowest({ roles, fewest }: Of<'narrowest'>): string {
  const best = fewest ? 'of the fewest roles the narrowest' : 'the narrowest';
  return roles.length === 1 ? best : `together ${best}`;
}

function extra({ heavy, settings, metadata }: Of<'narrowest'>): string {
  const lesser = [
    ...(settings > 0 ? [`${settings} on settings and undo`] : []),
    ...(metadata > 0 ? [`${metadata} on metadata or public keys`] : []),
  ];
  return heavy.length === 0
    ? `; the extra data actions are low risk: ${listed(lesser)}`
    : `, with extra access: ${listed([...heavy.map(shortAction), ...lesser])}`;
}

/** So many data actions are told by name. */
const mostNamed = 6;

function customRoleWords({ role, dataActions }: Of<'customRole'>): string {
  const named = dataActions.length > mostNamed ? '' : ` (${dataActions.map(shortAction).join(', ')})`;
  return `${role} has exactly the ${dataActions.length} data actions of the entry${named}, and no control-plane actions.`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** Reasons as JSON gives them: the text that a person reads, and the same as data. */
export interface ToldChoice {
  readonly because: string;
  readonly reasons: readonly ChoiceReason[];
}

export function toldChoice(reasons: readonly ChoiceReason[]): ToldChoice {
  return { because: choiceInWords(reasons), reasons };
}
