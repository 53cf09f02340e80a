import { compareText } from '../../base/compare-text.ts';
import type { Guid } from '../../base/guid.ts';
import type { CandidateSet, CompiledRole } from '../candidate-set.ts';
import type { RoleChoice } from '../role-choice.ts';
import { minus, union } from './action-set.ts';
import { cheapestCover } from './cheapest-cover.ts';

/** Another set of roles that covers the same (but for storage, which is left to a person), and the price that kept it from being chosen. */
export interface Alternative {
  readonly roles: readonly { readonly id: Guid; readonly name: string }[];
  readonly price: number;
}

/** What was asked of `chooseRoles`. */
export interface AlternativeRequest {
  readonly required: readonly string[];
  readonly held: readonly string[];
  readonly candidates: CandidateSet;
}

/**
 * What would be chosen if one of the chosen roles were not there, for each of them: cheapest first. Among these is the
 * second best of all answers that hold no role they could do without.
 */
export function alternativesTo(choice: Pick<RoleChoice, 'roles' | 'covered'>, request: AlternativeRequest): readonly Alternative[] {
  const { index } = request.candidates;
  const held = index.setOf(request.held);
  const needed = minus(index.setOf(choice.covered), held);
  const free = union([index.setOf(request.required), held]);
  const found = new Map<string, Alternative>();
  for (const role of choice.roles) {
    const others = without(role.id, request.candidates);
    const open = minus(needed, union(others.roles));
    if (open.low !== 0 || open.high !== 0) continue;
    const roles = cheapestCover(others, needed, free);
    const excess = minus(union(roles), free);
    found.set(roles.map((one) => one.role.id).join(), {
      roles: roles.map(({ named }) => named),
      price: index.priceOf(excess.low, excess.high),
    });
  }
  return [...found].sort(([a, one], [b, other]) => one.price - other.price || compareText(a, b)).map(([, alternative]) => alternative);
}

const reduced = new WeakMap<CandidateSet, Map<Guid, CandidateSet>>();

function without(id: Guid, candidates: CandidateSet): CandidateSet {
  const known = reduced.get(candidates) ?? new Map<Guid, CandidateSet>();
  reduced.set(candidates, known);
  const found = known.get(id);
  if (found !== undefined) return found;
  const others = (roles: readonly CompiledRole[]) => roles.filter((one) => one.role.id !== id);
  const set = { ...candidates, roles: others(candidates.roles), providers: candidates.providers.map(others) };
  known.set(id, set);
  return set;
}
