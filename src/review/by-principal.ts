import { shortAction } from '../model/data-action.ts';
import { gainWords } from './access-answers.ts';
import type { Review } from './review.ts';
import { reviewNames, whereOf } from './review-names.ts';

/** What becomes of one principal in all vaults of a review, the same thing once. */
export interface PrincipalView {
  readonly principal: number;
  readonly title: string;
  readonly rows: readonly { readonly text: string; readonly vaults: readonly string[] }[];
}

/** In the order of most vaults; those without any are left out. */
export function byPrincipal(review: Review): readonly PrincipalView[] {
  const names = reviewNames(review);
  const found = new Map<number, Map<string, string[]>>();
  const say = (principal: number, text: string, vault: string) => {
    const rows = found.get(principal) ?? new Map<string, string[]>();
    found.set(principal, rows);
    const vaults = rows.get(text) ?? [];
    rows.set(text, vaults);
    if (vaults.at(-1) !== vault) vaults.push(vault);
  };
  const entryWords = review.changes.map((change) => changeWords(change, review));
  for (const vault of review.vaults) {
    for (const { principal, change, decision, applicationId } of vault.entries) {
      const one = decision === undefined ? undefined : review.decisions[decision];
      const through = applicationId === undefined ? '' : ` (through application ${applicationId})`;
      const by = one === undefined ? '' : `; decided: \`${one.choice}\`, because: ${one.reason}`;
      say(principal, `${entryWords[change] ?? ''}${through}${by}`, vault.name);
    }
    for (const { gain, principal } of vault.gains) {
      const one = review.gains[gain];
      if (one !== undefined) say(principal, gainWords(one, names, whereOf(one.scope, vault.id)), vault.name);
    }
  }
  return [...found]
    .map(([principal, rows]) => ({
      principal,
      title: names.whole(principal),
      rows: [...rows].map(([text, vaults]) => ({ text, vaults })),
    }))
    .sort((a, b) => (review.principals[b.principal]?.vaults ?? 0) - (review.principals[a.principal]?.vaults ?? 0));
}

function changeWords({ permissions, outcome, roles, objects, conditioned, lost, open }: Review['changes'][number], review: Review): string {
  const before = permissions.length === 0 ? 'no permission' : permissions.join('; ');
  const assigned = [
    ...roles.map((at) => `\`${review.roles[at]?.name ?? ''}\``),
    ...(conditioned?.roles ?? []).map((at) => `\`${review.roles[at]?.name ?? ''}\` under a condition on names`),
    ...objects.flatMap(({ object, roles: on }) => on.map((at) => `\`${review.roles[at]?.name ?? ''}\` on ${object}`)),
  ];
  const parts = [
    ...(assigned.length === 0 ? [outcomeWords[outcome]] : [assigned.join(', ')]),
    ...(lost.length === 0 ? [] : [`loses ${lost.map(shortAction).join(', ')}`]),
    ...(open.length === 0 ? [] : [`open: ${open.map(shortAction).join(', ')}`]),
  ];
  return `${before} becomes ${parts.join('; ')}`;
}

const outcomeWords = {
  reproduce: 'what is held already',
  alreadyCovered: 'what is held already',
  drop: 'nothing',
  inert: 'nothing, as it grants nothing today',
  undecided: 'undecided',
} as const;
