import dataActionsFile from '../../mappings/data-actions.json' with { type: 'json' };
import permissionsFile from '../../mappings/permissions.json' with { type: 'json' };
import rolesFile from '../../mappings/roles.json' with { type: 'json' };

// Another way to the same answer: every one of the 2^n subsets of the roles is made, those that give the same are told by the
// best of them, and each question is asked of every one that is left. It shares no code with the engine: it reads the files
// of the catalogue itself, and its sets of data actions are bits of a BigInt, halved into two numbers for speed.

/** The answer to one question: sorted ids of the roles, and the price of what comes beside. */
export interface Best {
  readonly ids: string;
  readonly price: number;
}

const actions = dataActionsFile.dataActions.map((action) => action.name);
const weights = dataActionsFile.dataActions.map((action) => dataActionsFile.weights[action.tier as 'A' | 'B' | 'C' | 'D']);
const half = Math.ceil(actions.length / 2);

/** Sets as two numbers of at most 27 bits each, which JavaScript's 32-bit operators hold. */
export interface Halves {
  readonly low: number;
  readonly high: number;
}

export function halvesOf(names: Iterable<string>): Halves {
  let [low, high] = [0, 0];
  for (const name of names) {
    const place = actions.indexOf(name);
    if (place < 0) throw new Error(`no data action is called ${name}`);
    if (place < half) low |= 1 << place;
    else high |= 1 << (place - half);
  }
  return { low, high };
}

/** Sets per legacy permission, in the order of the file. */
export function permissionsOf(objectType: string): readonly { readonly word: string; readonly set: Halves }[] {
  return permissionsFile.permissions
    .filter((row) => row.objectType === objectType)
    .map((row) => ({ word: row.permission, set: halvesOf(row.dataActions) }));
}

function pricesOf(first: number, count: number): Float64Array {
  const prices = new Float64Array(2 ** count);
  for (let set = 1; set < prices.length; set++) {
    const lowest = 31 - Math.clz32(set & -set);
    prices[set] = (prices[set & (set - 1)] ?? 0) + (weights[first + lowest] ?? 0);
  }
  return prices;
}

// Tables over 13 or 14 bits stay small; four look-ups price a set.
const quarter = Math.ceil(half / 2);
const tables = [pricesOf(0, quarter), pricesOf(quarter, half - quarter), pricesOf(half, quarter), pricesOf(half + quarter, half - quarter)];

function priceOf(low: number, high: number): number {
  const mask = 2 ** quarter - 1;
  return (
    (tables[0]?.[low & mask] ?? 0) +
    (tables[1]?.[low >>> quarter] ?? 0) +
    (tables[2]?.[high & mask] ?? 0) +
    (tables[3]?.[high >>> quarter] ?? 0)
  );
}

function pattern(text: string): RegExp {
  const escaped = text.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}

interface RoleRow {
  readonly id: string;
  readonly candidate: boolean;
  readonly permissions: readonly Readonly<Record<'actions' | 'dataActions' | 'notDataActions', readonly string[]>>[];
}

const roleRows: readonly RoleRow[] = rolesFile.roles;
const candidates = roleRows
  .filter((role) => role.candidate)
  .map((role) => {
    const given = role.permissions.flatMap((block) => {
      const [listed, taken] = [block.dataActions.map(pattern), block.notDataActions.map(pattern)];
      return actions.filter((name) => listed.some((one) => one.test(name)) && !taken.some((one) => one.test(name)));
    });
    return {
      id: role.id,
      ...halvesOf(given),
      patterns: role.permissions.flatMap((block) => block.actions.map((one) => one.toLowerCase())),
    };
  })
  .sort((a, b) => (a.id < b.id ? -1 : 1));

interface Union extends Halves {
  readonly count: number;
  readonly patterns: number;
  readonly ids: string;
}

const before = (a: Union, b: Union): boolean =>
  a.count !== b.count ? a.count < b.count : a.patterns !== b.patterns ? a.patterns < b.patterns : a.ids < b.ids;

/** Of all subsets that give the same, the one with the fewest roles, then the fewest control-plane patterns, then the first ids. */
function makeUnions(): readonly Union[] {
  const best = new Map<string, Union>();
  for (let number = 0; number < 2 ** candidates.length; number++) {
    const picked = candidates.filter((_, place) => ((number >>> place) & 1) === 1);
    const union = {
      low: picked.reduce((all, role) => all | role.low, 0),
      high: picked.reduce((all, role) => all | role.high, 0),
      count: picked.length,
      patterns: new Set(picked.flatMap((role) => role.patterns)).size,
      ids: picked.map((role) => role.id).join(),
    };
    const key = `${union.low} ${union.high}`;
    const known = best.get(key);
    if (known === undefined || before(union, known)) best.set(key, union);
  }
  return [...best.values()];
}

export const unions = makeUnions();

/** The best of all subsets for what is required, with nothing held. */
export function bestOf({ low, high }: Halves): Best {
  let found: Union | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const union of unions) {
    if ((low & ~union.low) !== 0 || (high & ~union.high) !== 0) continue;
    const price = priceOf(union.low & ~low, union.high & ~high);
    if (price > least || (price === least && found !== undefined && !before(union, found))) continue;
    found = union;
    least = price;
  }
  if (found === undefined) throw new Error('Administrator gives everything');
  return { ids: found.ids, price: least };
}
