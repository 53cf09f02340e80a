import type { JsonObject } from '../../base/json.ts';
import { type Bundle, samePolicies, storedPolicies } from '../../formats/bundle.ts';
import { isElsewhere, isUndoUnderWay, stepState } from '../../formats/journal.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { note, runStep } from '../phases/run-step.ts';
import { setModel } from '../phases/standing.ts';
import { Refusal, stopIfAsked } from '../vault-result.ts';
import { bundleAgain } from './bundle-again.ts';
import { mayWritePolicies, policiesLeft } from './policies-vouched.ts';
import { type RollbackRun, readAnew } from './rollback-run.ts';

/** The journal's name for writing the saved policies, which is no step of the plan. */
function restoreStep(flip: string): string {
  return `${flip}/policies`;
}

/**
 * The flag, then the policies if they are not the saved ones; the end is believed only when read back. A vault that is on
 * its access policies, with no rollback of ours under way, is left alone: whoever changed a policy there meant it.
 * @throws Refusal ROLLBACK_NOT_SEEN (failed) when the vault reads back differently, NOT_FLIPPED_BY_US, BUNDLE_UNVOUCHED (blocked).
 */
export async function restoreVault(run: RollbackRun, now: VaultNow): Promise<string> {
  const { vault } = now;
  const { ports, id, vaultId, bundle, flip } = run;
  const flipped = vault.permissionModel === 'azureRbac';
  if (!flipped && !isUndoUnderWay(ports.journal.entries, { step: flip, vaultId })) {
    const same = bundle === undefined || samePolicies(storedPolicies(vault.raw), bundle.accessPolicies);
    return same ? 'the vault is on its access policies' : 'the vault is on access policies that changed since; they are left as they are';
  }
  const known = stepState(ports.journal.entries, flip);
  if (flipped && bundle === undefined && (known.state === 'notBegun' || isElsewhere(known)))
    return restoreVault({ ...run, bundle: await bundleAgain(run, now), vouched: true }, now);
  const mayWrite = await mayWritePolicies(run, now);
  stopIfAsked(run.options.signal);
  const perform = () => run.inTurn(() => setModel({ ...run, now }, 'accessPolicy'));
  const { vault: raw } = await runStep(ports, { vaultId, step: flip, direction: 'undo', perform });
  assertOnPolicies(raw, id.name);
  const moved = bundle !== undefined && !samePolicies(storedPolicies(raw), bundle.accessPolicies);
  if (moved && mayWrite) {
    run.standing.reached = 'its policies are not the saved ones yet';
    stopIfAsked(run.options.signal);
    await restorePolicies(run, bundle);
  }
  if (moved && !mayWrite) {
    await note(ports, vaultId, 'undone', 'the flag is back; the saved policies were not written');
    throw policiesLeft(run, storedPolicies(raw));
  }
  await note(ports, vaultId, 'undone', 'the vault is as it was before its flip');
  return moved ? 'the vault is back on its access policies, restored from the saved copy' : 'the vault is back on its access policies';
}

/** The list is written only when it moved: Azure refuses one that names a principal deleted since. */
async function restorePolicies(run: RollbackRun, { accessPolicies }: Bundle): Promise<void> {
  const { ports, id, vaultId, flip } = run;
  await runStep(ports, {
    vaultId,
    step: restoreStep(flip),
    direction: 'undo',
    perform: async () => {
      await run.inTurn(() => ports.writer.restoreAccessPolicies(id, accessPolicies));
      return { outcome: 'restored' };
    },
  });
  const after = await readAnew(run);
  assertOnPolicies(after.vault.raw, id.name);
  if (!samePolicies(storedPolicies(after.vault.raw), accessPolicies)) throw notSeen(id.name, 'its policies are not the saved ones');
}

function assertOnPolicies(raw: JsonObject, name: string): void {
  if (parseVault(raw)?.permissionModel !== 'accessPolicy') throw notSeen(name, 'it still is on Azure RBAC');
}

function notSeen(name: string, what: string): Refusal {
  const message = `vault \`${name}\` does not read back as it was: ${what}`;
  return new Refusal('failed', 'ROLLBACK_NOT_SEEN', message, 'run it again; if it stays so, look at the activity log of the vault');
}
