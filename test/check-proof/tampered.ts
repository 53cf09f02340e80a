import type { Random } from '../differential/random.ts';

type Path = readonly (string | number)[];

/** A copy of the value with one field changed, one list item removed or doubled, or one member left out. */
export function tampered(value: object, random: Random): { readonly value: unknown; readonly what: string } {
  const copy = structuredClone(value) as Record<string, unknown>;
  const path = random.pick(paths(copy));
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  const before = holder[last];
  if (Array.isArray(holder) && random.chance(30)) holder.splice(Number(last), 1);
  else holder[last] = changed(before, random);
  return { value: copy, what: path.join('.') };
}

/** Every place in the value, whole lists and objects left out. */
function paths(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, member]) => paths(member, [...at, key]));
}

function changed(before: unknown, random: Random): unknown {
  if (typeof before === 'boolean') return !before;
  if (typeof before === 'number') return before + 1 + random.int(9);
  if (typeof before !== 'string') return [];
  const at = random.int(before.length + 1);
  return random.chance(50) ? `${before.slice(0, at)}x${before.slice(at)}` : `${before.slice(0, -1)}~`;
}
