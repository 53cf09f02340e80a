import { canonicalJson } from '../../base/canonical-json.ts';
import { isObject, type JsonObject, type JsonValue, objectAt } from '../../base/json.ts';
import type { AzureWriter } from '../../migrate/ports.ts';
import { parseAccessPolicy, policyKey } from '../../model/access-policy.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import { armUrl } from '../client/arm-url.ts';
import { notKept } from '../client/azure-error.ts';
import { type Patience, tries } from '../client/patience.ts';
import type { Transport } from '../client/transport.ts';
import { readVault } from '../read/vault-reader.ts';
import { seenInAzure, sendUntilAnswered } from './send-until-answered.ts';

type ModelWriter = Pick<AzureWriter, 'setPermissionModel' | 'restoreAccessPolicies'>;

const vaultApiVersion = '2026-02-01';

/** Writes to vaults: one PATCH each, never a PUT, which would replace everything that it does not name. */
export function permissionModelWriter(transport: Transport, patience: Patience): ModelWriter {
  return {
    async setPermissionModel(vault, model, mayChange) {
      const what = `set the permission model of \`${vault.id}\` to ${model}`;
      const isSet = (raw: JsonObject) => parseVault(raw)?.permissionModel === model;
      const before = await readVault(transport, vault);
      if (isSet(before)) return { outcome: 'unchanged', vault: before };
      mayChange?.(before);
      const body = { properties: { enableRbacAuthorization: model === 'azureRbac' } };
      const send = () => transport.vaults(vault.subscriptionId).update(vault.resourceGroup, vault.name, body);
      return { outcome: 'changed', vault: await patchUntil(transport, patience, { vault, what, isSet, send, mayChange }) };
    },
    async restoreAccessPolicies(vault, accessPolicies) {
      const what = `restore the access policies of \`${vault.id}\``;
      const wanted = policyLines(accessPolicies);
      const isSet = (raw: JsonObject) => parseVault(raw)?.permissionModel === 'accessPolicy' && policyLines(listOf(raw)) === wanted;
      // Our own request, since the SDK's model would drop what it does not know of an entry.
      const body = JSON.stringify({ properties: { enableRbacAuthorization: false, accessPolicies } });
      const url = armUrl(transport.profile, vault.id, vaultApiVersion);
      const send = () => transport.send('resourceManager', { method: 'PATCH', url, body });
      return patchUntil(transport, patience, { vault, what, isSet, send });
    },
  };
}

interface Patch {
  readonly vault: VaultId;
  readonly what: string;
  readonly isSet: (raw: JsonObject) => boolean;
  readonly send: () => Promise<unknown>;
  /** Asked again before the PATCH is repeated after a refusal. */
  readonly mayChange?: ((raw: JsonObject) => void) | undefined;
}

/** Sends the PATCH, again after a conflict or when no answer tells what became of it, and answers with the vault read back. */
async function patchUntil(transport: Transport, patience: Patience, { vault, what, isSet, send, mayChange }: Patch): Promise<JsonObject> {
  let conflicts: number = tries.conflict;
  const asRead = async (other: (raw: JsonObject) => void = () => undefined) => {
    const raw = await readVault(transport, vault);
    if (isSet(raw)) return raw;
    other(raw);
    return undefined;
  };
  const sent = await sendUntilAnswered<JsonObject | 'sent'>(
    {
      what,
      send: async () => {
        await transport.ask(what, 'object', send);
        return 'sent';
      },
      lookFor: () => asRead(),
      onRefusal: async (error) => {
        if (error.serviceCode !== 'ConflictError') throw error;
        const already = await asRead(mayChange);
        if (already === undefined && --conflicts <= 0) throw error;
        return already;
      },
    },
    patience,
  );
  return isObject(sent)
    ? sent
    : await seenInAzure(
        what,
        patience,
        () => asRead(),
        () => notKept(what),
      );
}

function listOf(raw: JsonObject): readonly JsonValue[] {
  const list = objectAt(raw, 'properties').accessPolicies;
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}

/** Entries in their order, with the permissions as they are spelled; ids compare without case. */
function policyLines(list: readonly JsonValue[]): string {
  const entries = list.map((entry) => {
    if (!isObject(entry)) return entry;
    const policy = parseAccessPolicy(entry);
    return { key: policyKey(policy), permissions: policy.permissions };
  });
  return canonicalJson(entries);
}
