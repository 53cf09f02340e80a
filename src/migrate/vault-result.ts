import { KnownError, type Outcome } from '../model/known-error.ts';
import type { Phase, VaultOutcome } from './ports.ts';

/** How a vault ended. `lines` is what a person wants to see with it: a diff, or the pairs that are not covered. */
export interface VaultResult {
  readonly vaultId: string;
  readonly name: string;
  readonly outcome: VaultOutcome;
  /** One sentence. */
  readonly because: string;
  /** The phase it was in, when it got that far. */
  readonly phase?: Phase | 'rollback';
  readonly code?: string;
  readonly remedy?: string;
  readonly lines: readonly string[];
  /** Writes that did not succeed where others did, with all that Azure said: for `--json`. */
  readonly failures?: readonly FailedStep[];
  /** Set when something happened that keyturn did not expect: the caller reports a bug. */
  readonly bug?: unknown;
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
    code: string,
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
class Stopped extends Error {}

export function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Stopped();
}

/** What an error means for the one vault it happened to; the other vaults go on. */
export function resultOfError(
  vault: { readonly vaultId: string; readonly name: string },
  error: unknown,
  phase: VaultResult['phase'],
): VaultResult {
  const where = { ...vault, ...(phase !== undefined && { phase }) };
  if (error instanceof KnownError) {
    const { code, remedy, message } = error;
    const outcome = error.outcome === 'usage' ? 'failed' : error.outcome;
    const { lines, failures } = error instanceof Refusal ? error : { lines: [], failures: [] };
    return { ...where, outcome, because: message, code, remedy, lines, ...(failures.length > 0 && { failures }) };
  }
  if (error instanceof Stopped) return { ...where, outcome: 'skipped', because: 'stopped on request; run it again to go on', lines: [] };
  return { ...where, outcome: 'failed', because: 'something happened that keyturn did not expect', lines: [], bug: error };
}
