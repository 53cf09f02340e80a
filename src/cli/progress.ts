import { plainText } from '../report/plain-text.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** What is under way: a spinner on a terminal, a line per change elsewhere, nothing with --quiet. */
export interface Progress {
  say(text: string): void;
  /** The same for what changes very often: a line every few seconds at most where there is no spinner. */
  count(text: string): void;
  /** A line that stays. */
  keep(line: string): void;
  stop(): void;
}

/** In milliseconds. */
const betweenCounts = 5_000;

export async function startProgress(options: Pick<CommonOptions, 'quiet'>, io: Io): Promise<Progress> {
  if (options.quiet === true) return { say: () => undefined, count: () => undefined, keep: () => undefined, stop: () => undefined };
  const spinner = await io.spinner();
  let last = '';
  let spinning = false;
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = (text: string): void => {
    if (text === last) return;
    last = text;
    spinning = true;
    saidAt = io.now().getTime();
    if (spinner === undefined) io.err(errLines([plainText(text)], io));
    else spinner.show(text);
  };
  return {
    say,
    count(text) {
      if (spinner !== undefined || io.now().getTime() - saidAt >= betweenCounts) say(text);
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
