import type { ChoiceReason } from '../../model/choice-reason.ts';
import type { RoleChoice } from '../role-choice.ts';
import type { Preference } from './cheapest-cover.ts';

type Weighed = Omit<RoleChoice, 'because'>;

/** Why these roles and no narrower ones, for somebody who has to approve them. `idle`: what of the excess can do nothing. */
export function whyChosen(choice: Weighed, prefer: Preference = 'narrow', idle: readonly string[] = []): readonly ChoiceReason[] {
  const { roles, covered, uncovered } = choice;
  if (covered.length === 0 && uncovered.length === 0) return [{ kind: 'nothingAsked' }];
  const whole = uncovered.length === 0;
  return [
    ...(roles.length > 0 ? [whyRoles(choice, prefer, idle)] : covered.length > 0 ? [{ kind: 'heldAlready' } as const] : []),
    ...(whole ? [] : [{ kind: 'noneGives', dataActions: uncovered } as const]),
    ...(idle.length === 0 ? [] : [{ kind: 'idle', dataActions: idle } as const]),
  ];
}

function whyRoles({ roles, uncovered, excess }: Weighed, prefer: Preference, idle: readonly string[]): ChoiceReason {
  const told = { roles: roles.map((role) => role.name), whole: uncovered.length === 0 };
  const works = excess.filter(({ dataAction }) => !idle.includes(dataAction));
  if (works.length === 0) return { kind: 'exact', ...told };
  const heavy = works.filter(({ tier }) => tier === 'A' || tier === 'B').map(({ dataAction }) => dataAction);
  const settings = works.filter(({ tier }) => tier === 'C').length;
  return { kind: 'narrowest', ...told, fewest: prefer === 'fewest', heavy, settings, metadata: works.length - heavy.length - settings };
}
