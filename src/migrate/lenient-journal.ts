import { KnownError } from '../base/known-error.ts';
import type { JournalEntry } from '../formats/journal.ts';
import type { Journal } from './state-ports.ts';

/**
 * A journal that never stops a rollback: one that cannot be read, written or held is done without, and `warn` is told once.
 * What this rollback does is remembered for its own length all the same.
 */
export function lenientJournal(journal: Journal, warn: (because: string) => void): Journal {
  const entries: JournalEntry[] = [...journal.entries];
  let usable = true;
  const unlessBroken = async (work: () => Promise<void>): Promise<void> => {
    if (!usable) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      usable = false;
      warn(`the rollback goes on without the journal: ${error.message}`);
    }
  };
  return {
    entries,
    async hold() {
      await unlessBroken(() => journal.hold());
      if (usable) entries.splice(0, entries.length, ...journal.entries);
    },
    async append(entry) {
      await unlessBroken(() => journal.append(entry));
      entries.push(entry);
    },
  };
}

/** Stands for a journal that could not even be opened. */
export function brokenJournal(error: KnownError): Journal {
  const refuse = () => Promise.reject(error);
  return { entries: [], hold: refuse, append: refuse };
}
