import type { ErrorCode } from './error-codes.ts';

/** The exit codes of every command. */
export const exitCode = { done: 0, failed: 1, usage: 2, blocked: 3, undetermined: 4, bug: 70 } as const;
/** As shells report a program that Ctrl-C ended. */
export const interruptedExit = 130;
export type Outcome = Exclude<keyof typeof exitCode, 'bug'>;

/** An error the person can act on: one line of what, one of what to do next. */
export class KnownError extends Error {
  override readonly name = 'KnownError';
  /** Stable and greppable, such as `PLAN_STALE`; explained in docs/errors.md. */
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly outcome: Exclude<Outcome, 'done'>;

  constructor(outcome: Exclude<Outcome, 'done'>, code: ErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
    this.code = code;
    this.remedy = remedy;
  }
}
