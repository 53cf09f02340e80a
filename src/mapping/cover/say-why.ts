import { shortAction } from '../../model/data-action.ts';
import type { RoleChoice } from '../role-choice.ts';
import type { Preference } from './cheapest-cover.ts';

/** One sentence on why these roles and no narrower ones, for somebody who has to approve them. */
export function sayWhy(choice: Omit<RoleChoice, 'because'>, prefer: Preference = 'narrow'): string {
  const { roles, covered, uncovered } = choice;
  if (covered.length === 0 && uncovered.length === 0) return 'The entry asks for nothing, so nothing is assigned.';
  const gap = uncovered.length === 0 ? '' : ` No permitted role gives ${listed(uncovered.map(shortAction))}.`;
  if (roles.length === 0) return covered.length === 0 ? gap.trim() : `Existing assignments already give what is needed.${gap}`;
  const names = listed(roles.map((role) => role.name));
  return `${names} ${roles.length === 1 ? 'is' : 'are'} ${besides(choice, prefer)}.${gap}`;
}

function besides({ roles, uncovered, excess }: Omit<RoleChoice, 'because'>, prefer: Preference): string {
  const cover = uncovered.length === 0 ? 'cover of the entry' : 'cover of what can be covered';
  if (excess.length === 0) return `an exact ${cover}`;
  const heavy: string[] = [];
  let [settings, metadata] = [0, 0];
  for (const { dataAction, tier } of excess) {
    if (tier === 'D') metadata += 1;
    else if (tier === 'C') settings += 1;
    else heavy.push(shortAction(dataAction));
  }
  const lesser = [
    ...(settings > 0 ? [`${settings} on settings and undo`] : []),
    ...(metadata > 0 ? [`${metadata} on metadata or public keys`] : []),
  ];
  const best = prefer === 'fewest' ? 'of the fewest roles the narrowest' : 'the narrowest';
  const which = roles.length === 1 ? best : `together ${best}`;
  if (heavy.length === 0) return `${which} ${cover}; the extra data actions are low risk: ${listed(lesser)}`;
  return `${which} ${cover}, with extra access: ${listed([...heavy, ...lesser])}`;
}

/** What comes along and can do nothing, as a sentence of its own; no words where nothing does. */
export function saysIdle(idle: readonly string[]): string {
  if (idle.length === 0) return '';
  return ` ${listed(idle.map(shortAction))} can do nothing while purge protection is on, and it cannot be turned off.`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
