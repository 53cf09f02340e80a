import { headOf, type Plan } from '../../src/formats/plan.ts';
import type { Review } from '../../src/review/review.ts';
import { reviewBook } from '../../src/review/review-of.ts';
import { planOf } from './a-migration.ts';
import { aWorld } from './a-world.ts';
import { application, id, rawPolicy, rawVault, user } from './an-estate.ts';

export function reviewOf(plan: Plan): Review {
  const book = reviewBook(headOf(plan), plan.digest);
  for (const vault of plan.vaults) book.add(vault);
  return book.done(plan);
}

/** A plan of so many vaults, each with ten entries of people and applications of its own. */
export function largePlan(count: number): Plan {
  const names = Array.from({ length: count }, (_, at) => `kv-${String(at).padStart(4, '0')}`);
  const own = (vault: number, at: number) => id('d', vault * 20 + at + 1);
  const sets = [{ secrets: ['get', 'list'] }, { secrets: ['get', 'set'] }, { keys: ['get', 'sign'] }, { certificates: ['get', 'import'] }];
  const entries = Array.from({ length: 10 }, (_, at) => at);
  const people = names.flatMap((_, vault) => entries.map((at) => (at % 3 === 0 ? user(own(vault, at)) : application(own(vault, at)))));
  const vaults = names.map((name, vault) =>
    rawVault(
      name,
      entries.map((at) => rawPolicy(own(vault, at), sets[at % sets.length] ?? {})),
      { enableRbacAuthorization: false },
    ),
  );
  return planOf(aWorld(vaults, people));
}
