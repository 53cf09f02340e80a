import type { CandidateRole } from '../../src/mapping/candidates.ts';
import type { Catalogue } from '../../src/model/catalogue.ts';

/** What the plainest possible search finds: every subset of the roles is looked at, with sets of strings. */
export interface BruteAnswer {
  readonly ids: readonly string[];
  readonly uncovered: readonly string[];
  readonly price: number;
}

interface Subset {
  readonly ids: readonly string[];
  readonly gives: ReadonlySet<string>;
  readonly patterns: number;
}

/** All subsets of the roles with what they give; 2^n of them, so the caller makes them once. */
export function allSubsets(roles: readonly CandidateRole[]): readonly Subset[] {
  return Array.from({ length: 2 ** roles.length }, (_, number) => {
    const picked = roles.filter((_role, position) => Math.floor(number / 2 ** position) % 2 === 1);
    return {
      ids: picked.map((role) => role.id as string).sort(),
      gives: new Set(picked.flatMap((role) => role.dataActions)),
      patterns: new Set(picked.flatMap((role) => role.controlPlane.map((pattern) => pattern.toLowerCase()))).size,
    };
  });
}

export function bruteForce(
  subsets: readonly Subset[],
  catalogue: Catalogue,
  required: readonly string[],
  held: readonly string[],
  prefer: 'narrow' | 'fewest' = 'narrow',
): BruteAnswer {
  const weightOf = new Map(catalogue.dataActions.map((action) => [action.name, catalogue.weights[action.tier]]));
  const wanted = required.filter((name) => !held.includes(name));
  const free = new Set([...required, ...held]);
  let best: { answer: BruteAnswer; rank: readonly (number | string)[] } | undefined;
  for (const subset of subsets) {
    const uncovered = wanted.filter((name) => !subset.gives.has(name));
    let price = 0;
    for (const name of subset.gives) if (!free.has(name)) price += weightOf.get(name) ?? 0;
    const [first, second] = prefer === 'narrow' ? [price, subset.ids.length] : [subset.ids.length, price];
    const rank = [uncovered.length, first, second, subset.patterns, subset.ids.join()];
    if (best === undefined || before(rank, best.rank))
      best = { answer: { ids: subset.ids, uncovered: [...uncovered].sort(), price }, rank };
  }
  if (best === undefined) throw new Error('no subsets were given');
  return best.answer;
}

function before(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  const differs = a.findIndex((item, i) => item !== b[i]);
  return differs >= 0 && (a[differs] ?? 0) < (b[differs] ?? 0);
}
