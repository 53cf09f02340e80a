import type { Prompts } from './prompts.ts';

/**
 * Everything of the outside world that a command may touch besides files and Azure. Tests give their own, so every command
 * runs in the test's process.
 */
export interface Io {
  /** Results: what a pipe is to receive. */
  readonly out: (text: string) => void;
  /** Progress, questions and errors. */
  readonly err: (text: string) => void;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Cells in a line of the terminal; 0 when there is none or it does not say. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What a person types to start keyturn; `keyturn` where it is not said. */
  readonly program?: string;
  /** Makes commands in a sentence run as printed; set by `main`. */
  readonly hint?: (text: string) => string;
  readonly now: () => Date;
  /** Aborted by the first Ctrl-C, and by what else asks a process to end. */
  readonly interrupted: AbortSignal;
  /** Steps that were sent to Azure and have no answer yet, in words: whoever ends the process at once is told of them. */
  readonly underWay: Set<string>;
  /** Loads what asks questions; call only when `canAsk`. */
  readonly prompts: () => Promise<Prompts>;
  /** A spinner on stderr, or undefined where none can be drawn. */
  readonly spinner: () => Promise<Spinner | undefined>;
}

export interface Spinner {
  show(text: string): void;
  stop(): void;
}

/** A pipe that says yes is no person: questions need a terminal on every side (stdin, stdout and stderr). */
export function canAsk(io: Io): boolean {
  return io.isTty.stdin && io.isTty.stdout && io.isTty.stderr;
}
