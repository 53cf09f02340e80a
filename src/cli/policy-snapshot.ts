import { storedPolicies } from '../migrate/bundle.ts';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../model/json.ts';
import { KnownError } from '../model/known-error.ts';
import type { Scope } from '../model/scope.ts';
import { parseVault, type Vault } from '../model/vault.ts';
import { parseVaultId } from '../model/vault-id.ts';
import { parseUntrusted } from '../plan/untrusted-json.ts';
import type { Io } from './io.ts';
import { readTextFile } from './read-text-file.ts';

/** Access policies as they once were, by vault. */
export interface PolicySnapshot {
  readonly vaultIds: readonly string[];
  /** The vault with the policies of the snapshot in place of its own. @throws KnownError when the snapshot does not know it. */
  readonly asOf: (vault: Vault) => Vault;
}

const code = 'SNAPSHOT_UNREADABLE';
const remedy = 'give a rollback bundle, or a vault as `az keyvault show` prints it (a list of them as {"value": [...]})';

/**
 * Reads what a vault is to be held against: a rollback bundle, or vault resources as Azure answers them.
 * @throws KnownError SNAPSHOT_UNREADABLE (usage).
 */
export async function readPolicySnapshot(file: string, io: Pick<Io, 'cwd'>): Promise<PolicySnapshot> {
  const text = await readTextFile(file, io.cwd, 'the saved policies', code);
  const value = parseUntrusted(text, { what: 'the saved policies', code, remedy, limit: 64 * 1024 * 1024 });
  const rows = Array.isArray(value.value) ? objectsAt(value, 'value') : [value];
  const saved = new Map<Scope, readonly JsonObject[]>();
  const vaultIds: string[] = [];
  for (const row of rows) {
    const id = parseVaultId(stringAt(row, 'vaultId') ?? stringAt(row, 'id') ?? '');
    const policies = policiesOf(row);
    if (id === undefined || policies === undefined) {
      throw new KnownError('usage', code, `\`${file}\` names no vault with its access policies`, remedy);
    }
    saved.set(id.scope, policies);
    vaultIds.push(id.id);
  }
  return { vaultIds, asOf: (vault) => withPolicies(vault, saved.get(vault.scope)) };
}

/** @returns undefined when there is no list: a missing one must not pass for an empty one, against which everything is fine. */
function policiesOf(row: JsonObject): readonly JsonObject[] | undefined {
  if (Array.isArray(row.accessPolicies)) return objectsAt(row, 'accessPolicies');
  return Array.isArray(objectAt(row, 'properties').accessPolicies) ? storedPolicies(row) : undefined;
}

function withPolicies(vault: Vault, accessPolicies: readonly JsonObject[] | undefined): Vault {
  if (accessPolicies === undefined) {
    const message = `the saved policies do not know vault \`${vault.name}\``;
    throw new KnownError('usage', 'SNAPSHOT_ELSEWHERE', message, 'verify only the vaults that the file holds, or give another file');
  }
  const { properties } = vault.raw;
  return parseVault({ ...vault.raw, properties: { ...(isObject(properties) && properties), accessPolicies } }) ?? vault;
}
