import { type EstatePorts, type EstateRequest, readEstate } from '../../inventory/read-estate.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { Clock, FactsReader } from '../../migrate/ports.ts';
import type { Estate } from '../../model/estate.ts';
import { shareReads } from './share-reads.ts';

/** Facts read again for each question: every answer is Azure's of a moment after the question was put. */
export function factsReader(
  request: Pick<EstateRequest, 'cloud' | 'tenantId' | 'operatorId'>,
  ports: EstatePorts,
  clock: Pick<Clock, 'now'>,
): FactsReader {
  const readNow = (vaultIds: readonly string[]): Promise<Estate> =>
    readEstate({ ...request, selection: selectionOf(vaultIds), now: clock.now().toISOString(), diagnosticSettings: 'never' }, ports);
  return {
    read: shareReads(readNow),
    async operatorPermissions(vault) {
      const answer = await ports.resources.operatorPermissions(vault);
      return answer.state === 'read' ? answer.value : undefined;
    },
  };
}
