import { displayWidth } from './display-width.ts';

/** Breaks a line at blanks so that it fits; following lines begin with `hanging`. Nothing is broken when `columns` is 0. */
export function wrapLine(line: string, columns: number, hanging: string): readonly string[] {
  if (columns === 0 || displayWidth(line) <= columns) return [line];
  const lead = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(' ')) {
    const empty = current.trim() === '';
    const longer = empty ? current + word : `${current} ${word}`;
    if (!empty && displayWidth(longer) > columns) {
      lines.push(current);
      current = hanging + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
