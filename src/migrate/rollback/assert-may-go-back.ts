import { vaultCreatedAt } from '../../formats/bundle.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assertYes, rightsFrom } from '../phases/preflight.ts';
import { Refusal } from '../vault-result.ts';
import type { RollbackRun } from './rollback-run.ts';

/**
 * Whether this is still the vault that was flipped, and whether the operator can change its model. Asked before the first
 * write of a rollback.
 * @throws Refusal VAULT_OTHER, OPERATOR_RIGHTS (blocked).
 */
export async function assertMayGoBack(run: RollbackRun, now: VaultNow): Promise<void> {
  const { was, id } = run;
  const { vault } = now;
  if (was.tenantId.toLowerCase() !== vault.tenantId.toLowerCase())
    throw otherVault(id.name, `it belongs to tenant \`${vault.tenantId}\` now`);
  const created = vaultCreatedAt(vault);
  if (was.createdAt !== undefined && created !== undefined && was.createdAt !== created) {
    throw otherVault(id.name, `it was made ${created}, and the one that was flipped was made ${was.createdAt}`);
  }
  if (vault.permissionModel !== 'azureRbac') return;
  const permissions = await run.answers.operatorPermissions(run.id, now);
  const { canFlip } = rightsFrom(permissions, run, now);
  // Going back ends an outage: where nobody can say, Azure itself is asked by trying.
  if (canFlip.state === 'no') assertYes(canFlip, 'change the permission model', now);
}

function otherVault(name: string, why: string): Refusal {
  const message = `vault \`${name}\` is not the vault it was: ${why}`;
  const remedy = 'the saved policies belong to the earlier vault; set its access up anew';
  return new Refusal('blocked', 'VAULT_OTHER', message, remedy);
}
