import type { Estate } from '../../model/estate.ts';
import { parseScope } from '../../model/scope.ts';

interface WaitingRead {
  readonly vaultIds: readonly string[];
  readonly resolve: (estate: Promise<Estate>) => void;
}

/**
 * Lets vaults that ask at the same time share one reading of their subscriptions, so that many vaults cost little more than
 * one. Nothing is kept: an answer is always of a reading that began after its question was put. A vault that the shared
 * reading does not show, or that fails it, is read by itself, so that what is said of it is about it alone.
 */
export function shareReads(readNow: (vaultIds: readonly string[]) => Promise<Estate>): (vaultIds: readonly string[]) => Promise<Estate> {
  let waiting: WaitingRead[] = [];
  let reading = false;
  const next = async (): Promise<void> => {
    reading = true;
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      const vaultIds = [...new Set(asked.flatMap((one) => one.vaultIds))];
      const shared = readNow(vaultIds);
      const estate = await shared.catch(() => undefined);
      for (const { vaultIds: own, resolve } of asked) {
        const answered = asked.length === 1 || (estate !== undefined && shows(estate, own));
        resolve(answered ? shared : readNow(own));
      }
    }
    reading = false;
  };
  return (vaultIds) =>
    new Promise((resolve) => {
      waiting.push({ vaultIds, resolve });
      if (!reading) {
        reading = true;
        // What asks in this turn of the event loop goes along.
        queueMicrotask(() => void next());
      }
    });
}

function shows(estate: Estate, vaultIds: readonly string[]): boolean {
  const seen = new Set<string | undefined>(estate.vaults.map(({ vault }) => vault.scope));
  return vaultIds.every((id) => seen.has(parseScope(id)));
}
