import type { VaultNow } from '../../model/vault-now.ts';
import { Refusal } from '../vault-result.ts';

/** For now: the model holds. What the audit log says about denied calls joins here. */
export function watch({ vault }: Pick<VaultNow, 'vault'>): string {
  if (vault.permissionModel === 'azureRbac') return 'the vault is on Azure RBAC';
  const message = `vault \`${vault.name}\` is on access policies again`;
  throw new Refusal('failed', 'FLIP_UNDONE', message, 'somebody or something flipped it back; find out who before the next try');
}
