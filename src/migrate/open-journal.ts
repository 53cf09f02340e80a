import { assertOwnJournal } from '../formats/journal.ts';
import type { Journal } from './state-ports.ts';

/** Opens the journal for a plan: its first line names the plan. Called before the first write; does nothing when it is open. */
export async function openJournal(journal: Journal, planDigest: string, at: Date): Promise<void> {
  await journal.hold();
  assertOwnJournal(journal.entries, planDigest);
  if (journal.entries.length === 0) await journal.append({ v: 1, at: at.toISOString(), event: 'opened', planDigest });
}
