import { writeSync } from 'node:fs';
import process from 'node:process';
import { interruptedExit } from '../base/known-error.ts';
import type { Io } from './io.ts';
import { programName } from './runnable.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real terminal and process. `close` takes the signal handlers away again. */
export function systemIo(): Io & { close(): void } {
  const interrupt = new AbortController();
  const underWay = new Set<string>();
  const onInterrupt = () => {
    if (interrupt.signal.aborted) {
      sayAtOnce(endedAtOnce(underWay));
      process.exit(interruptedExit);
    }
    if (underWay.size > 0) sayAtOnce('stopping: what is under way comes to its end first; Ctrl-C again stops at once\n');
    interrupt.abort(new DOMException('interrupted', 'AbortError'));
  };
  for (const signal of signals) process.on(signal, onInterrupt);
  const columns = process.stdout.columns || process.stderr.columns || 0;
  return {
    out: writer(process.stdout),
    err: writer(process.stderr),
    isTty: { stdin: process.stdin.isTTY, stdout: process.stdout.isTTY, stderr: process.stderr.isTTY },
    columns,
    env: process.env,
    cwd: process.cwd(),
    program: programName(process.argv[1], process.cwd(), process.platform, process.env),
    now: () => new Date(),
    interrupted: interrupt.signal,
    underWay,
    prompts: async () =>
      (await import('./inquirer-prompts.ts')).inquirerPrompts({ input: process.stdin, output: process.stderr, signal: interrupt.signal }),
    // A terminal that reports no columns would make ora write for ever.
    spinner: async () =>
      process.stderr.isTTY && process.stderr.columns > 0 ? (await import('./ora-spinner.ts')).oraSpinner(process.stderr) : undefined,
    close() {
      for (const signal of signals) process.off(signal, onInterrupt);
    },
  };
}

/** What the second signal leaves behind: the journal has what was begun, and the next run asks Azure. */
function endedAtOnce(underWay: ReadonlySet<string>): string {
  if (underWay.size === 0) return 'stopped at once\n';
  const steps = [...underWay].map((step) => `  ${step}\n`).join('');
  return `stopped at once; how this ended is not known:\n${steps}  next: run the same command again: it asks Azure first\n`;
}

/** Past the stream: the process may end before a stream has written. A terminal that is gone hears nothing. */
function sayAtOnce(text: string): void {
  try {
    writeSync(process.stderr.fd, text);
  } catch {
    // There is nobody to tell.
  }
}

/** A reader that goes away (`keyturn … | head`) ends the output, never the work that is under way. */
function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: the terminal was closed.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}
