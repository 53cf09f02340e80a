import { parseScope, type Scope } from './scope.ts';

/** The parts of a vault's resource id; `id` keeps the spelling it came with, `scope` is for comparing. */
export interface VaultId {
  readonly id: string;
  readonly scope: Scope;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const pattern = /^\/+subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.keyvault\/+vaults\/([^/]+)\/*$/i;

export function parseVaultId(raw: string): VaultId | undefined {
  const id = raw.trim();
  const match = pattern.exec(id);
  // Half a character can stand in no address.
  const scope = id.isWellFormed() ? parseScope(id) : undefined;
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined || scope === undefined) return undefined;
  return { id, scope, subscriptionId: match[1].toLowerCase(), resourceGroup: match[2], name: match[3] };
}

/** The subscription of a plan's vault, or of anything else that names one; empty where the id is none. */
export function subscriptionIdOf({ vaultId }: { readonly vaultId: string }): string {
  return parseVaultId(vaultId)?.subscriptionId ?? '';
}
