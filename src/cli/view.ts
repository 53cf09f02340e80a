import { colourLook, type Look, plainLook } from '../report/look.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** How one run prints: results to stdout, everything else to stderr. */
export interface View {
  /** For stdout; nothing is cut or coloured when it is no terminal. */
  readonly look: Look;
  /** For stderr. */
  readonly errLook: Look;
  /** Text on stdout, whatever the format: what is talked through with a person. Results go through `show`. */
  lines: (lines: readonly string[]) => void;
  /** A line on stderr that --quiet leaves out. */
  note: (line: string) => void;
}

export function viewOf(options: Pick<CommonOptions, 'color' | 'quiet'>, io: Io): View {
  const colours = options.color && (io.env.NO_COLOR ?? '') === '' && io.env.TERM !== 'dumb';
  const { hint = (text: string) => text } = io;
  const lookFor = (isTty: boolean): Look => {
    const columns = isTty ? io.columns : 0;
    return { ...(isTty && colours ? colourLook(columns) : { ...plainLook, columns }), hint };
  };
  return {
    look: lookFor(io.isTty.stdout),
    errLook: lookFor(io.isTty.stderr),
    lines: (lines) => {
      io.out(lines.map((line) => `${line}\n`).join(''));
    },
    note: (line) => {
      if (options.quiet !== true) io.err(errLines([hint(line)], io));
    },
  };
}
