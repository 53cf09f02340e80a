import { KnownError } from '../model/known-error.ts';
import type { Clock, Journal, JournalEvent, MigrationEvent } from './ports.ts';

export interface StepRunner {
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  readonly onEvent: (event: MigrationEvent) => void;
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
  await record(runner, call, begin);
  let result: T;
  try {
    result = await call.perform();
  } catch (error) {
    // A failed undo stays `undoBegan`: nobody knows what it left behind.
    if (call.direction === 'do') await record(runner, call, 'failed', { detail: describe(error) });
    throw error;
  }
  await record(runner, call, end, { outcome: result.outcome });
  return result;
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
