import type { Look } from '../../report/look.ts';
import { plainText } from '../../report/plain-text.ts';
import { shortIds } from '../../report/short-ids.ts';
import { wrapLine } from '../../report/wrap-line.ts';

export interface DoctorLine {
  readonly name: string;
  readonly state: 'ok' | 'wrong' | 'unknown';
  readonly said: string;
  /** What to do about it. */
  readonly next?: string;
}

export interface Diagnosis {
  readonly lines: readonly DoctorLine[];
}

const styles = { ok: 'green', wrong: 'red', unknown: 'yellow' } as const;

export function doctorText({ lines }: Diagnosis, look: Look): readonly string[] {
  return lines.flatMap(({ name, state, said, next }) => {
    const [first = '', ...rest] = wrapLine(
      `${state.padEnd(7)}  ${plainText(name)}: ${shortIds(plainText(said))}`,
      look.columns,
      '         ',
    );
    const marked = `${look.paint(styles[state], first.slice(0, state.length))}${first.slice(state.length)}`;
    const todo = next === undefined ? [] : wrapLine(`         next: ${plainText(next)}`, look.columns, '         ');
    return [marked, ...rest, ...todo];
  });
}

export function doctorDocument({ lines }: Diagnosis): unknown {
  return { format: 'keyturn-doctor', formatVersion: 1, lines };
}
