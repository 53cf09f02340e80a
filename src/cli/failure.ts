import { exitCode, interruptedExit, KnownError } from '../base/known-error.ts';
import { withoutSecrets } from '../base/without-secrets.ts';
import { plainText } from '../report/plain-text.ts';
import { errLines } from './err-lines.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

const promptsEnded = ['ExitPromptError', 'AbortPromptError'];

/** Says on stderr what went wrong and answers with the exit code: what a person can act on in two lines, anything else as a bug. */
export function reportFailure(error: unknown, argv: readonly string[], io: Io): number {
  const name = error instanceof Error ? error.name : '';
  // What a run has done by then, it has told by its results: what ends here had begun no vault.
  if (isStop(error, io)) {
    io.err('interrupted: nothing was changed\n');
    return interruptedExit;
  }
  const debug = argv.includes('--debug');
  const { hint = (text: string) => text } = io;
  if (error instanceof KnownError) {
    io.err(errLines([`error ${error.code}: ${line(error.message)}`, `  next: ${hint(line(error.remedy))}`], io));
    if (debug) io.err(stackOf(error));
    return exitCode[error.outcome];
  }
  const message = error instanceof Error ? `${name}: ${error.message}` : String(error);
  io.err(
    [
      `error BUG: internal error: ${line(message)}`,
      `  version: ${version}`,
      `  command: ${commandShape(argv)}`,
      debug ? '  next: report these lines' : '  next: run it again with --debug and report these lines',
      '',
    ].join('\n'),
  );
  if (debug) io.err(stackOf(error));
  return exitCode.bug;
}

/** The exit code that `reportFailure` answers with. */
export function exitOfError(error: unknown, io: Pick<Io, 'interrupted'>): number {
  if (isStop(error, io)) return interruptedExit;
  return error instanceof KnownError ? exitCode[error.outcome] : exitCode.bug;
}

/** Whether a person ended it, by a signal or in the middle of a question. A refusal that came first stays what it is. */
export function isStop(error: unknown, io: Pick<Io, 'interrupted'>): boolean {
  const name = error instanceof Error ? error.name : '';
  return promptsEnded.includes(name) || (io.interrupted.aborted && !(error instanceof KnownError && error.outcome === 'blocked'));
}

/** The command line without any value that a person gave: words and flags of keyturn's own only. */
export function commandShape(argv: readonly string[]): string {
  const shown = argv.map((argument, index) => {
    if (/^--[a-z][a-z-]*$/.test(argument)) return argument;
    if (/^--[a-z][a-z-]*=/.test(argument)) return `${argument.slice(0, argument.indexOf('='))}=…`;
    return index === 0 && /^[a-z][a-z-]*$/.test(argument) ? argument : '…';
  });
  return ['keyturn', ...shown].join(' ');
}

function line(text: string): string {
  return plainText(withoutSecrets(text));
}

function stackOf(error: unknown): string {
  const stack: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    stack.push(...(at.stack ?? String(at)).split('\n').map((text) => `    ${line(text.trim())}`));
  }
  return `${stack.join('\n')}\n`;
}
