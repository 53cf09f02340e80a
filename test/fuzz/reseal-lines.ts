import { isObject, type JsonObject, objectAt } from '../../src/base/json.ts';
import { lineDigest, rowKeyOf, sealDigest } from '../../src/formats/plan-file.ts';
import type { Random } from '../differential/random.ts';
import { mutate } from './mutate.ts';

/** The lines of a plan but for its seal. */
export function linesBefore(text: string): readonly string[] {
  return text.trimEnd().split('\n').slice(0, -1);
}

/** A plan of these lines under a seal that is right. */
export function sealLines(lines: readonly string[]): string {
  const digests = lines.map(lineDigest);
  const seal = JSON.stringify({ kind: 'seal', lines: digests, digest: sealDigest(digests) });
  return [...lines, seal].map((line) => `${line}\n`).join('');
}

/** One line changed as JSON; mostly with the keys of its rows made to fit again, wherever they are named. */
export function mutateLine(lines: readonly string[], random: Random): readonly string[] {
  const at = random.int(lines.length);
  const changed = mutate(JSON.parse(lines[at] ?? '{}') as JsonObject, random);
  const next = lines.with(at, JSON.stringify(changed));
  return random.chance(80) ? fitKeys(next, changed) : next;
}

function fitKeys(lines: readonly string[], { tables }: JsonObject): readonly string[] {
  if (!isObject(tables)) return lines;
  const renamed = Object.keys(tables).flatMap((table) =>
    Object.entries(objectAt(tables, table)).flatMap(([key, row]) => {
      const fitting = keyOrNothing(row);
      return fitting === undefined || fitting === key ? [] : [[key, fitting] as const];
    }),
  );
  return renamed.reduce((all, [from, to]) => all.map((line) => line.replaceAll(from, to)), lines);
}

function keyOrNothing(row: unknown): string | undefined {
  try {
    return rowKeyOf(row);
  } catch {
    return undefined;
  }
}

/** What can befall a file on its way: cut off, put into another order, mixed with another plan, changed by hand; sealed again or not. */
export function damage(text: string, other: string, random: Random): string {
  const lines = linesBefore(text);
  const [at, to] = [random.int(lines.length), random.int(lines.length)];
  const reseal = (damaged: readonly string[]) =>
    random.chance(60) ? sealLines(damaged) : [...damaged, text.trimEnd().split('\n').at(-1)].join('\n');
  switch (random.int(7)) {
    case 0:
      return text.slice(0, random.int(text.length));
    case 1:
      return reseal(lines.toSpliced(at, 1));
    case 2:
      return reseal(lines.toSpliced(to, 0, lines[at] ?? ''));
    case 3:
      return reseal(lines.toSpliced(at, 1).toSpliced(to, 0, lines[at] ?? ''));
    case 4: {
      const foreign = linesBefore(other);
      return reseal(lines.toSpliced(at, random.int(2), foreign[random.int(foreign.length)] ?? ''));
    }
    case 5: {
      const place = random.int(text.length);
      return text.slice(0, place) + random.pick(['', '"', '\n', '\u0000', '{', '0', 'ü']) + text.slice(place + random.int(3));
    }
    default:
      return reseal(mutateLine(lines, random));
  }
}
