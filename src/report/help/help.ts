import type { exitCode } from '../../base/known-error.ts';
import type { Severity } from '../../model/finding.ts';

/** What a code means, in plain words: a sentence or two each. `docs/findings.md` and `docs/errors.md` are made of it. */
export interface Help {
  readonly cause: string;
  readonly consequence: string;
  readonly remedy: string;
}

export interface FindingHelp extends Help {
  /** How severe it can be, the usual one first. */
  readonly severities: readonly Severity[];
}

export interface ErrorHelp extends Help {
  /** How a command can end with it, the usual one first. */
  readonly outcomes: readonly Exclude<keyof typeof exitCode, 'done'>[];
}
