import { compareText } from '../../base/compare-text.ts';
import type { CandidateSet, CompiledRole } from '../candidate-set.ts';
import { type ActionSet, hasBit } from './action-set.ts';

/** What is looked at first: what comes beside, or how many roles there are; the other comes second. */
export type Preference = 'narrow' | 'fewest';

/**
 * The best set of candidates that together give everything `needed`, by the objective in its order: least price of what comes
 * beside (`free` costs nothing), fewest roles, fewest control-plane patterns, smallest sorted ids. `fewest` swaps the first two.
 *
 * It is a complete search: it takes the needed action that the fewest roles give, tries each of them, and goes on. A set that
 * is best holds no role it could do without, so some branch meets it; a branch is left only when it is already worse.
 * `needed` must lie within what the candidates give.
 */
export function cheapestCover(
  set: CandidateSet,
  needed: ActionSet,
  free: ActionSet,
  prefer: Preference = 'narrow',
): readonly CompiledRole[] {
  const roles = set.roles.length > 20 ? withoutDominated(set, needed, free) : undefined;
  const search = new Search(set, free, roles, prefer);
  search.visit(needed.low, needed.high, 0, 0, 0);
  return search.best;
}

class Search {
  best: readonly CompiledRole[] = [];
  #price = Number.POSITIVE_INFINITY;
  #count = Number.POSITIVE_INFINITY;
  readonly #picked: CompiledRole[] = [];
  readonly #set: CandidateSet;
  readonly #free: ActionSet;
  readonly #alive: ReadonlySet<CompiledRole> | undefined;
  readonly #fewestFirst: boolean;

  constructor(set: CandidateSet, free: ActionSet, alive: ReadonlySet<CompiledRole> | undefined, prefer: Preference) {
    this.#set = set;
    this.#free = free;
    this.#alive = alive;
    this.#fewestFirst = prefer === 'fewest';
  }

  /** `missing` is still to be covered; `excess` and `price` are what the picked roles bring beside. */
  visit(missingLow: number, missingHigh: number, excessLow: number, excessHigh: number, price: number): void {
    if ((missingLow | missingHigh) === 0) {
      this.#keepIfBetter(price);
      return;
    }
    const bit = this.#rarest(missingLow, missingHigh);
    for (const role of this.#set.providers[bit] ?? []) {
      if (this.#alive?.has(role) === false) continue;
      const newLow = role.low & ~this.#free.low & ~excessLow;
      const newHigh = role.high & ~this.#free.high & ~excessHigh;
      const total = price + this.#set.index.priceOf(newLow, newHigh);
      if (this.#compare(total, this.#picked.length + 1) > 0) continue;
      this.#picked.push(role);
      this.visit(missingLow & ~role.low, missingHigh & ~role.high, excessLow | newLow, excessHigh | newHigh, total);
      this.#picked.pop();
    }
  }

  #rarest(low: number, high: number): number {
    const missing = { low, high };
    for (const bit of this.#set.rarestFirst) if (hasBit(missing, bit)) return bit;
    return -1;
  }

  #keepIfBetter(price: number): void {
    const count = this.#picked.length;
    const order = this.#compare(price, count);
    if (order > 0 || (order === 0 && !this.#winsTie())) return;
    this.best = [...this.#picked].sort((a, b) => compareText(a.role.id, b.role.id));
    this.#price = price;
    this.#count = count;
  }

  /** Negative when such a set would be better than the best so far, positive when it would be worse, whatever its ties. */
  #compare(price: number, count: number): number {
    const [dearer, longer] = [price - this.#price, count - this.#count];
    return this.#fewestFirst ? longer || dearer : dearer || longer;
  }

  #winsTie(): boolean {
    const mine = patternCount(this.#picked);
    const theirs = patternCount(this.best);
    if (mine !== theirs) return mine < theirs;
    const ids = this.#picked.map((role) => role.role.id).sort(compareText);
    return compareText(ids.join(), this.best.map((role) => role.role.id).join()) < 0;
  }
}

function patternCount(roles: readonly CompiledRole[]): number {
  const bits = roles.reduce((all, role) => all | role.controlPlane, 0n);
  return bits.toString(2).replaceAll('0', '').length;
}

/**
 * Leaves out roles that another one replaces in every set without making it worse: it gives at least what is needed, brings no
 * excess and no control-plane pattern beyond, and its id sorts first. The best set stays the same.
 */
function withoutDominated(set: CandidateSet, needed: ActionSet, free: ActionSet): ReadonlySet<CompiledRole> {
  const within = (a: number, b: number) => (a & ~b) === 0;
  const replaces = (b: CompiledRole, a: CompiledRole): boolean =>
    b.role.id < a.role.id &&
    within(a.low & needed.low, b.low) &&
    within(a.high & needed.high, b.high) &&
    within(b.low & ~free.low, a.low) &&
    within(b.high & ~free.high, a.high) &&
    (b.controlPlane & ~a.controlPlane) === 0n;
  const useful = set.roles.filter((role) => ((role.low & needed.low) | (role.high & needed.high)) !== 0);
  return new Set(useful.filter((role) => !useful.some((other) => replaces(other, role))));
}
