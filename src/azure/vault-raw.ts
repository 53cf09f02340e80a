import type { JsonObject } from '../model/json.ts';
import { parseVault } from '../model/vault.ts';
import type { VaultId } from '../model/vault-id.ts';
import { unreadableAnswer } from './azure-error.ts';
import type { Transport } from './transport.ts';

/**
 * The vault as Azure answers it now, with everything that the SDK's model would drop.
 * @throws KnownError when it cannot be read, or the answer is about anything but this vault.
 */
export async function vaultRaw(transport: Transport, id: VaultId): Promise<JsonObject> {
  const what = `read the vault \`${id.id}\``;
  const raw = await transport.askObject(what, () => transport.vaults(id.subscriptionId).get(id.resourceGroup, id.name));
  if (parseVault(raw)?.scope !== id.scope) throw unreadableAnswer(what, 'the answer is about something else');
  return raw;
}
