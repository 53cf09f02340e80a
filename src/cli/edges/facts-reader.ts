import { type EstatePorts, type EstateRequest, readEstate } from '../../inventory/read-estate.ts';
import { selectionOf } from '../../inventory/selection.ts';
import type { Clock, FactsReader } from '../../migrate/ports.ts';
import type { Estate } from '../../model/estate.ts';

/** Facts read again for each question: every answer is Azure's of a moment after the question was put. */
export function factsReader(
  request: Pick<EstateRequest, 'cloud' | 'tenantId' | 'operatorId'>,
  ports: EstatePorts,
  clock: Pick<Clock, 'now'>,
): FactsReader {
  // Read again and again while a vault settles, so without the calls that change no verdict.
  const sparing = { diagnosticSettings: 'never', assignedTo: 'never' } as const;
  const readNow = (vaultIds: readonly string[], more: Pick<EstateRequest, 'asOf'> = {}): Promise<Estate> =>
    readEstate({ ...request, ...sparing, ...more, selection: selectionOf(vaultIds), now: () => clock.now().toISOString() }, ports);
  return {
    read: (vaultIds, asOf) => readNow(vaultIds, asOf === undefined ? {} : { asOf }),
    objectNames: (vault) => ports.resources.objectNames(vault),
    async operatorPermissions(vault) {
      const answer = await ports.resources.operatorPermissions(vault);
      return answer.state === 'read' ? answer.value : undefined;
    },
  };
}
