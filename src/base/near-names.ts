import { compareText } from './compare-text.ts';

/** Up to three of the names that somebody who typed `wanted` may have meant, nearest first; none when nothing is near. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const typed = wanted.toLowerCase();
  const allowed = Math.max(2, Math.floor(typed.length / 4));
  return [...new Set(names)]
    .map((name) => ({ name, far: distance(typed, name.toLowerCase(), allowed) }))
    .filter(({ far }) => far <= allowed)
    .sort((a, b) => a.far - b.far || compareText(a.name, b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters to insert, remove or replace; a name that continues the typed one counts as one letter away. */
function distance(a: string, b: string, enough: number): number {
  if (a !== '' && b.startsWith(a)) return 1;
  if (Math.abs(a.length - b.length) > enough) return enough + 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 0; row < a.length; row++) {
    const line = [row + 1];
    for (let column = 1; column <= b.length; column++) {
      const changed = (above[column - 1] ?? 0) + (a[row] === b[column - 1] ? 0 : 1);
      line.push(Math.min(changed, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
