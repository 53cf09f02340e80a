import { isObject, type JsonObject, type JsonValue } from '../../src/base/json.ts';
import type { Random } from '../differential/random.ts';

type Holder = JsonObject | JsonValue[];

/** A member of an object or an item of a list, and where it stands. */
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
  /** The name of the member that it is, or lies in as an item of a list. */
  readonly name: string;
}

/** Numbers that decide something somewhere, and those that no plan should hold. */
const numbers = [0, 1, 5, 14, 15, 16, 60, 1440, 10_080, 10_081, 1_000_000_000, Number.MAX_SAFE_INTEGER];
const words = [
  '',
  'drop',
  'alreadyCovered',
  'reproduce',
  'inert',
  'undecided',
  'ready',
  'blocked',
  'repair',
  'note',
  'warning',
  'D',
  'User',
];

/**
 * Changes a file as JSON, one to three times: a value becomes another one, often one that stands under the same name elsewhere; a member or
 * an item is left out, doubled, moved, or changes place with another. Structure is all it knows.
 */
export function mutate(file: JsonObject, random: Random): JsonObject {
  const copy = structuredClone(file);
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) {
    const places = placesIn(copy);
    if (places.length > 0) change(random.pick(places), places, random);
  }
  return copy;
}

function placesIn(file: JsonObject): readonly Place[] {
  const found: Place[] = [];
  const visit = (holder: Holder, within: string): void => {
    for (const key of Object.keys(holder)) {
      const at = Array.isArray(holder) ? Number(key) : key;
      const name = typeof at === 'number' ? within : at;
      found.push({ holder, key: at, name });
      const value = valueAt({ holder, key: at });
      if (Array.isArray(value)) visit(value as JsonValue[], name);
      else if (isObject(value)) visit(value, name);
    }
  };
  visit(file, '');
  return found;
}

function change(place: Place, places: readonly Place[], random: Random): void {
  const twins = places.filter(({ name }) => name === place.name);
  switch (random.int(6)) {
    case 0:
      remove(place);
      return;
    case 1: {
      const other = random.pick(twins);
      const [mine, theirs] = [valueAt(place), valueAt(other)];
      set(place, structuredClone(theirs));
      set(other, structuredClone(mine));
      return;
    }
    case 2:
      set(place, structuredClone(valueAt(random.pick(twins))));
      return;
    case 3:
      repeat(place, random);
      return;
    default:
      set(place, otherValue(valueAt(place), random));
  }
}

function repeat({ holder, key }: Place, random: Random): void {
  if (!Array.isArray(holder)) return;
  const value = structuredClone(holder[Number(key)] ?? null);
  holder.splice(random.int(holder.length + 1), 0, value);
}

function otherValue(value: JsonValue, random: Random): JsonValue {
  if (typeof value === 'number') return random.pick(numbers);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return random.chance(50) ? random.pick(words) : odd(value, random);
  if (Array.isArray(value)) return random.chance(50) ? [] : (value as readonly JsonValue[]).toReversed();
  return random.chance(50) ? null : {};
}

function odd(text: string, random: Random): string {
  if (random.chance(30)) return random.odd(text);
  const at = random.int(text.length + 1);
  return `${text.slice(0, at)}${random.pick(['0', 'a', '/', '..', ' ', '\u202e', '*'])}${text.slice(at + random.int(2))}`;
}

function valueAt({ holder, key }: Pick<Place, 'holder' | 'key'>): JsonValue {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[String(key)]) ?? null;
}

function set({ holder, key }: Place, value: JsonValue): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else (holder as Record<string, JsonValue>)[String(key)] = value;
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}
