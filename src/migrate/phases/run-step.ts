import { KnownError } from '../../base/known-error.ts';
import type { JournalEvent } from '../../formats/journal.ts';
import type { Clock, MigrationEvent } from '../ports.ts';
import type { Journal, VaultLease } from '../state-ports.ts';
import { openEndOf } from './standing.ts';

export interface StepRunner {
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  readonly onEvent: (event: MigrationEvent) => void;
  /** The hold on the vault: a run that lost it writes nothing more. */
  readonly lease?: Pick<VaultLease, 'assertOurs'>;
}

export interface StepCall<T extends { readonly outcome: string }> {
  readonly vaultId: string;
  /** The plan step's id. */
  readonly step: string;
  readonly direction: 'do' | 'undo';
  readonly perform: () => Promise<T>;
}

/**
 * One write: a line on disk before it, a line on disk after it. A crash in between leaves `began` without an end, and the
 * next run asks Azure; every write can be repeated.
 */
export async function runStep<T extends { readonly outcome: string }>(runner: StepRunner, call: StepCall<T>): Promise<T> {
  const [begin, end] = call.direction === 'do' ? (['began', 'done'] as const) : (['undoBegan', 'undone'] as const);
  await runner.lease?.assertOurs();
  await record(runner, call, begin);
  let result: T;
  try {
    result = await call.perform();
  } catch (error) {
    // What happened to the step matters more than a journal that cannot be written.
    await recordFailure(runner, call, begin, error).catch(() => undefined);
    throw error;
  }
  await record(runner, call, end, { outcome: result.outcome });
  return result;
}

/**
 * A step whose answer did not come is left begun, with what Azure said when it was asked: the next run asks again. A failed undo
 * stays `undoBegan`: nobody knows what it left behind.
 */
async function recordFailure(
  runner: StepRunner,
  call: Pick<StepCall<{ outcome: string }>, 'vaultId' | 'step' | 'direction'>,
  begin: 'began' | 'undoBegan',
  error: unknown,
): Promise<void> {
  const open = openEndOf(error);
  if (open !== undefined) await record(runner, call, begin, { outcome: open, detail: describe(error) });
  else if (call.direction === 'undo') return;
  else if (error instanceof Error && error.name === 'AbortError')
    await record(runner, call, 'failed', { outcome: 'notSent', detail: 'the run was asked to stop before it was sent' });
  else await record(runner, call, 'failed', { detail: describe(error) });
}

/** A line about a vault that belongs to no single write. */
export async function note(runner: StepRunner, vaultId: string, event: JournalEvent, detail: string): Promise<void> {
  await runner.journal.append({ v: 1, at: runner.clock.now().toISOString(), event, vaultId, detail });
}

async function record(
  { journal, clock, onEvent }: StepRunner,
  { vaultId, step }: Pick<StepCall<{ outcome: string }>, 'vaultId' | 'step'>,
  event: JournalEvent,
  more: { readonly outcome?: string; readonly detail?: string } = {},
): Promise<void> {
  await journal.append({ v: 1, at: clock.now().toISOString(), event, vaultId, step, ...more });
  onEvent({ kind: 'step', vaultId, step, event, ...(more.outcome !== undefined && { outcome: more.outcome }) });
}

/** Known errors are written for people; of any other only the kind is kept, since its text may hold anything. */
function describe(error: unknown): string {
  if (!(error instanceof KnownError)) return 'UNEXPECTED';
  return `${error.code}: ${error.message}`.replaceAll(/\p{Cc}/gu, ' ').slice(0, 500);
}
