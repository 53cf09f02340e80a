import { compareText } from '../../base/compare-text.ts';
import { shortAction } from '../../model/data-action.ts';
import { plainText } from '../plain-text.ts';
import { tieredWords } from './tiered-words.ts';

type Tiered = { readonly dataAction: string; readonly tier: string };

const most = 12;
const first = 8;

/** Data actions worst first with their tiers; of many the worst ones and how many more there are. */
export function someTiered(actions: readonly Tiered[]): string {
  return cut(byTier(actions), tieredWords);
}

/** The same without tiers, for what is only to be recognised. */
export function someActions(actions: readonly Tiered[]): string {
  return cut(byTier(actions), (some) => some.map(({ dataAction }) => plainText(shortAction(dataAction))).join(', '));
}

function byTier(actions: readonly Tiered[]): readonly Tiered[] {
  return [...actions].sort((a, b) => compareText(a.tier, b.tier) || compareText(a.dataAction, b.dataAction));
}

function cut(actions: readonly Tiered[], words: (some: readonly Tiered[]) => string): string {
  return actions.length <= most ? words(actions) : `${words(actions.slice(0, first))} and ${actions.length - first} more`;
}
