import { compareText } from '../../base/compare-text.ts';
import type { Catalogue, DataAction, RiskTier } from '../../model/catalogue.ts';
import { shortAction } from '../../model/data-action.ts';

/** A set of data actions as two words of 32 bits; the bit of an action is its place in the catalogue. */
export interface ActionSet {
  readonly low: number;
  readonly high: number;
}

/** A data action and how bad it is to hold it without need. */
interface TieredAction {
  readonly dataAction: string;
  readonly tier: RiskTier;
}

/** Turns names into sets and sets into names and prices, for one catalogue. */
export interface ActionIndex {
  readonly actions: readonly DataAction[];
  /** The set of the names that the catalogue knows, whatever their case; others are left out. */
  setOf(names: readonly string[]): ActionSet;
  namesOf(set: ActionSet): readonly string[];
  actionsOf(set: ActionSet): readonly DataAction[];
  /** The same with their tiers, riskiest first, and by name among those of one tier. */
  riskiestOf(set: ActionSet): readonly TieredAction[];
  /** Sum of the risk weights of the actions whose bits are given. */
  priceOf(low: number, high: number): number;
  knows(name: string): boolean;
  /** What can do nothing where roles are chosen for, and so costs nothing. */
  readonly idle: ActionSet;
}

/** The catalogue, with the data actions that can do nothing at the vault in question. */
export type IndexedCatalogue = Pick<Catalogue, 'dataActions' | 'weights'> & { readonly idle?: readonly string[] };

/** @throws Error when the catalogue holds more data actions than two words have bits. */
export function actionIndex(catalogue: IndexedCatalogue): ActionIndex {
  const actions = catalogue.dataActions;
  if (actions.length > 64) throw new Error(`the catalogue has ${actions.length} data actions, and sets hold 64`);
  const bits = new Map(actions.flatMap((action, bit) => [[action.name, bit] as const, [action.name.toLowerCase(), bit] as const]));
  const bitOf = (name: string): number | undefined => bits.get(name) ?? bits.get(name.toLowerCase());
  const idle = new Set(catalogue.idle);
  const weights = actions.map((action) => (idle.has(action.name) ? 0 : catalogue.weights[action.tier]));
  const byteTables = Array.from({ length: 8 }, (_, byte) => priceTable(weights.slice(byte * 8, byte * 8 + 8)));
  const actionsOf = pick(actions.map((action, bit) => ({ item: action, bit })));
  const tiered = actions.map(({ name, tier }, bit) => ({ item: { dataAction: name, tier }, bit }));
  tiered.sort(
    ({ item: a }, { item: b }) => compareText(a.tier, b.tier) || compareText(shortAction(a.dataAction), shortAction(b.dataAction)),
  );
  const setOf = (names: readonly string[]): ActionSet => {
    let low = 0;
    let high = 0;
    for (const name of names) {
      const bit = bitOf(name);
      if (bit === undefined) continue;
      if (bit < 32) low |= 1 << bit;
      else high |= 1 << (bit - 32);
    }
    return { low, high };
  };
  return {
    actions,
    setOf,
    namesOf: (set) => actionsOf(set).map((action) => action.name),
    actionsOf,
    riskiestOf: pick(tiered),
    priceOf: (low, high) => wordPrice(byteTables, 0, low) + wordPrice(byteTables, 4, high),
    knows: (name) => bitOf(name) !== undefined,
    idle: setOf([...idle]),
  };
}

/** Answers a set with the items of its bits, in the order given; the items are shared by all answers. */
function pick<T>(order: readonly { readonly item: T; readonly bit: number }[]): (set: ActionSet) => readonly T[] {
  return (set) => {
    const picked: T[] = [];
    for (const { item, bit } of order) if (hasBit(set, bit)) picked.push(item);
    return picked;
  };
}

export function hasBit(set: ActionSet, bit: number): boolean {
  return bit < 32 ? ((set.low >>> bit) & 1) === 1 : ((set.high >>> (bit - 32)) & 1) === 1;
}

export function union(sets: Iterable<ActionSet>): ActionSet {
  let [low, high] = [0, 0];
  for (const set of sets) {
    low |= set.low;
    high |= set.high;
  }
  return { low, high };
}

export function overlap(set: ActionSet, other: ActionSet): ActionSet {
  return { low: set.low & other.low, high: set.high & other.high };
}

export function meets(set: ActionSet, other: ActionSet): boolean {
  return ((set.low & other.low) | (set.high & other.high)) !== 0;
}

export function minus(set: ActionSet, other: ActionSet): ActionSet {
  return { low: set.low & ~other.low, high: set.high & ~other.high };
}

/** Prices of all 256 values of one byte, so that a set is priced by eight look-ups. */
function priceTable(weights: readonly number[]): Float64Array {
  const table = new Float64Array(256);
  for (let value = 0; value < 256; value++) {
    table[value] = weights.reduce((sum, weight, bit) => sum + ((value >>> bit) & 1) * weight, 0);
  }
  return table;
}

function wordPrice(tables: readonly Float64Array[], first: number, word: number): number {
  let sum = 0;
  for (let byte = 0; byte < 4; byte++) sum += tables[first + byte]?.[(word >>> (byte * 8)) & 255] ?? 0;
  return sum;
}
