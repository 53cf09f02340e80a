import { AzureError, unconfirmed } from './azure-error.ts';
import { type Patience, tries, tryFor } from './patience.ts';

interface Write<T> {
  /** `assign … to … at …` */
  readonly what: string;
  readonly send: () => Promise<T>;
  /** What a try without an answer has done; undefined when it did nothing. */
  readonly lookFor: () => Promise<T | undefined>;
  /** What a refusal means: a value ends the matter, undefined asks for another try after a wait, and anything else is thrown. */
  readonly onRefusal: (error: AzureError) => Promise<T | undefined>;
}

/** Sends a write until Azure has said what became of it. No answer says nothing: look, and only then try again. */
export async function sendUntilAnswered<T>({ what, send, lookFor, onRefusal }: Write<T>, patience: Patience): Promise<T> {
  let unclear = tries.unclear;
  const outcome = await tryFor(tries.replication + tries.unclear, patience, async () => {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      if (!error.unclear) return await onRefusal(error);
      const found = await lookFor();
      if (found !== undefined) return found;
      if (--unclear > 0) return undefined;
      throw error;
    }
  });
  if (outcome === undefined) throw unconfirmed(what, 'Azure did not settle the question in time');
  return outcome;
}
