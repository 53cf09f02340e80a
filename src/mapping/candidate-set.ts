import { compareText } from '../base/compare-text.ts';
import type { Guid } from '../base/guid.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { CandidateRole } from './candidates.ts';
import { type ActionIndex, actionIndex, hasBit, type IndexedCatalogue } from './cover/action-set.ts';
import type { RoleDrift } from './cover/role-drift.ts';
import type { RoleChoice } from './role-choice.ts';

/** A candidate made ready for searching. */
export interface CompiledRole {
  readonly role: CandidateRole;
  /** As choices name it; shared by all of them. */
  readonly named: { readonly id: Guid; readonly name: string };
  readonly low: number;
  readonly high: number;
  /** Its distinct control-plane patterns, as bits. */
  readonly controlPlane: bigint;
}

/** Candidate roles made ready once, to choose from many times. */
export interface CandidateSet {
  readonly index: ActionIndex;
  readonly weights: Catalogue['weights'];
  /** Sorted by id: a choice depends on what the roles are, never on the order they came in. */
  readonly roles: readonly CompiledRole[];
  /** For the bit of each data action, the roles that give it, narrowest first. */
  readonly providers: readonly (readonly CompiledRole[])[];
  /** Bits of all data actions, those that the fewest roles give first. */
  readonly rarestFirst: readonly number[];
  /** The same roles and those that were not permitted, when there are any. */
  readonly unrestricted?: CandidateSet;
  /** Where Azure has changed some of the roles: how, and what would be chosen from had it not (EA-18). */
  readonly asKnown?: { readonly drifts: readonly RoleDrift[]; readonly candidates: CandidateSet };
  /**
   * Choices that were asked for more than once; undefined for what was asked for once, since what never comes again is not
   * worth keeping. Emptied when full, so that memory stays flat.
   */
  readonly memory: Map<string, RoleChoice | undefined>;
  /** The choices in `memory`: the same value may be given out again. */
  readonly kept: Set<RoleChoice>;
  /** Sorted control-plane patterns of sets of roles, by their ids; emptied with the memory. */
  readonly controlPlanes: Map<string, readonly string[]>;
}

/** @param permitted says whether the operator may assign a role (EA-42); without it every role may be chosen. */
export function candidateSet(
  roles: readonly CandidateRole[],
  catalogue: IndexedCatalogue,
  permitted: (roleId: Guid) => boolean = () => true,
): CandidateSet {
  const whole = compile(roles, actionIndex(catalogue), catalogue.weights);
  const allowed = roles.filter((role) => permitted(role.id));
  if (allowed.length === roles.length) return whole;
  return { ...compile(allowed, whole.index, catalogue.weights), unrestricted: whole };
}

function compile(roles: readonly CandidateRole[], index: ActionIndex, weights: Catalogue['weights']): CandidateSet {
  const patternBits = new Map<string, bigint>();
  for (const pattern of roles.flatMap((role) => role.controlPlane)) {
    const key = pattern.toLowerCase();
    if (!patternBits.has(key)) patternBits.set(key, 1n << BigInt(patternBits.size));
  }
  const compiled = [...roles]
    .sort((a, b) => compareText(a.id, b.id))
    .map((role) => {
      const controlPlane = role.controlPlane.reduce((bits, pattern) => bits | (patternBits.get(pattern.toLowerCase()) ?? 0n), 0n);
      return { role, named: { id: role.id, name: role.name }, ...index.setOf(role.dataActions), controlPlane };
    });
  const narrowestFirst = [...compiled].sort((a, b) => index.priceOf(a.low, a.high) - index.priceOf(b.low, b.high));
  const providers = index.actions.map((_, bit) => narrowestFirst.filter((role) => hasBit(role, bit)));
  const rarity = (bit: number) => providers[bit]?.length ?? 0;
  const rarestFirst = index.actions.map((_, bit) => bit).sort((a, b) => rarity(a) - rarity(b));
  return { index, weights, roles: compiled, providers, rarestFirst, memory: new Map(), kept: new Set(), controlPlanes: new Map() };
}
