import type { JsonObject } from '../../base/json.ts';
import { KnownError } from '../../base/known-error.ts';
import { type PermissionModel, parseVault } from '../../model/vault.ts';
import type { VaultId } from '../../model/vault-id.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import type { AzureWriter, ModelOptions, OpenEnd } from '../ports.ts';
import { notKept } from './not-kept.ts';

/** What this run knows of a vault, to be told when the run ends before its end. It changes as the run goes on. */
export interface Standing {
  /** As last read or written; undefined as long as the vault was not read. */
  permissionModel?: PermissionModel | 'unknown';
  /** Set when this run wrote the model, or may have. */
  changed?: boolean;
  /** What was reached, in words that go on a sentence. */
  reached?: string;
}

/** Sets the permission model and remembers what is so from then on, however the call ends. */
export async function setModel(
  run: { readonly ports: { readonly writer: AzureWriter }; readonly id: VaultId; readonly standing: Standing; readonly now?: VaultNow },
  model: PermissionModel,
  ...how: [mayChange?: (raw: JsonObject) => void, options?: ModelOptions]
): ReturnType<AzureWriter['setPermissionModel']> {
  try {
    const result = await run.ports.writer.setPermissionModel(run.id, model, ...how);
    run.standing.permissionModel = parseVault(result.vault)?.permissionModel ?? 'unknown';
    if (result.outcome === 'changed') run.standing.changed = true;
    return result;
  } catch (error) {
    if (openEndOf(error) === 'unknown') Object.assign(run.standing, { permissionModel: 'unknown', changed: true } satisfies Standing);
    throw notKept(error, model, run.now);
  }
}

/** What is known of a write whose answer did not come. */
export function openEndOf(error: unknown): OpenEnd | undefined {
  if (!(error instanceof KnownError) || !('openEnd' in error)) return undefined;
  return error.openEnd === 'notSeen' || error.openEnd === 'unknown' ? error.openEnd : undefined;
}
