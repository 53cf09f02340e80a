import { wrapLine } from '../report/wrap-line.ts';
import type { Io } from './io.ts';

/** Lines for stderr: broken at blanks where it is a terminal, the rest of a line set in by two; whole in a pipe. */
export function errLines(lines: readonly string[], { isTty, columns }: Pick<Io, 'isTty' | 'columns'>): string {
  return lines
    .flatMap((line) => wrapLine(line, isTty.stderr ? columns : 0, `${/^ */.exec(line)?.[0] ?? ''}  `))
    .map((line) => `${line}\n`)
    .join('');
}
