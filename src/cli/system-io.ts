import process from 'node:process';
import type { Io } from './io.ts';
import { programName } from './runnable.ts';

/** The real terminal and process. `close` takes the signal handler away again. */
export function systemIo(): Io & { close(): void } {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    // The second Ctrl-C ends at once: the journal has what was begun, the next run asks Azure.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort(new DOMException('interrupted', 'AbortError'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
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
    prompts: async () => (await import('./inquirer-prompts.ts')).inquirerPrompts({ input: process.stdin, output: process.stderr }),
    // A terminal that reports no columns would make ora write for ever.
    spinner: async () =>
      process.stderr.isTTY && process.stderr.columns > 0 ? (await import('./ora-spinner.ts')).oraSpinner(process.stderr) : undefined,
    close() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    },
  };
}

/** A reader that goes away (`keyturn … | head`) ends the output, never the work that is under way. */
function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}
