import { HeldError } from '../../base/held-error.ts';
import { KnownError } from '../../base/known-error.ts';
import { Refusal, Stopped, type VaultResult } from '../vault-result.ts';
import { openEndOf, type Standing } from './standing.ts';

interface Ended {
  readonly phase: VaultResult['phase'];
  readonly signal: AbortSignal | undefined;
  readonly standing: Standing;
}

/** What an error means for the one vault it happened to, and what is so about that vault now; the other vaults go on. */
export function endedEarly(
  vault: { readonly vaultId: string; readonly name: string },
  error: unknown,
  { phase, signal, standing }: Ended,
): VaultResult {
  const { permissionModel, changed } = standing;
  const where = { ...vault, ...(phase !== undefined && { phase }) };
  const now = permissionModel === undefined ? {} : { permissionModel };
  const open = openEndOf(error);
  const asked = signal?.aborted === true && (open !== undefined || isAbort(error));
  if (asked || error instanceof Stopped) {
    if (permissionModel === undefined)
      return { ...where, outcome: 'skipped', because: 'the run was asked to stop before it began', lines: [] };
    const why = open === undefined ? [] : [(error as KnownError).message];
    return { ...where, ...now, outcome: 'interrupted', because: [whatIsSo(phase, standing), ...why].join('; '), lines: [] };
  }
  if (error instanceof KnownError) {
    const { code, remedy, message } = error;
    const outcome = error.outcome === 'usage' ? 'failed' : error.outcome;
    const { lines, failures } = error instanceof Refusal ? error : { lines: [], failures: [] };
    const because = changed === true ? `${message}; ${modelWords(standing)}` : message;
    const holder = error instanceof HeldError && error.holder !== undefined ? { holder: error.holder } : {};
    return { ...where, ...now, outcome, because, code, remedy, lines, ...(failures.length > 0 && { failures }), ...holder };
  }
  return { ...where, ...now, outcome: 'failed', because: 'something happened that keyturn did not expect', lines: [], bug: error };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function whatIsSo(phase: VaultResult['phase'], standing: Standing): string {
  const { permissionModel, reached } = standing;
  const rest = reached === undefined ? '' : `; ${reached}`;
  if (permissionModel === 'unknown') return modelWords(standing);
  if (permissionModel === 'accessPolicy') return `${modelWords(standing)}${rest}`;
  if (phase === 'rollback') return `${modelWords(standing)}: the run was stopped before the flag was set back`;
  if (phase === 'watch') return `${modelWords(standing)}, and was checked after its flip`;
  return `${modelWords(standing)}: it was flipped, and has not been checked since`;
}

function modelWords({ permissionModel }: Standing): string {
  if (permissionModel === 'azureRbac') return 'the vault is on Azure RBAC';
  if (permissionModel === 'accessPolicy') return 'the vault is on its access policies';
  return 'which permission model the vault has now is not known';
}
