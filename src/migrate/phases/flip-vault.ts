import type { JsonObject } from '../../base/json.ts';
import { type Bundle, makeBundle, parseBundle, samePolicies, storedPolicies, vaultCreatedAt } from '../../formats/bundle.ts';
import { flipStep } from '../../formats/planned-steps.ts';
import { parseVault } from '../../model/vault.ts';
import type { VaultNow } from '../../model/vault-now.ts';
import { assertUnmoved, readVaultNow } from '../vault-now.ts';
import { Refusal, stopIfAsked } from '../vault-result.ts';
import { assertVerified } from './assert-verified.ts';
import { lookAfterFlip } from './look-after-flip.ts';
import { assertMayFlip, assertSettledVault } from './preflight.ts';
import { note, runStep } from './run-step.ts';
import { setModel } from './standing.ts';
import type { VaultRun } from './vault-run.ts';

/**
 * The flip. In this order: the bundle is on disk and readable, the facts are read once more, nothing has moved, all is
 * covered, the operator can flip and flip back; then one PATCH of one flag, and a look at what came of it.
 * @throws Refusal when any of it does not hold: nothing is written then, or the flip is taken back.
 */
export async function flipVault(run: VaultRun): Promise<void> {
  const { plan, vaultPlan, id, ports } = run;
  const before = await readVaultNow(ports.facts, id, plan);
  const bundle = await keepBundle(run, before);
  stopIfAsked(run.signal);
  await assertMayFlip(run, before);
  const now = await readVaultNow(ports.facts, id, plan);
  assertSettledVault(now);
  assertUnmoved(vaultPlan.basis, now, vaultPlan.steps);
  assertStillTheBundle(bundle, now);
  await assertVerified(run, now);
  stopIfAsked(run.signal);
  const step = flipStep(vaultPlan);
  if (step === undefined) throw new Error('a ready vault plan has a flip step');
  const { vault } = await runStep(ports, {
    vaultId: vaultPlan.vaultId,
    step: step.id,
    direction: 'do',
    perform: () =>
      setModel({ ...run, now }, 'azureRbac', (raw) => {
        assertAsProved(raw, now, bundle);
      }),
  });
  if (parseVault(vault)?.permissionModel !== 'azureRbac') {
    const message = `Azure accepted the flip of vault \`${id.name}\`, and the vault still is on access policies`;
    throw new Refusal('failed', 'FLIP_NOT_SEEN', message, 'run it again; if it stays so, look at the activity log of the vault');
  }
  await lookAfterFlip(run, bundle, { policies: storedPolicies(vault) });
}

/** The vault just before the PATCH has to be the one that the proof is about. */
function assertAsProved(raw: JsonObject, proved: VaultNow, bundle: Bundle): void {
  const vault = parseVault(raw);
  if (vault === undefined || vaultCreatedAt(vault) !== vaultCreatedAt(proved.vault))
    throw changed(proved.vault.name, 'just before its flip');
  assertSettledVault({ vault });
  if (!samePolicies(storedPolicies(raw), bundle.accessPolicies)) throw changed(proved.vault.name, 'just before its flip');
}

/** Writes the bundle of the vault as it is, reads it back, and believes only what was read. */
async function keepBundle({ plan, vaultPlan, id, ports }: VaultRun, { vault }: VaultNow): Promise<Bundle> {
  const bundle = makeBundle(vault, plan, vaultPlan.steps, ports.clock.now());
  await ports.bundles.write(id, bundle);
  const kept = parseBundle(await ports.bundles.read(id));
  if (kept.digest !== bundle.digest) {
    const message = `the rollback bundle of vault \`${id.name}\` reads back differently from how it was written`;
    throw new Refusal('failed', 'BUNDLE_NOT_KEPT', message, 'check the disk that keeps the bundles; nothing was flipped');
  }
  await note(ports, vaultPlan.vaultId, 'bundleWritten', bundle.digest);
  return kept;
}

function assertStillTheBundle(bundle: Bundle, { vault }: VaultNow): void {
  if (!samePolicies(storedPolicies(vault.raw), bundle.accessPolicies)) throw changed(vault.name, 'while its rollback bundle was written');
}

function changed(name: string, when: string): Refusal {
  const message = `the access policies of vault \`${name}\` changed ${when}`;
  return new Refusal('blocked', 'PLAN_STALE', message, 'run `keyturn plan` again and review what changed');
}
