import { isObject, type JsonObject } from '../../base/json.ts';
import { read } from '../../base/reading.ts';
import type { ResourceReader } from '../../inventory/ports.ts';
import { parsePermissionBlock } from '../../model/role.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { saysNotFound, unreadableAnswer } from '../client/azure-error.ts';
import { drain } from '../client/paging.ts';
import { parseRows } from '../client/parse-rows.ts';
import type { Transport } from '../client/transport.ts';
import { toReading, unreadableBecause } from './reading.ts';

const noData = { dataActions: [], notDataActions: [] };

/** Vaults as they are, and what the operator may do at one. */
export function vaultReader(transport: Transport): Pick<ResourceReader, 'vaults' | 'vault' | 'operatorPermissions'> {
  return {
    vaults: (subscriptionId) =>
      toReading(() => {
        const what = `list the vaults of subscription \`${subscriptionId}\``;
        return transport.askList(what, () => drain(transport.vaults(subscriptionId).listBySubscription()));
      }),
    async vault(id) {
      try {
        return read(await readVault(transport, id));
      } catch (error) {
        return saysNotFound(error) ? { state: 'notFound' } : unreadableBecause(error);
      }
    },
    operatorPermissions: (id) =>
      toReading(async () => {
        const what = `list your own permissions at \`${id.id}\``;
        const { permissions } = transport.authorization(id.subscriptionId);
        const list = () => drain(permissions.listForResource(id.resourceGroup, 'Microsoft.KeyVault', '', 'vaults', id.name));
        const rows = await transport.askList(what, list);
        // Azure writes the lists of data actions here, or leaves both out.
        return parseRows(what, rows, (row) => (isObject(row) ? parsePermissionBlock({ ...noData, ...row }) : undefined));
      }),
  };
}

/**
 * The vault as Azure answers it now, with everything that the SDK's model would drop.
 * @throws KnownError when it cannot be read, or the answer is about anything but this vault.
 */
export async function readVault(transport: Transport, id: VaultId): Promise<JsonObject> {
  const what = `read the vault \`${id.id}\``;
  const raw = await transport.askObject(what, () => transport.vaults(id.subscriptionId).get(id.resourceGroup, id.name));
  if (parseVault(raw)?.scope !== id.scope) throw unreadableAnswer(what, 'the answer is about something else');
  return raw;
}
