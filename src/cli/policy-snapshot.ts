import { isObject, type JsonObject, type JsonValue, objectAt, stringAt } from '../base/json.ts';
import { KnownError } from '../base/known-error.ts';
import { parseUntrusted } from '../base/untrusted-json.ts';
import { parseBundle } from '../formats/bundle.ts';
import type { Scope } from '../model/scope.ts';
import { parseVault, type Vault } from '../model/vault.ts';
import { parseVaultId, type VaultId } from '../model/vault-id.ts';
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
 * Reads what a vault is to be held against: rollback bundles, which have to be untouched, or vault resources as Azure answers them.
 * Whatever in the file cannot be understood is refused: a row left out would be a vault that nobody looks at.
 * @throws KnownError SNAPSHOT_UNREADABLE, BUNDLE_UNREADABLE (usage), BUNDLE_EDITED (blocked).
 */
export async function readPolicySnapshot(file: string, io: Pick<Io, 'cwd'>): Promise<PolicySnapshot> {
  const text = await readTextFile(file, io.cwd, 'the saved policies', code);
  const value = parseUntrusted(text, { what: 'the saved policies', code, remedy, limit: 64 * 1024 * 1024 });
  const rows: readonly JsonValue[] = Array.isArray(value.value) ? value.value : [value];
  const refuse = (why: string): KnownError => new KnownError('usage', code, `\`${file}\` ${why}`, remedy);
  if (rows.length === 0) throw refuse('holds no vault');
  const saved = new Map<Scope, readonly JsonObject[]>();
  const vaultIds: string[] = [];
  for (const row of rows) {
    const found = isObject(row) ? savedVault(row) : undefined;
    if (found === undefined) throw refuse('names no vault with its access policies');
    if (saved.has(found.id.scope)) throw refuse(`names vault \`${found.id.name}\` twice`);
    saved.set(found.id.scope, found.policies);
    vaultIds.push(found.id.id);
  }
  return { vaultIds, asOf: (vault) => withPolicies(vault, saved.get(vault.scope)) };
}

/** @returns undefined when there is no whole list: a missing one must not pass for an empty one, against which everything is fine. */
function savedVault(row: JsonObject): { readonly id: VaultId; readonly policies: readonly JsonObject[] } | undefined {
  const bundle = row.vaultId === undefined && row.format === undefined ? undefined : parseBundle(row);
  const id = parseVaultId(bundle?.vaultId ?? stringAt(row, 'id') ?? '');
  const policies = bundle?.accessPolicies ?? row.accessPolicies ?? objectAt(row, 'properties').accessPolicies;
  return id !== undefined && Array.isArray(policies) && policies.every(isObject) ? { id, policies } : undefined;
}

function withPolicies(vault: Vault, accessPolicies: readonly JsonObject[] | undefined): Vault {
  if (accessPolicies === undefined) {
    const message = `the saved policies do not know vault \`${vault.name}\``;
    throw new KnownError('usage', 'SNAPSHOT_ELSEWHERE', message, 'verify only the vaults that the file holds, or give another file');
  }
  const { properties } = vault.raw;
  return parseVault({ ...vault.raw, properties: { ...(isObject(properties) && properties), accessPolicies } }) ?? vault;
}
