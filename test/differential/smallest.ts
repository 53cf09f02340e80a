import { bothSides } from './ask-both.ts';
import { type Disagreement, disagreementOn } from './differential.ts';
import type { World } from './world.ts';

const lists = ['assignments', 'denies', 'instances', 'roles', 'vaults'] as const;

/** Takes rows away as long as the two still disagree in the same words: what is left is what a person has to read. */
export function smallest(found: Disagreement): Disagreement {
  let least = found;
  for (const list of lists) {
    for (let at = least.world[list].length - 1; at >= 0; at -= 1) {
      const row = least.world[list][at];
      const world: World = { ...least.world, [list]: least.world[list].filter((one) => one !== row) };
      least = stillDisagreeing(world, least) ?? least;
    }
  }
  return least;
}

function stillDisagreeing(world: World, { what, question }: Disagreement): Disagreement | undefined {
  if (!world.vaults.some(({ id }) => id === question.vault)) return undefined;
  const { what: now, access, sandbox } = disagreementOn(question, bothSides(world));
  return now === what ? { what, question, access, sandbox, world } : undefined;
}
