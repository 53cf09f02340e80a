import { compareText } from '../base/compare-text.ts';
import type { CandidateSet, CompiledRole } from './candidate-set.ts';
import { type ActionSet, minus, overlap, union } from './cover/action-set.ts';
import { cheapestCover, type Preference } from './cover/cheapest-cover.ts';
import { whyChosen } from './cover/why-chosen.ts';
import type { RoleChoice } from './role-choice.ts';

export interface ChoiceRequest {
  /** Data actions that the principal has to be able to use at the vault and every object in it. */
  readonly required: readonly string[];
  /** Data actions the principal durably holds at the vault already: free, and not covered a second time. */
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
  /** `fewest`: few assignments before little excess, where a person decided so. */
  readonly prefer?: Preference;
}

const memoryLimit = 5000;

/**
 * The narrowest set of candidate roles, exactly: cover all, then least risk-weighted excess, fewest
 * assignments, fewest control-plane patterns, smallest ids. What no candidate gives is named in `uncovered`, and the rest is
 * covered all the same. Pure; the same request gives the same value.
 */
export function chooseRoles({ required, held, candidates, prefer = 'narrow' }: ChoiceRequest): RoleChoice {
  const { index, memory, kept } = candidates;
  const unknown = required.filter((name) => !index.knows(name));
  const wanted = index.setOf(required);
  const already = index.setOf(held);
  const key = `${prefer} ${wanted.low} ${wanted.high} ${already.low} ${already.high} ${unknown.join()}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const choice = decide(wanted, already, unknown, candidates, prefer);
  if (memory.has(key)) kept.add(choice);
  else if (memory.size >= memoryLimit) forget(candidates);
  memory.set(key, memory.has(key) ? choice : undefined);
  return choice;
}

function forget({ memory, kept, controlPlanes }: CandidateSet): void {
  memory.clear();
  kept.clear();
  controlPlanes.clear();
}

function decide(wanted: ActionSet, held: ActionSet, unknown: readonly string[], candidates: CandidateSet, prefer: Preference): RoleChoice {
  const { index, roles } = candidates;
  const reach = union(roles);
  const needed = minus(wanted, held);
  const free = union([wanted, held]);
  const picked = cheapestCover(candidates, overlap(needed, reach), free, prefer);
  const excess = minus(union(picked), free);
  const choice = {
    roles: picked.map(({ named }) => named),
    covered: index.namesOf(minus(wanted, minus(needed, reach))),
    uncovered: [...new Set([...index.namesOf(minus(needed, reach)), ...unknown])].sort(compareText),
    excess: index.riskiestOf(excess),
    price: index.priceOf(excess.low, excess.high),
    controlPlane: controlPlaneOf(picked, candidates),
  };
  return { ...choice, because: whyChosen(choice, prefer, index.namesOf(overlap(excess, index.idle))) };
}

function controlPlaneOf(picked: readonly CompiledRole[], { controlPlanes }: CandidateSet): readonly string[] {
  const key = picked.map(({ role }) => role.id).join();
  const known = controlPlanes.get(key);
  if (known !== undefined) return known;
  const patterns = [...new Set(picked.flatMap(({ role }) => role.controlPlane))].sort(compareText);
  controlPlanes.set(key, patterns);
  return patterns;
}
