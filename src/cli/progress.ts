import { plainText } from '../report/plain-text.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** What is under way: a spinner on a terminal, a line per change elsewhere, nothing with --quiet. */
export interface Progress {
  say(text: string): void;
  /** A line that stays. */
  keep(line: string): void;
  stop(): void;
}

export async function startProgress(options: Pick<CommonOptions, 'quiet'>, io: Io): Promise<Progress> {
  if (options.quiet === true) return { say: () => undefined, keep: () => undefined, stop: () => undefined };
  const spinner = await io.spinner();
  let last = '';
  let spinning = false;
  return {
    say(text) {
      if (text === last) return;
      last = text;
      spinning = true;
      if (spinner === undefined) io.err(errLines([plainText(text)], io));
      else spinner.show(text);
    },
    keep(line) {
      spinner?.stop();
      io.err(errLines([line], io));
      if (spinning) spinner?.show(last);
    },
    stop() {
      spinning = false;
      spinner?.stop();
    },
  };
}
