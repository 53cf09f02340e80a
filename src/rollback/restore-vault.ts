import { samePolicies, storedPolicies } from '../migrate/bundle.ts';
import { stepState } from '../migrate/journal.ts';
import { runStep } from '../migrate/run-step.ts';
import { readVaultNow, type VaultNow } from '../migrate/vault-now.ts';
import { Refusal } from '../migrate/vault-result.ts';
import type { JsonObject } from '../model/json.ts';
import { parseVault } from '../model/vault.ts';
import type { RollbackRun } from './roll-back.ts';

/** The journal's name for writing the saved policies, which is no step of the plan. */
export function restoreStep(flip: string): string {
  return `${flip}/policies`;
}

/**
 * The flag, then the policies if they are not the saved ones; the end is believed only when read back.
 * @throws Refusal ROLLBACK_NOT_SEEN (failed) when the vault reads back differently.
 */
export async function restoreVault(run: RollbackRun, { vault }: VaultNow): Promise<string> {
  const { ports, id, vaultId, bundle, flip } = run;
  let raw: JsonObject = vault.raw;
  const open = stepState(ports.journal.entries, flip).state === 'undoBegan';
  const flipped = vault.permissionModel === 'azureRbac';
  if (flipped || open) {
    const perform = () => ports.writer.setPermissionModel(id, 'accessPolicy');
    raw = (await runStep(ports, { vaultId, step: flip, direction: 'undo', perform })).vault;
    assertOnPolicies(raw, id.name);
  }
  const said = flipped ? 'the vault is back on its access policies' : 'the vault is on its access policies';
  if (bundle === undefined || samePolicies(storedPolicies(raw), bundle.accessPolicies)) return said;
  await runStep(ports, {
    vaultId,
    step: restoreStep(flip),
    direction: 'undo',
    perform: async () => {
      await ports.writer.restoreAccessPolicies(id, bundle.accessPolicies);
      return { outcome: 'restored' };
    },
  });
  const after = await readVaultNow(ports.facts, id, run);
  assertOnPolicies(after.vault.raw, id.name);
  if (!samePolicies(storedPolicies(after.vault.raw), bundle.accessPolicies)) throw notSeen(id.name, 'its policies are not the saved ones');
  return `${said}, and the saved policies are restored`;
}

function assertOnPolicies(raw: JsonObject, name: string): void {
  if (parseVault(raw)?.permissionModel !== 'accessPolicy') throw notSeen(name, 'it still is on Azure RBAC');
}

function notSeen(name: string, what: string): Refusal {
  const message = `vault \`${name}\` does not read back as it was: ${what}`;
  return new Refusal('failed', 'ROLLBACK_NOT_SEEN', message, 'run it again; if it stays so, look at the activity log of the vault');
}
