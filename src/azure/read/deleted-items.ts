import type { Guid } from '../../base/guid.ts';
import { type JsonObject, stringAt } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { read } from '../../base/reading.ts';
import type { Directory } from '../../inventory/directory-ports.ts';
import { AzureError, unreadableAnswer } from '../client/azure-error.ts';
import type { GraphBatches } from '../client/graph-batch.ts';
import { unreadableBecause } from './reading.ts';

/** Asks for each id whether it lies among the deleted items: what is not answered is unreadable, never absent. */
export function deletedItemsReader(batches: GraphBatches): Pick<Directory, 'deletedItems'> {
  return {
    async deletedItems(ids) {
      const parts = ids.map((id) => [id, { what: whatOf(id), url: `/directory/deletedItems/${id}` }] as const);
      const answers = await batches.objects('look up deleted items of the directory', new Map(parts));
      return new Map([...answers].map(([id, answer]) => [id, itemOf(id, answer)]));
    },
  };
}

function whatOf(id: Guid): string {
  return `look up \`${id}\` among the deleted items of the directory`;
}

function itemOf(id: Guid, answer: JsonObject | KnownError) {
  if (!(answer instanceof KnownError)) {
    if (stringAt(answer, 'id')?.toLowerCase() === id) return read(answer);
    return unreadableBecause(unreadableAnswer(whatOf(id), 'the answer is about another object'));
  }
  const isAbsent = answer instanceof AzureError && answer.status === 404 && /ResourceNotFound$/i.test(answer.serviceCode ?? '');
  return isAbsent ? ({ state: 'absent' } as const) : unreadableBecause(answer);
}
