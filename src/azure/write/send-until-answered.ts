import { KnownError } from '../../base/known-error.ts';
import { AzureError, notKnown, notSeen, unconfirmed } from '../client/azure-error.ts';
import { type Patience, tries, tryFor } from '../client/patience.ts';

interface Write<T> {
  /** `assign … to … at …` */
  readonly what: string;
  readonly send: () => Promise<T>;
  /** What a try without an answer has done; undefined when it did nothing. */
  readonly lookFor: () => Promise<T | undefined>;
  /** What a refusal means: a value ends the matter, undefined asks for another try after a wait, and anything else is thrown. */
  readonly onRefusal: (error: AzureError) => Promise<T | undefined>;
}

/**
 * Sends a write until Azure has said what became of it. No answer says nothing: look, and only then try again. A run that is
 * asked to stop looks and sends nothing again.
 * @throws AzureError with an `openEnd` when no answer came and Azure shows nothing, or cannot be asked.
 */
export async function sendUntilAnswered<T>({ what, send, lookFor, onRefusal }: Write<T>, patience: Patience): Promise<T> {
  let unclear = tries.unclear;
  let last: AzureError | undefined;
  const outcome = await tryFor(tries.replication + tries.unclear, patience, async () => {
    try {
      return await send();
    } catch (error) {
      // What stops a further try says nothing about one before it that got no answer.
      if (!(error instanceof AzureError)) throw error instanceof KnownError && last?.unclear === true ? notSeen(last) : error;
      last = error;
      if (!error.unclear) return await onRefusal(error);
      const found = await lookAfter(what, 'no answer came', lookFor);
      if (found === undefined && --unclear <= 0) throw notSeen(error);
      return found;
    }
  });
  if (outcome !== undefined) return outcome;
  if (last === undefined) throw unconfirmed(what, 'Azure did not settle the question in time');
  throw last.unclear ? notSeen(last) : last;
}

/** Looks until Azure shows what it accepted. @throws AzureError with an `openEnd` when it does not, or cannot be asked. */
export async function seenInAzure<T>(
  what: string,
  patience: Patience,
  look: () => Promise<T | undefined>,
  otherwise = () => unconfirmed(what, 'Azure accepted it, and does not show it yet'),
): Promise<T> {
  const shown = await tryFor(tries.readBack, patience, () => lookAfter(what, 'Azure accepted it', look));
  if (shown === undefined) throw otherwise();
  return shown;
}

/** A look that fails leaves the question open: it is not what the write failed of. */
async function lookAfter<T>(what: string, because: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof KnownError) throw notKnown(what, because, error);
    throw error;
  }
}
