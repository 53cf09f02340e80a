import { displayWidth } from './text/display-width.ts';

/** A command of keyturn's own in a sentence: it is to be copied, so it is never broken. */
const command = /`[^\s`]*keyturn(?:\.js)? [^`]*`/g;
const glue = '\u0000';

/** Breaks a line at blanks so that it fits; following lines begin with `hanging`. Nothing is broken when `columns` is 0. */
export function wrapLine(text: string, columns: number, hanging: string): readonly string[] {
  if (columns === 0 || displayWidth(text) <= columns) return [text];
  const line = text.replace(command, (whole) => whole.replaceAll(' ', glue));
  return brokenLines(line, columns, hanging).map((part) => part.replaceAll(glue, ' '));
}

function brokenLines(line: string, columns: number, hanging: string): readonly string[] {
  const lead = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(' ')) {
    const empty = current.trim() === '';
    const longer = empty ? current + word : `${current} ${word}`;
    if (!empty && displayWidth(longer.replaceAll(glue, ' ')) > columns) {
      lines.push(current);
      current = hanging + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
