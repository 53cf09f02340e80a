import { plainJson } from '../base/plain-json.ts';
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
  lines: (lines: readonly string[]) => void;
  /** One JSON value on stdout: indented when it is the whole answer. */
  document: (value: unknown) => void;
  /** One line of JSON Lines on stdout. */
  event: (value: unknown) => void;
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
    document: (value) => {
      io.out(`${plainJson(JSON.stringify(value, undefined, 2))}\n`);
    },
    event: (value) => {
      io.out(`${plainJson(JSON.stringify(value))}\n`);
    },
    note: (line) => {
      if (options.quiet !== true) io.err(errLines([hint(line)], io));
    },
  };
}
