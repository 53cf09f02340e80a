import { type AzureError, saysNotFound } from '../client/azure-error.ts';
import type { Patience } from '../client/patience.ts';
import type { Transport } from '../client/transport.ts';
import { seenInAzure, sendUntilAnswered } from './send-until-answered.ts';

interface Removal<Kept> {
  /** `remove the role assignment …` */
  readonly what: string;
  readonly remove: () => Promise<unknown>;
  readonly isThere: () => Promise<boolean>;
  /** What a refusal means: that it is kept, undefined for another try after a wait; it throws what it does not know. */
  readonly onRefusal: (error: AzureError) => Kept | undefined;
}

/** Removes what stands under one name, and waits until Azure shows it no longer. */
export async function removeByName<Kept extends string = never>(
  transport: Transport,
  patience: Patience,
  { what, remove, isThere, onRefusal }: Removal<Kept>,
): Promise<'deleted' | 'notThere' | Kept> {
  const outcome = await sendUntilAnswered<'deleted' | 'notThere' | { readonly kept: Kept }>(
    {
      what,
      send: async () => {
        const answers = await transport.ask(what, 'done', remove);
        return answers.at(-1)?.status === 204 ? 'notThere' : 'deleted';
      },
      lookFor: async () => ((await isThere()) ? undefined : 'deleted'),
      onRefusal: (error) => {
        if (saysNotFound(error)) return Promise.resolve('notThere');
        const kept = onRefusal(error);
        return Promise.resolve(kept === undefined ? undefined : { kept });
      },
    },
    patience,
  );
  if (typeof outcome === 'object') return outcome.kept;
  await seenInAzure(what, patience, async () => ((await isThere()) ? undefined : true));
  return outcome;
}
