import type { ResourceReader } from '../../inventory/ports.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { parseObjectName } from '../../model/vault-objects.ts';
import { armUrl } from '../client/arm-url.ts';
import { sendPaged } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading } from './reading.ts';

const version = '2026-02-01';

/** Names of a vault's objects by Resource Manager: it takes control-plane rights alone, and no value is ever in its answer. */
export function objectReader(transport: Transport): Pick<ResourceReader, 'objectNames'> {
  const names = async ({ id }: VaultId, kind: 'secrets' | 'keys'): Promise<readonly string[]> => {
    const what = `list the names of the ${kind} of \`${id}\``;
    const url = armUrl(transport.profile, `${id}/${kind}`, version);
    const rows = await transport.askList(what, () => sendPaged(transport, 'resourceManager', { method: 'GET', url }));
    return parseRows(what, rows, parseObjectName);
  };
  return {
    objectNames: (id) =>
      toReading(async () => {
        const [secrets, keys] = await Promise.all([names(id, 'secrets'), names(id, 'keys')]);
        return { secrets, keys };
      }),
  };
}
