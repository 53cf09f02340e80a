import { shortAction } from '../../model/data-action.ts';
import { plainText } from '../plain-text.ts';

type Tiered = { readonly dataAction: string; readonly tier: string };

/** Data actions by how bad they are to hold: `secrets/purge (A); keys/read, secrets/readMetadata (D)`. */
export function tieredWords(actions: readonly Tiered[]): string {
  const tiers = [...new Set(actions.map(({ tier }) => tier))].sort();
  return tiers
    .map((tier) => {
      const names = actions.filter((action) => action.tier === tier).map(({ dataAction }) => plainText(shortAction(dataAction)));
      return `${names.join(', ')} (${tier})`;
    })
    .join('; ');
}

/** What the letters stand for, worst first. */
export const tierLegend =
  '(A) reads secret values or destroys for good, (B) uses, replaces or copies what is protected, (C) settings and undo, (D) metadata and public keys';
