import { KnownError } from '../../base/known-error.ts';
import type { PermissionModel } from '../../model/vault.ts';
import { note, runStep } from '../phases/run-step.ts';
import { setModel } from '../phases/standing.ts';
import { Refusal } from '../vault-result.ts';
import { type RollbackRun, readAnew } from './rollback-run.ts';

/**
 * Another runner, which has a state folder of its own and knows nothing of our hold, may flip the vault while its assignments are removed.
 * Asked before the first is deleted.
 * @throws Refusal FLIPPED_AGAIN (blocked): nothing is deleted then.
 */
export async function assertStillOnPolicies(run: RollbackRun): Promise<void> {
  if ((await modelNow(run)) !== 'azureRbac') return;
  const message = `vault \`${run.id.name}\` is on Azure RBAC: somebody flipped it during this rollback, so no role assignment was removed`;
  throw new Refusal('blocked', 'FLIPPED_AGAIN', message, 'find the other run and let it end, then run the rollback again');
}

/**
 * Asked after the last is deleted. Whoever needed one is refused now, and the policies are what was asked for: the vault goes back at once.
 * @throws Refusal FLIPPED_AGAIN (blocked) with the vault back on its access policies; ROLLBACK_UNPROVED (undetermined).
 */
export async function goBackIfFlipped(run: RollbackRun): Promise<void> {
  const { id, ports, vaultId, flip } = run;
  const model = await modelNow(run).catch((error: unknown) => {
    if (error instanceof KnownError) throw unproved(id.name, error);
    throw error;
  });
  if (model !== 'azureRbac') return;
  const perform = () => setModel(run, 'accessPolicy', undefined, { alsoStopped: true });
  await runStep(ports, { vaultId, step: flip, direction: 'undo', perform });
  await note(ports, vaultId, 'undone', 'somebody flipped the vault during its rollback; it was flipped back');
  const message = `somebody flipped vault \`${id.name}\` while its role assignments were removed, so it was flipped back`;
  throw new Refusal('blocked', 'FLIPPED_AGAIN', message, 'find the other run and end it, then run `keyturn status` on its plan');
}

function unproved(name: string, { code, message }: KnownError): Refusal {
  const because = `the role assignments of vault \`${name}\` are removed, and whether it still is on its access policies could not be read`;
  return new Refusal('undetermined', 'ROLLBACK_UNPROVED', because, 'run it again; it reads the vault and removes what is left', [
    `${code}: ${message}`,
  ]);
}

async function modelNow(run: RollbackRun): Promise<PermissionModel> {
  return (await readAnew(run)).vault.permissionModel;
}
