import { type EstatePorts, type EstateRequest, readEstate } from '../../inventory/read-estate.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { Clock, FactsReader } from '../../migrate/ports.ts';

/** Facts read again for each question: every answer is Azure's of that moment. */
export function factsReader(
  request: Pick<EstateRequest, 'cloud' | 'tenantId' | 'operatorId'>,
  ports: EstatePorts,
  clock: Pick<Clock, 'now'>,
): FactsReader {
  return {
    read: (vaultIds) =>
      readEstate({ ...request, selection: selectionOf(vaultIds), now: clock.now().toISOString(), diagnosticSettings: 'never' }, ports),
    async operatorPermissions(vault) {
      const answer = await ports.resources.operatorPermissions(vault);
      return answer.state === 'read' ? answer.value : undefined;
    },
  };
}
