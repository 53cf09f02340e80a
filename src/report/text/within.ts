/** Characters of the lines, each with its end. */
export function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** The first lines, as many as fit into the room, and in place of the others a line that counts them. */
export function someLines(lines: readonly string[], room: number, rest: (left: number) => string): readonly string[] {
  if (lengthOf(lines) <= room) return lines;
  let left = room - rest(lines.length).length - 1;
  const shown: string[] = [];
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    shown.push(line);
  }
  return [...shown, rest(lines.length - shown.length)];
}
