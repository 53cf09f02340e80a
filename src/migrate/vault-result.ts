import type { ErrorCode } from '../base/error-codes.ts';
import type { Holder } from '../base/held-error.ts';
import { KnownError, type Outcome } from '../base/known-error.ts';
import type { Phase } from '../formats/phases.ts';
import type { PermissionModel } from '../model/vault.ts';
import type { VaultOutcome } from './ports.ts';

/** How a vault ended. `lines` is what a person wants to see with it: a diff, or the pairs that are not covered. */
export interface VaultResult {
  readonly vaultId: string;
  readonly name: string;
  readonly outcome: VaultOutcome;
  /** One sentence. */
  readonly because: string;
  /** The phase it was in, when it got that far. */
  readonly phase?: Phase | 'rollback';
  /** What is known of the vault, once it was read. */
  readonly permissionModel?: PermissionModel | 'unknown';
  readonly code?: ErrorCode;
  readonly remedy?: string;
  readonly lines: readonly string[];
  /** Writes that did not succeed where others did, with all that Azure said: for `--json`. */
  readonly failures?: readonly FailedStep[];
  /** Who works on it, where another run does. */
  readonly holder?: Holder;
  /** Set when something happened that keyturn did not expect: the caller reports a bug. */
  readonly bug?: unknown;
}

/** A vault that a run did not begin. @param because why, as a sentence. */
export function notBegun({ vaultId, name }: Pick<VaultResult, 'vaultId' | 'name'>, because: string): VaultResult {
  return { vaultId, name, outcome: 'skipped', because, lines: [] };
}

/** A write that did not succeed. `what` is for people; `id` is the whole resource id. */
export interface FailedStep {
  readonly what: string;
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A refusal that has more to show than one line. */
export class Refusal extends KnownError {
  readonly lines: readonly string[];
  readonly failures: readonly FailedStep[];
  constructor(
    outcome: Exclude<Outcome, 'done'>,
    code: ErrorCode,
    message: string,
    remedy: string,
    lines: readonly string[] = [],
    failures: readonly FailedStep[] = [],
  ) {
    super(outcome, code, message, remedy);
    this.lines = lines;
    this.failures = failures;
  }
}

/** Thrown between two steps when the run was asked to stop. */
export class Stopped extends Error {}

export function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Stopped();
}
